import { Modal } from '@mantine/core';
import type { DifferenceView } from '../../../../src/api/reconciliation.ts';
import { CommandForm } from '../../command-form.tsx';
import { usePage } from '../../page-context.ts';
import { DIFFERENCE_TEXT as TEXT } from './text.ts';

/** What a person may do about a difference. */
export interface Offer {
  readonly kind: DifferenceView['offers'][number];
  readonly symbol: string;
}

interface OfferDialogProps {
  /** Null: nothing is asked. */
  readonly offer: Offer | null;
  readonly onClose: () => void;
}

/** The question before a position is adopted, ignored or given up. */
export function OfferDialog({ offer, onClose }: OfferDialogProps) {
  const { client } = usePage();
  const title = offer === null ? '' : TEXT.dialog.title(TEXT.offers[offer.kind], offer.symbol);
  return (
    <Modal opened={offer !== null} onClose={onClose} title={title} size="md">
      {offer !== null && (
        <CommandForm
          text={TEXT.command}
          confirm={TEXT.offers[offer.kind]}
          color={offer.kind === 'disown' ? 'red' : 'blue'}
          send={(reason) => client.changePosition(offer.symbol, offer.kind, reason)}
          onClose={onClose}
        >
          <p>{TEXT.dialog.lead[offer.kind]}</p>
        </CommandForm>
      )}
    </Modal>
  );
}
