import { Button, Modal, Tooltip } from '@mantine/core';
import { useCallback, useState } from 'react';
import { CommandForm } from '../../command-form.tsx';
import { useCell } from '../../live/cell.ts';
import { useMayTrade, usePage } from '../../page-context.ts';
import { HALT_TEXT as TEXT } from './text.ts';

/** The kill switch; while trading is halted the banner stands in its place. */
export function HaltButton() {
  const status = useCell(usePage().live.status);
  const mayTrade = useMayTrade();
  const [asks, setAsks] = useState(false);
  const close = useCallback(() => setAsks(false), []);
  const isHalted = status !== null && status.halt !== null;
  return (
    <>
      {!isHalted && (
        <Tooltip label={mayTrade ? TEXT.buttonNote : TEXT.viewer}>
          <Button size="compact-sm" color="red" disabled={!mayTrade} onClick={() => setAsks(true)}>
            {TEXT.button}
          </Button>
        </Tooltip>
      )}
      <Modal opened={asks && !isHalted} onClose={close} title={TEXT.title} size="md">
        <Question onClose={close} />
      </Modal>
    </>
  );
}

function Question({ onClose }: { readonly onClose: () => void }) {
  const { client } = usePage();
  const send = (reason: string) => client.halt(reason);
  return (
    <CommandForm text={TEXT} confirm={TEXT.confirm} color="red" send={send} onClose={onClose}>
      <p>{TEXT.lead}</p>
      <p className="dim">{TEXT.way}</p>
    </CommandForm>
  );
}
