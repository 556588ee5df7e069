import type { Difference, DifferenceKind } from '../core/domain/difference.ts';

/** What of a difference a person reads. */
type Told = Pick<Difference, 'instrumentId' | 'ours' | 'theirs' | 'about'>;

interface KindText {
  readonly explanation: (told: Told) => string;
  /** What was done about it, or what a person can do. */
  readonly action: string;
}

const ADOPT = 'Adopt it (`infobot positions adopt`), ignore it, or close it at the exchange.';

const TEXTS: Readonly<Record<DifferenceKind, KindText>> = {
  'position-missing': {
    explanation: ({ instrumentId, ours }) =>
      `We held ${ours} of ${instrumentId} and the exchange holds nothing: somebody, or the exchange, has ended it.`,
    action:
      'What its fills tell is booked. Without fills it is guarded as before and nothing is entered there until they come or the exchange bears it out.',
  },
  'position-foreign': {
    explanation: ({ instrumentId, theirs }) =>
      `The exchange holds a ${theirs} of ${instrumentId} that no order of ours made.`,
    action: `It is not touched, counts as exposure, and nothing is entered there. ${ADOPT}`,
  },
  'quantity-differs': {
    explanation: ({ instrumentId, ours, theirs }) =>
      `Of ${instrumentId} we held ${ours}, the exchange states ${theirs}.`,
    action:
      'What was taken off is booked by its fills. What was added is not ours: close it at the exchange, or give the position up and adopt the whole (`infobot positions disown`, `adopt`).',
  },
  'side-flipped': {
    explanation: ({ instrumentId, ours, theirs }) =>
      `We held ${ours} of ${instrumentId}; somebody has turned it into a ${theirs}.`,
    action: `Ours is booked as closed. The other direction is not touched and nothing is entered there. ${ADOPT}`,
  },
  'order-missing': {
    explanation: ({ instrumentId, ours, theirs, about }) =>
      `Of the order ${about} on ${instrumentId} ${ours} should wait in the book; the exchange says ${theirs}.`,
    action: 'It is not sent again. The ladder it belongs to goes on without it.',
  },
  'order-foreign': {
    explanation: ({ instrumentId, theirs }) =>
      `An order rests on ${instrumentId} that no order of ours goes by: ${theirs}.`,
    action:
      'It is not touched, what it may open counts as exposure, and nothing is entered there. Cancel it at the exchange if it is not wanted.',
  },
  'order-not-ended': {
    explanation: ({ instrumentId, theirs }) =>
      `An order of ours on ${instrumentId} that we hold for over still rests at the exchange: ${theirs}.`,
    action: 'It is looked up and taken back.',
  },
  'stop-missing': {
    explanation: ({ instrumentId, ours }) =>
      `No stop rests at the exchange for ${instrumentId}; ours belongs at ${ours}.`,
    action:
      'It is put back at once. One that cannot be confirmed keeps entries out and then ends the position.',
  },
  'stop-differs': {
    explanation: ({ instrumentId, ours, theirs }) =>
      `The stop of ${instrumentId} was at ${ours} and rests at ${theirs}: somebody has moved it.`,
    action: 'A tighter one is kept as ours. A looser one is pulled back to where ours was.',
  },
  'fill-unknown': {
    explanation: ({ instrumentId, theirs }) =>
      `Somebody ${theirs} of ${instrumentId}; it belongs to no position of ours and left nothing behind.`,
    action: 'Nothing. Its money is in the ledger.',
  },
  'fill-missing': {
    explanation: ({ instrumentId, about, ours, theirs }) =>
      `The exchange calls the order ${about} on ${instrumentId} done (${theirs}) and has told ${ours}.`,
    action: 'Its fills are asked for at every reading. Look at its executions at the exchange.',
  },
  'leverage-differs': {
    explanation: ({ instrumentId, ours, theirs }) =>
      `The position on ${instrumentId} was entered with ${ours}; the exchange states ${theirs}.`,
    action:
      'Its size and stop stay. Set it back at the exchange, or leave it until the position is over: each entry sets its own.',
  },
  'margin-mode-differs': {
    explanation: ({ ours, theirs }) =>
      `The account is in ${theirs} margin mode at the exchange; the settings want ${ours}.`,
    action: 'No entry leaves while they differ. Change either of the two.',
  },
  'balance-differs': {
    explanation: ({ ours, theirs }) =>
      `The wallet is ${theirs} USDT by the exchange and ${ours} by the ledger.`,
    action: 'The list of transactions is read again until both are equal (`infobot ledger`).',
  },
};

/** A whole sentence that says what differs. */
export function explanationOf(kind: DifferenceKind, told: Told): string {
  return TEXTS[kind].explanation(told);
}

/** What was done about it, and what a person can do. */
export function actionOf(kind: DifferenceKind): string {
  return TEXTS[kind].action;
}
