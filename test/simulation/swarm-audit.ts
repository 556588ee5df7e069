import { Decimal } from 'decimal.js';

/** What the venue tells about one account. The auditor reads nothing else about the exchange. */
export interface VenueBooks {
  readonly orders: readonly Readonly<Record<string, unknown>>[];
  /** Newest first. */
  readonly fills: readonly Readonly<Record<string, unknown>>[];
  readonly positions: readonly Readonly<Record<string, unknown>>[];
  readonly postings: readonly {
    readonly kind: string;
    readonly amount: string;
    readonly instrumentId: string | null;
  }[];
}

/** What the service believes, as plain text. */
export interface OurBooks {
  readonly positions: readonly {
    readonly instrumentId: string;
    readonly direction: string;
    readonly quantity: string;
    /** What put the stop where it stands. */
    readonly stopKind: string;
    /** Money it has taken in less what it has cost, after fees. */
    readonly takenIn: string;
  }[];
  readonly foreign: readonly string[];
  readonly trades: readonly { readonly instrumentId: string; readonly tradedPnl: string }[];
}

export interface AuditQuestion {
  readonly venue: VenueBooks;
  readonly ours: OurBooks;
  /** Ids of entries the journal had durable before their first byte, and of the order each position is named after. */
  readonly journaled: ReadonlyMap<string, string>;
  /** Ids of orders the service has concluded never to have existed. */
  readonly givenUp: ReadonlySet<string>;
  /** Instruments a person has opened a position on: theirs and ours may have mixed there. */
  readonly mixed: ReadonlySet<string>;
}

/** Money that differs by less is the same. */
const AGREEMENT = new Decimal('1e-8');

/** What must hold at every moment, whatever has gone wrong: one sentence for each breach. */
export function auditHistory({ venue, journaled, givenUp, mixed }: AuditQuestion): string[] {
  return [
    ...filledGhosts(venue, givenUp),
    ...secondEntries(venue, mixed, journaled),
    ...doubledIds(venue),
    ...overfilled(venue),
    ...flips(venue),
    ...unjournaled(venue, journaled),
  ];
}

/** What must hold again once all is quiet. */
export function auditAgreement(question: AuditQuestion): string[] {
  return [...positionGaps(question), ...stopGaps(question), ...moneyGaps(question)];
}

function doubledIds({ orders }: VenueBooks): string[] {
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const order of orders) {
    const id = text(order, 'clientOrderId');
    if (id === '') continue;
    if (seen.has(id)) faults.push(`I2: order id ${id} was used twice`);
    seen.add(id);
  }
  return faults;
}

function overfilled({ orders, fills }: VenueBooks): string[] {
  return orders.flatMap((order) => {
    const mine = fills.filter((fill) => fill['orderId'] === order['orderId']);
    const filled = sum(mine.map((fill) => text(fill, 'quantity')));
    const wanted = text(order, 'quantity');
    // A stop for all of a position has no quantity of its own.
    const over = Number(wanted) > 0 && filled.greaterThan(wanted);
    return over ? [`I1: order ${text(order, 'clientOrderId')} filled ${filled.toFixed()} of ${wanted}`] : [];
  });
}

/** Replays the fills: one that may only reduce must never leave the other direction behind. */
function flips({ orders, fills }: VenueBooks): string[] {
  const reduceOnly = new Set(
    orders.filter((order) => order['reduceOnly'] === true).map((order) => order['orderId']),
  );
  const held = new Map<string, Decimal>();
  const faults: string[] = [];
  for (const fill of fills.toReversed()) {
    const instrumentId = text(fill, 'instrumentId');
    const before = held.get(instrumentId) ?? new Decimal(0);
    const signed = new Decimal(text(fill, 'quantity')).times(fill['side'] === 'buy' ? 1 : -1);
    const after = before.plus(signed);
    held.set(instrumentId, after);
    const turned = before.times(after).isNegative() && !after.isZero();
    const grown = after.abs().greaterThan(before.abs());
    if (reduceOnly.has(fill['orderId']) && (turned || grown))
      faults.push(
        `I5: a reduce-only fill took ${instrumentId} from ${before.toFixed()} to ${after.toFixed()}`,
      );
  }
  return faults;
}

/** Replays the fills: nothing of ours is entered while it is held by another entry. The rungs of a ladder are one. */
function secondEntries(
  { orders, fills }: VenueBooks,
  mixed: ReadonlySet<string>,
  journaled: ReadonlyMap<string, string>,
): string[] {
  const entries = new Map(
    orders
      .filter((order) => order['reduceOnly'] === false)
      .map((order) => [order['orderId'], journaled.get(text(order, 'clientOrderId')) ?? order['orderId']]),
  );
  const held = new Map<string, { quantity: Decimal; opener: unknown }>();
  const faults: string[] = [];
  for (const fill of fills.toReversed()) {
    const instrumentId = text(fill, 'instrumentId');
    const { quantity, opener } = held.get(instrumentId) ?? { quantity: new Decimal(0), opener: null };
    const signed = new Decimal(text(fill, 'quantity')).times(fill['side'] === 'buy' ? 1 : -1);
    const entry = entries.get(fill['orderId']);
    if (entry !== undefined && !quantity.isZero() && opener !== entry && !mixed.has(instrumentId))
      faults.push(`I1: ${instrumentId} was entered while it was held`);
    const after = quantity.plus(signed);
    held.set(instrumentId, { quantity: after, opener: entry ?? opener });
  }
  return faults;
}

function filledGhosts({ fills }: VenueBooks, givenUp: ReadonlySet<string>): string[] {
  const ghosts = new Set(fills.map((fill) => text(fill, 'clientOrderId')).filter((id) => givenUp.has(id)));
  return [...ghosts].map((id) => `I7: order ${id} was concluded not to exist and has filled`);
}

function unjournaled({ orders }: VenueBooks, journaled: ReadonlyMap<string, string>): string[] {
  return orders
    .filter((order) => order['reduceOnly'] === false && text(order, 'clientOrderId').startsWith('ib'))
    .map((order) => text(order, 'clientOrderId'))
    .filter((id) => !journaled.has(id))
    .map((id) => `I2: entry ${id} reached the venue before the journal had it`);
}

function positionGaps({ venue, ours, mixed }: AuditQuestion): string[] {
  const faults: string[] = [];
  const line = (row: Readonly<Record<string, unknown>>): string =>
    `${text(row, 'instrumentId')} ${text(row, 'direction')} ${text(row, 'quantity')}`;
  const claimed = new Set(ours.positions.map(line));
  const names = new Set(ours.positions.map((position) => position.instrumentId));
  for (const row of venue.positions) {
    const instrumentId = text(row, 'instrumentId');
    // What is a person's at least in part is told; what our own orders opened may not be taken for it.
    const reported =
      mixed.has(instrumentId) && (ours.foreign.includes(instrumentId) || names.has(instrumentId));
    if (!claimed.has(line(row)) && !reported) faults.push(`I6: the venue holds ${line(row)}, we do not know`);
  }
  const there = new Set(venue.positions.map(line));
  for (const position of ours.positions) {
    if (!there.has(line({ ...position })) && !mixed.has(position.instrumentId))
      faults.push(`I6: we hold ${line({ ...position })}, the venue does not`);
  }
  return faults;
}

/** A stop stands on the loss side of the entry until a rule or a person has moved it. */
function stopGaps({ venue, ours }: AuditQuestion): string[] {
  return ours.positions.flatMap(({ instrumentId, direction, stopKind }) => {
    const row = venue.positions.find((other) => other['instrumentId'] === instrumentId);
    if (row === undefined) return [];
    if (row['stopPrice'] === null) return [`I3: ${instrumentId} has no stop at the venue`];
    const beyondEntry = new Decimal(text(row, 'stopPrice')).minus(text(row, 'entryPrice'));
    const onLossSide = direction === 'long' ? beyondEntry.isNegative() : beyondEntry.greaterThan(0);
    return onLossSide || stopKind !== 'initial'
      ? []
      : [`I4: the stop of ${instrumentId} stands on the side of profit`];
  });
}

function moneyGaps({ venue, ours, mixed }: AuditQuestion): string[] {
  const instrumentIds = new Set(venue.postings.map((posting) => posting.instrumentId ?? ''));
  return [...instrumentIds].flatMap((instrumentId) => {
    if (instrumentId === '' || mixed.has(instrumentId)) return [];
    const ofIt = <T extends { readonly instrumentId: string | null }>(rows: readonly T[]): T[] =>
      rows.filter((row) => row.instrumentId === instrumentId);
    const booked = ofIt(venue.postings).filter(({ kind }) => kind === 'realised-pnl' || kind === 'fee');
    const open = venue.positions.filter((row) => row['instrumentId'] === instrumentId).map(costOf);
    const atVenue = sum([...booked.map(({ amount }) => amount), ...open]);
    const closed = sum(ofIt(ours.trades).map(({ tradedPnl }) => tradedPnl));
    const counted = closed.plus(sum(ofIt(ours.positions).map(({ takenIn }) => takenIn)));
    const same = counted.minus(atVenue).abs().lessThanOrEqualTo(AGREEMENT);
    return same
      ? []
      : [`I16: ${instrumentId} made ${atVenue.toFixed()} at the venue, ${counted.toFixed()} in our books`];
  });
}

/**
 * What is open was paid, or taken in. It is counted on both sides: what a part of a position has made depends on whether
 * rungs that filled after it are averaged in, which exchanges and we do differently; the whole does not.
 */
function costOf(row: Readonly<Record<string, unknown>>): string {
  const cost = new Decimal(text(row, 'entryPrice')).times(text(row, 'quantity'));
  return (row['direction'] === 'long' ? cost.negated() : cost).toFixed();
}

function sum(values: readonly string[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Decimal(0));
}

function text(row: Readonly<Record<string, unknown>>, field: string): string {
  const value = row[field];
  return typeof value === 'string' ? value : '';
}
