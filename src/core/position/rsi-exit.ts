import type { Code } from '../domain/codes.ts';
import { openTimeMsAt, type Timeframe, timeframeMs } from '../domain/timeframe.ts';
import type { ExitFinding, GuardedPosition } from './exit-rule.ts';
import { profitPct } from './profit-pct.ts';
import type { ExitSettings } from './settings.ts';

/** Profit at which a put-off RSI exit ends the position, % of the entry price: about the fee of leaving. */
const RECOVERED_PROFIT_PCT = 0.05;
const MINUTE_MS = 60_000;

/** The closed candle of the position's own timeframe that an RSI exit is judged on. */
export interface RsiCandle {
  readonly timeframe: Timeframe;
  /** Time of its close, ms. */
  readonly closeTimeMs: number;
  readonly close: number;
  /** Null in warm-up. */
  readonly rsi: number | null;
}

/** Why an RSI exit that has reached its threshold is put off. */
export interface RsiExitHold {
  readonly code: Code & `exit.rsi-exit.${string}`;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  /** True: from now on the position ends as soon as it is back at a profit. */
  readonly waits: boolean;
}

/** What an RSI exit says of a candle: end, put off, or null for nothing at all. */
export interface RsiExitAnswer {
  readonly finding: ExitFinding;
  /** Null: end now. */
  readonly hold: RsiExitHold | null;
}

/**
 * Judges a position whose RSI, on the position's own timeframe and a closed candle, has come back far enough.
 * A trend that was neutral or not known at entry counts as against. Minutes, when set, speak instead of candles.
 */
export function rsiExit(
  position: GuardedPosition,
  candle: RsiCandle,
  settings: ExitSettings,
): RsiExitAnswer | null {
  const { rsi } = candle;
  if (rsi === null || Number.isNaN(rsi)) return null;
  const threshold = rsiExitThreshold(position, settings);
  const reached = position.direction === 'long' ? rsi >= threshold : rsi <= threshold;
  if (!reached) return null;
  const finding = { reason: 'rsi-exit', code: 'exit.rsi-exit', value: rsi, threshold, unit: 'RSI' } as const;
  const move = profitPct({ ...position, price: candle.close });
  const hold = tooYoung(position, candle, settings) ?? tooLittle(move, settings) ?? atALoss(move, settings);
  return { finding, hold };
}

/** Ends a position whose RSI exit was put off at a loss, as soon as a price brings it back to a profit. */
export function recoveredExit(
  { direction, entryPrice }: Pick<GuardedPosition, 'direction' | 'entryPrice'>,
  lastPrice: number,
  waiting: boolean,
  { rsiExitWaitBreakEven }: Pick<ExitSettings, 'rsiExitWaitBreakEven'>,
): ExitFinding | null {
  if (!waiting || !rsiExitWaitBreakEven) return null;
  const value = profitPct({ direction, entryPrice, price: lastPrice });
  if (!(value >= RECOVERED_PROFIT_PCT)) return null;
  const seen = { value, threshold: RECOVERED_PROFIT_PCT, unit: 'pct' };
  return { reason: 'rsi-exit', code: 'exit.rsi-exit.recovered', ...seen };
}

/** RSI at which this position ends, RSI points. */
function rsiExitThreshold(
  { direction, entryTrend }: Pick<GuardedPosition, 'direction' | 'entryTrend'>,
  settings: ExitSettings,
): number {
  if (direction === 'long') {
    return entryTrend === 'up' ? settings.rsiExitLongWithTrend : settings.rsiExitLongAgainstTrend;
  }
  return entryTrend === 'down' ? settings.rsiExitShortWithTrend : settings.rsiExitShortAgainstTrend;
}

function tooYoung(
  { openedMs }: GuardedPosition,
  { closeTimeMs, timeframe }: RsiCandle,
  { rsiExitMinMinutes, rsiExitMinCandles }: ExitSettings,
): RsiExitHold | null {
  const code = 'exit.rsi-exit.too-young';
  if (rsiExitMinMinutes > 0) {
    const value = (closeTimeMs - openedMs) / MINUTE_MS;
    const old = value >= rsiExitMinMinutes;
    return old ? null : { code, value, threshold: rsiExitMinMinutes, unit: 'min', waits: false };
  }
  // Candles that have closed since the entry; the one it happened in counts when it closes.
  const value = (closeTimeMs - openTimeMsAt(openedMs, timeframe)) / timeframeMs(timeframe);
  const old = value >= rsiExitMinCandles;
  return old ? null : { code, value, threshold: rsiExitMinCandles, unit: 'candles', waits: false };
}

function tooLittle(move: number, { rsiExitMinMovePct: threshold }: ExitSettings): RsiExitHold | null {
  const value = Math.abs(move);
  if (value >= threshold) return null;
  return { code: 'exit.rsi-exit.small-move', value, threshold, unit: 'pct', waits: false };
}

function atALoss(move: number, { rsiExitWaitBreakEven }: ExitSettings): RsiExitHold | null {
  if (!rsiExitWaitBreakEven || move >= RECOVERED_PROFIT_PCT) return null;
  const threshold = RECOVERED_PROFIT_PCT;
  return { code: 'exit.rsi-exit.waits', value: move, threshold, unit: 'pct', waits: true };
}
