import type { InstrumentId } from '../core/domain/instrument.ts';
import { type GoodPrice, isGoodAfter, type PriceFacts } from '../core/risk/gate-price.ts';

/** The last good price of each instrument: one that jumps too far is not believed until the good one has aged. */
export class GatePrices {
  private readonly good = new Map<InstrumentId, { -readonly [K in keyof GoodPrice]: GoodPrice[K] }>();

  /** A mark price the exchange has pushed. Nothing is made for one that follows another. */
  take(id: InstrumentId, markPrice: number, monotonicMs: number, bandPct: number): void {
    const good = this.good.get(id);
    if (good === undefined) {
      if (isGoodAfter(markPrice, null, monotonicMs, bandPct))
        this.good.set(id, { price: markPrice, seenMs: monotonicMs });
      return;
    }
    if (!isGoodAfter(markPrice, good, monotonicMs, bandPct)) return;
    good.price = markPrice;
    good.seenMs = monotonicMs;
  }

  /** What an entry is held against, with the prices read for it; null: none could be read. */
  facts(
    id: InstrumentId,
    read: { readonly markPrice: number; readonly lastPrice: number } | null,
    { monotonicMs, bandPct }: { readonly monotonicMs: number; readonly bandPct: number },
  ): PriceFacts | null {
    if (read === null) return null;
    const { markPrice, lastPrice } = read;
    const good = this.good.get(id);
    return {
      markPrice,
      lastPrice,
      good: good === undefined ? null : { ...good },
      nowMs: monotonicMs,
      bandPct,
    };
  }
}
