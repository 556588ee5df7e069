import { rng, seedOf } from '../core/base/rng.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { Side } from '../core/domain/order.ts';
import type { MatchingEvent, MatchingFill } from '../core/matching/account-state.ts';
import type { MarketSource, TrailPoint } from './market/market-source.ts';
import { OrderIds } from './order-ids.ts';

/** Sequence numbers a millisecond has room for. */
const SEQUENCES_PER_MS = 100;
/** Fills of this venue's accounts kept by instrument: as many as one answer lists. */
const FILLS_KEPT = 1000;

/** A trade as everybody may see it. The side is the taker's. */
export interface PublicTrade {
  readonly id: string;
  /** Grows from trade to trade of an instrument. */
  readonly sequence: number;
  readonly timeMs: number;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
}

/**
 * What was traded: one invented trade for every move of the price, of a size drawn from what rests in the book,
 * and every trade of this venue's own accounts. Invented ones are known from the price path at any time
 * afterwards, so whoever asks is told the same.
 */
export class PublicTrades {
  private readonly market: MarketSource;
  private readonly fills = new Map<InstrumentId, PublicTrade[]>();

  constructor(market: MarketSource) {
    this.market = market;
  }

  /** Keeps what accounts have traded, without their names. */
  note(events: readonly MatchingEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'fill' || !isPublic(event.fill)) continue;
      const { instrumentId } = event.fill;
      const kept = this.fills.get(instrumentId) ?? [];
      this.fills.set(instrumentId, kept);
      kept.push(tradeOf(event.fill, kept.at(-1)?.sequence ?? 0));
      if (kept.length > FILLS_KEPT) kept.shift();
    }
  }

  /** Takes up what accounts had traded before, in any order. */
  resume(fills: readonly MatchingFill[]): void {
    const ascending = fills.toSorted((a, b) => a.timeMs - b.timeMs || a.sequence - b.sequence);
    this.note(ascending.map((fill) => ({ kind: 'fill', fill })));
  }

  /** Ascending, later than the sequence number and not before `fromMs`; none for an instrument not listed. */
  since(
    instrument: Instrument,
    after: { readonly sequence: number; readonly fromMs: number },
  ): readonly PublicTrade[] {
    const trail = this.market.trail(instrument.id, after.fromMs) ?? [];
    const fills = (this.fills.get(instrument.id) ?? []).filter((trade) => trade.timeMs >= after.fromMs);
    return [...invented(instrument, trail), ...fills]
      .filter((trade) => trade.sequence > after.sequence)
      .sort((a, b) => a.sequence - b.sequence);
  }
}

/** A trade between two accounts is told once, as the taker's. */
function isPublic({ execution, maker, amongAccounts }: MatchingFill): boolean {
  return execution !== 'funding' && !(maker && amongAccounts === true);
}

function tradeOf(fill: MatchingFill, lastSequence: number): PublicTrade {
  return {
    id: fill.fillId,
    sequence: Math.max(lastSequence, sequenceAt(fill.timeMs)) + 1,
    timeMs: fill.timeMs,
    side: fill.maker === (fill.side === 'sell') ? 'buy' : 'sell',
    quantity: fill.quantity.toNumber(),
    price: fill.price.toNumber(),
  };
}

/** The first point only tells where the price came from. */
function invented(instrument: Instrument, trail: readonly TrailPoint[]): readonly PublicTrade[] {
  const step = instrument.quantityStep.toNumber();
  const trades: PublicTrade[] = [];
  let before = trail[0];
  for (const point of trail) {
    const { timeMs, lastPrice, topQuantity } = point;
    if (before !== undefined && lastPrice !== before.lastPrice) {
      const seed = seedOf(instrument.exchangeSymbol, timeMs);
      trades.push({
        id: new OrderIds(seed, 'public-trade').next(),
        sequence: sequenceAt(timeMs),
        timeMs,
        side: lastPrice > before.lastPrice ? 'buy' : 'sell',
        quantity: Math.max(1, Math.round((topQuantity * rng(seed).next()) / step)) * step,
        price: lastPrice,
      });
    }
    before = point;
  }
  return trades;
}

/** An invented trade has the first number of its moment. */
function sequenceAt(timeMs: number): number {
  return Math.floor(timeMs * SEQUENCES_PER_MS);
}
