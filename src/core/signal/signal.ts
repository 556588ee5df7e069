import { assert } from '../base/assert.ts';
import type { Signal, SignalKind } from '../domain/verdict.ts';
import { FLAT_RSI } from '../indicator/rsi.ts';
import type { SignalSettings } from './settings.ts';

/** The two thresholds of the settings, RSI points. */
type SignalRule = Pick<SignalSettings, 'rsiLongMax' | 'rsiShortMin'>;

/** What was read from one closed candle and its past, and the rule to judge it by. */
export interface SignalReading extends Omit<Signal, 'kind' | 'depth'> {
  readonly settings: SignalRule;
}

/**
 * What the market suggests: long where RSI is at or below its threshold, short where it is at or above,
 * else wait. Without an RSI, and where RSI stands exactly in the middle as it does in a market that has not
 * moved, it waits whatever the thresholds are. The trend is carried along; it is the filters that judge it.
 */
export function readSignal(read: SignalReading): Signal {
  const { instrumentId, timeframe, candleOpenTimeMs, close, rsi, trend, settings } = read;
  assert(rsi === null || (rsi >= 0 && rsi <= 100), 'RSI is within 0..100, or null in warm-up.');
  const kind = rsi === null ? 'wait' : kindOf(rsi, settings);
  const depth = rsi === null ? null : depthOf(kind, rsi, settings);
  return { instrumentId, timeframe, candleOpenTimeMs, close, rsi, trend, kind, depth };
}

function kindOf(rsi: number, rule: SignalRule): SignalKind {
  if (rsi < FLAT_RSI && rsi <= rule.rsiLongMax) return 'enter-long';
  if (rsi > FLAT_RSI && rsi >= rule.rsiShortMin) return 'enter-short';
  return 'wait';
}

function depthOf(kind: SignalKind, rsi: number, rule: SignalRule): number | null {
  if (kind === 'enter-long') return rule.rsiLongMax - rsi;
  return kind === 'enter-short' ? rsi - rule.rsiShortMin : null;
}
