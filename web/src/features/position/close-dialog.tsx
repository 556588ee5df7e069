import { Modal } from '@mantine/core';
import type { PositionRow } from '../../../../src/api/position.ts';
import { CommandForm } from '../../command-form.tsx';
import { exactPrice, meanPrice, price, signedMoney, signedPct } from '../../format.ts';
import { usePage } from '../../page-context.ts';
import { POSITION_TEXT as TEXT } from './text.ts';

interface CloseDialogProps {
  /** What is asked about; null when nothing is, also when the position has gone meanwhile. */
  readonly position: PositionRow | null;
  readonly onClose: () => void;
}

/** The question before a position is closed by hand. */
export function CloseDialog({ position, onClose }: CloseDialogProps) {
  const title = position === null ? '' : TEXT.dialog.title(position.symbol);
  return (
    <Modal opened={position !== null} onClose={onClose} title={title} size="md">
      {position !== null && <Question position={position} onClose={onClose} />}
    </Modal>
  );
}

function Question({ position, onClose }: { readonly position: PositionRow; readonly onClose: () => void }) {
  const { client } = usePage();
  const facts: readonly (readonly [string, string])[] = [
    [
      TEXT.direction[position.direction],
      `${exactPrice(position.quantity)} @ ${meanPrice(position.entryPrice)}`,
    ],
    [TEXT.price, price(position.price)],
    [TEXT.dialog.pnl, `${signedMoney(position.pnlUsdt)} USDT (${signedPct(position.pnlPct)})`],
  ];
  const send = (reason: string) => client.closePosition(position.id, reason);
  return (
    <CommandForm text={TEXT.command} confirm={TEXT.dialog.confirm} color="red" send={send} onClose={onClose}>
      <p>{TEXT.dialog.lead}</p>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </CommandForm>
  );
}
