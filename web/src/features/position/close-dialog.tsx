import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PositionRow } from '../../../../src/api/position.ts';
import { exactPrice, meanPrice, price, signedMoney, signedPct } from '../../format.ts';
import { usePage } from '../../page-context.ts';
import { PAGE_TEXT } from '../../text.ts';
import { useCommand } from '../../use-command.ts';
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
  const [reason, setReason] = useState('');
  const { isRunning, run } = useCommand(TEXT.command, onClose);
  const facts: readonly (readonly [string, string])[] = [
    [
      TEXT.direction[position.direction],
      `${exactPrice(position.quantity)} @ ${meanPrice(position.entryPrice)}`,
    ],
    [TEXT.price, price(position.price)],
    [TEXT.dialog.pnl, `${signedMoney(position.pnlUsdt)} USDT (${signedPct(position.pnlPct)})`],
  ];
  return (
    <form
      className="dialog"
      onSubmit={(submit) => {
        submit.preventDefault();
        if (!isRunning) run(() => client.closePosition(position.id, reason.trim()));
      }}
    >
      <p>{TEXT.dialog.lead}</p>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <TextInput
        label={PAGE_TEXT.reason}
        value={reason}
        maxLength={500}
        onChange={(change) => setReason(change.currentTarget.value)}
        data-autofocus
      />
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          {PAGE_TEXT.cancel}
        </Button>
        <Button type="submit" color="red" loading={isRunning}>
          {TEXT.dialog.confirm}
        </Button>
      </div>
    </form>
  );
}
