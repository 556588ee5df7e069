import type { Pair } from './processes.ts';

/** A position as the venue holds it. */
export interface BookPosition {
  readonly instrumentId: string;
  readonly direction: 'long' | 'short';
  readonly quantity: string;
  readonly stopPrice: string | null;
  readonly openedMs: number;
}

export interface BookOrder {
  readonly orderId: string;
  /** Empty or null for the venue's own orders. */
  readonly clientOrderId: string | null;
  readonly instrumentId: string;
  readonly side: 'buy' | 'sell';
  readonly kind: string;
  readonly origin: string;
  readonly reduceOnly: boolean;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly createdMs: number;
}

export interface BookFill {
  readonly fillId: string;
  readonly execution: string;
  readonly clientOrderId: string | null;
  readonly instrumentId: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  /** The part that reduced a position; the rest opened or added. */
  readonly closedQuantity: string;
  readonly timeMs: number;
}

/** The account in the venue's own books: the only witness of the harnesses. */
export interface Books {
  readonly timeMs: number;
  readonly positions: readonly BookPosition[];
  readonly openOrders: readonly BookOrder[];
  readonly closedOrders: readonly BookOrder[];
  /** Oldest first. */
  readonly fills: readonly BookFill[];
}

/** A request for an order as it arrived at the venue. */
export interface Placement {
  readonly clientOrderId: string;
  readonly instrumentId: string;
  readonly reduceOnly: boolean;
  readonly timeMs: number;
}

interface WireRow {
  readonly sequence: number;
  readonly timeMs: number;
  readonly kind: string;
  readonly path: string;
  readonly text: string;
}

const WIRE_ROWS = 10_000;

/** Reads the venue's books. Throws when the venue does not answer or has no account. */
export async function readBooks(pair: Pair): Promise<Books> {
  const state = (await pair.venue('GET', '/venue/state')) as {
    timeMs: number;
    accounts: readonly Omit<Books, 'timeMs'>[];
  };
  const [account] = state.accounts;
  if (account === undefined) throw new Error('The venue has no account.');
  return { ...account, timeMs: state.timeMs, fills: account.fills.toReversed() };
}

/** Reads every placement that crossed the venue's wire, each once, however often it is asked. */
export class PlacementReader {
  private readonly pair: Pair;
  private lastSequence = 0;

  constructor(pair: Pair) {
    this.pair = pair;
  }

  /** Those since the last call, oldest first. Throws when the venue's log has lost some in between. */
  async next(): Promise<readonly Placement[]> {
    const found: Placement[] = [];
    for (let full = true; full; ) {
      const path = `/venue/wire?after=${this.lastSequence}&limit=${WIRE_ROWS}`;
      const { records } = (await this.pair.venue('GET', path)) as { records: readonly WireRow[] };
      full = records.length === WIRE_ROWS;
      this.lastSequence = records.at(-1)?.sequence ?? this.lastSequence;
      found.push(...records.flatMap(placementOf));
    }
    return found;
  }
}

function placementOf({ kind, path, text, timeMs }: WireRow): readonly Placement[] {
  if (kind !== 'request' || path !== '/v5/order/create') return [];
  const order = JSON.parse(text.slice(text.indexOf('{')));
  const { orderLinkId: clientOrderId, symbol: instrumentId, reduceOnly } = order;
  return [{ clientOrderId, instrumentId, reduceOnly: reduceOnly === true, timeMs }];
}

/** Instruments of positions that no stop protects. */
export function unprotected({ positions }: Books): readonly string[] {
  return positions.filter(({ stopPrice }) => stopPrice === null).map(({ instrumentId }) => instrumentId);
}
