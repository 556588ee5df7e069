import { Alert, Modal } from '@mantine/core';
import type { z } from 'zod';
import type { autoBotConfigSchema } from '../../../../src/api/auto-bot.ts';
import { CommandForm } from '../../command-form.tsx';
import { figure, money } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { usePage } from '../../page-context.ts';
import { AUTO_BOT_TEXT as TEXT } from './text.ts';
import { useConfig } from './use-config.ts';

interface SwitchDialogProps {
  /** What is asked for; null when nothing is. */
  readonly enable: boolean | null;
  readonly onClose: () => void;
}

/** The question before the switch moves: names the place and every number that would be traded with. */
export function SwitchDialog({ enable, onClose }: SwitchDialogProps) {
  const text = enable === false ? TEXT.disable : TEXT.enable;
  return (
    <Modal opened={enable !== null} onClose={onClose} title={text.title} size="md">
      {enable !== null && <Question enable={enable} onClose={onClose} />}
    </Modal>
  );
}

function Question({ enable, onClose }: { readonly enable: boolean; readonly onClose: () => void }) {
  const { client, live } = usePage();
  const status = useCell(live.status);
  const { config, isCurrent } = useConfig();
  const text = enable ? TEXT.enable : TEXT.disable;
  const isReady = !enable || (isCurrent && status !== null);
  const send = (reason: string) => client.switchAutoBot(enable, reason);
  const terms = { text, send, onClose, isReady, confirm: text.confirm, color: enable ? 'teal' : 'red' };
  return (
    <CommandForm {...terms}>
      <p>{text.lead}</p>
      {enable && status?.place === 'live' && <Alert color="red">{TEXT.realMoney}</Alert>}
      {enable && config !== undefined && <Terms place={status?.place ?? ''} config={config} />}
      {!isReady && <Alert color="yellow">{TEXT.notLoaded}</Alert>}
    </CommandForm>
  );
}

interface TermsProps {
  readonly place: string;
  readonly config: z.infer<typeof autoBotConfigSchema>;
}

function Terms({ place, config }: TermsProps) {
  const { risk, exit, signal } = config;
  const worst = (risk.positionsMax * risk.positionNotionalUsdt * exit.stopLossPct) / 100;
  const rows: readonly (readonly [string, string])[] = [
    [TEXT.terms.place, place],
    [TEXT.terms.positionsMax, figure(risk.positionsMax)],
    [TEXT.terms.size, TEXT.size(figure(risk.positionNotionalUsdt))],
    [TEXT.terms.exposure, TEXT.exposure(figure(risk.exposurePctMax))],
    [TEXT.terms.leverage, `${figure(risk.leverage)}×`],
    [TEXT.terms.stop, TEXT.stop(figure(exit.stopLossPct))],
    [TEXT.terms.takeProfit, exit.takeProfitPct === null ? TEXT.none : TEXT.stop(figure(exit.takeProfitPct))],
    [
      TEXT.terms.signals,
      TEXT.signals(figure(signal.rsiLongMax), figure(signal.rsiShortMin), config.timeframe),
    ],
    [
      TEXT.terms.rsiExits,
      TEXT.rsiExits(
        `${figure(exit.rsiExitLongWithTrend)} / ${figure(exit.rsiExitLongAgainstTrend)}`,
        `${figure(exit.rsiExitShortWithTrend)} / ${figure(exit.rsiExitShortAgainstTrend)}`,
      ),
    ],
    [TEXT.terms.worst, TEXT.worst(money(worst))],
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
