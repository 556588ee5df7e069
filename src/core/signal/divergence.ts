import type { CandleSeries } from '../domain/candle-series.ts';
import type { Direction } from '../domain/order.ts';
import type { RsiHistory } from '../indicator/rsi-history.ts';
import type { SignalSettings } from './settings.ts';

/** Where swings are looked for, and what makes two of them diverge. */
export type DivergenceRule = Pick<
  SignalSettings,
  'divergenceCandles' | 'divergenceWingCandles' | 'divergenceRsiMin'
>;

/** A turn of price that the candles after it have confirmed. */
export interface Swing {
  /** Candles before the newest closed one. */
  readonly ago: number;
  /** Close of its candle, quote currency. */
  readonly price: number;
  readonly rsi: number;
}

/** The last two swings on the side of a direction; null where there are not as many. */
export interface Divergence {
  readonly found: boolean;
  readonly earlier: Swing | null;
  readonly later: Swing | null;
}

/** The closes of the newest candles, `closeAt` NaN outside of them, and the RSI that belongs to each. */
export interface SeenMarket {
  readonly candles: Pick<CandleSeries, 'length' | 'closeAt'>;
  readonly rsiHistory: RsiHistory;
}

/**
 * Whether RSI has turned before price. For a long: the later of the last two swing lows is lower in price and higher
 * in RSI, by `divergenceRsiMin` at least; for a short mirrored with swing highs. Only comparisons are made, so
 * the size of the price does not matter. Swings are read off closes, which are what RSI is made of. One whose
 * wing is not complete, as at the newest candles, is not confirmed and does not count.
 */
export function readDivergence(direction: Direction, seen: SeenMarket, rule: DivergenceRule): Divergence {
  const sign = direction === 'long' ? 1 : -1;
  const { divergenceCandles, divergenceWingCandles: wing } = rule;
  let later: Swing | null = null;
  for (let ago = wing; ago < divergenceCandles; ago += 1) {
    const row = seen.candles.length - 1 - ago;
    if (!isSwing(seen.candles, row, { sign, wing })) continue;
    const swing = swingAt(seen, ago, row);
    if (swing === null) break;
    if (later !== null) return { found: diverges(swing, later, { sign, rule }), earlier: swing, later };
    later = swing;
  }
  return { found: false, earlier: null, later };
}

/** True when every close of the wings is beyond that of `row`: a flat bottom has not turned. */
function isSwing(
  candles: SeenMarket['candles'],
  row: number,
  { sign, wing }: { readonly sign: number; readonly wing: number },
): boolean {
  const close = candles.closeAt(row);
  for (let step = 1; step <= wing; step += 1) {
    const before = candles.closeAt(row - step);
    const after = candles.closeAt(row + step);
    if (!(sign * (before - close) > 0 && sign * (after - close) > 0)) return false;
  }
  return true;
}

function swingAt({ candles, rsiHistory }: SeenMarket, ago: number, row: number): Swing | null {
  const rsi = rsiHistory.at(ago);
  return rsi === null ? null : { ago, price: candles.closeAt(row), rsi };
}

function diverges(
  earlier: Swing,
  later: Swing,
  { sign, rule }: { readonly sign: number; readonly rule: DivergenceRule },
): boolean {
  const further = sign * (earlier.price - later.price) > 0;
  const turned = sign * (later.rsi - earlier.rsi);
  return further && turned > 0 && turned >= rule.divergenceRsiMin;
}
