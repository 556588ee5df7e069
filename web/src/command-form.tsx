import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { PAGE_TEXT } from './text.ts';
import { useCommand } from './use-command.ts';

interface CommandFormProps {
  /** What is said of the outcome. */
  readonly text: Parameters<typeof useCommand>[0];
  /** Word on the button that sends it, and its colour. */
  readonly confirm: string;
  readonly color: string;
  /** False: it cannot be sent now. */
  readonly isReady?: boolean;
  readonly send: (reason: string) => Promise<void>;
  readonly onClose: () => void;
  /** What the person must know before. */
  readonly children: ReactNode;
}

/** The question before a command: asks for a reason, sends it once, closes when it was carried out. */
export function CommandForm(props: CommandFormProps) {
  const { text, confirm, color, isReady = true, send, onClose, children } = props;
  const [reason, setReason] = useState('');
  const { isRunning, run } = useCommand(text, onClose);
  return (
    <form
      className="dialog"
      onSubmit={(submit) => {
        submit.preventDefault();
        if (isReady && !isRunning) run(() => send(reason.trim()));
      }}
    >
      {children}
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
        <Button type="submit" color={color} loading={isRunning} disabled={!isReady}>
          {confirm}
        </Button>
      </div>
    </form>
  );
}
