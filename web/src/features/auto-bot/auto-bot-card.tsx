import { Badge, Switch, Tooltip } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { AutoBotState } from '../../../../src/api/auto-bot.ts';
import { browserTimeMs } from '../../browser.ts';
import { dateAndTime, timeOfDay } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { useMayTrade, usePage } from '../../page-context.ts';
import { SwitchDialog } from './switch-dialog.tsx';
import { AUTO_BOT_TEXT as TEXT } from './text.ts';
import './auto-bot.css';

/** Where the switch stands by the server's word, who put it there, and how much room is left. */
export function AutoBotCard() {
  const state = useCell(usePage().live.autoBot);
  return (
    <section
      className="panel auto-bot"
      aria-labelledby="auto-bot-title"
      data-enabled={state?.enabled ?? false}
    >
      {state === null ? (
        <>
          <h2 id="auto-bot-title">{TEXT.title}</h2>
          <p className="dim" role="status">
            {TEXT.unknown}
          </p>
        </>
      ) : (
        <KnownState state={state} />
      )}
    </section>
  );
}

function KnownState({ state }: { readonly state: AutoBotState }) {
  const mayTrade = useMayTrade();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const close = useCallback(() => setWanted(null), []);
  // Somebody else may turn it while the question stands: it is answered then, and must not come back.
  useEffect(() => {
    if (wanted === state.enabled) setWanted(null);
  }, [wanted, state.enabled]);
  return (
    <>
      <div className="auto-bot-head">
        <h2 id="auto-bot-title">{TEXT.title}</h2>
        <Slots slots={state.slots} />
        <Tooltip label={TEXT.viewer} disabled={mayTrade}>
          <Switch
            size="md"
            color="teal"
            checked={state.enabled}
            disabled={!mayTrade}
            onChange={() => setWanted(!state.enabled)}
            label={state.enabled ? TEXT.on : TEXT.off}
            labelPosition="left"
            aria-label={TEXT.switchLabel}
          />
        </Tooltip>
      </div>
      <LastChange state={state} />
      {state.enabled && !state.entriesAllowed.allowed && (
        <p className="auto-bot-blocked">
          {TEXT.blocked}
          {state.entriesAllowed.reason}
        </p>
      )}
      <SwitchDialog enable={wanted !== state.enabled ? wanted : null} onClose={close} />
    </>
  );
}

function Slots({ slots }: { readonly slots: AutoBotState['slots'] }) {
  const isFull = slots.used >= slots.max;
  return (
    <Badge variant="default" radius="sm" className="auto-bot-slots" data-full={isFull}>
      {TEXT.slots(slots.used, slots.max)}
    </Badge>
  );
}

function LastChange({ state }: { readonly state: AutoBotState }) {
  if (state.changed === null) return <p className="dim auto-bot-changed">{TEXT.neverChanged}</p>;
  const { actor, timeMs, reason } = state.changed;
  return (
    <p className="dim auto-bot-changed">
      <span title={dateAndTime(timeMs)}>
        {TEXT.changed(state.enabled, actor, timeOfDay(timeMs, browserTimeMs()))}
      </span>
      {reason !== '' && <q>{reason}</q>}
    </p>
  );
}
