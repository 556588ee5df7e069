import type { CandleSeries } from '../domain/candle-series.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import type { LearnedExitScam } from './learn-exit-scam.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'exit-scam';
const OFF = pass(FILTER, 'filter.exit-scam.off', NOTHING);

/**
 * Vetoes after a pump or a dump, whichever way it went: one candle of the newest `candles` with too large a body,
 * or too large a move over the newest `multiCandles` together. With learning on, the instrument's own
 * past gives the thresholds; where it is too short, the settings do. Value: the move in % that is
 * nearest to its threshold, or beyond it.
 */
export function exitScam(context: EntryContext): Verdict {
  const { settings, market } = context;
  if (!settings.exitScamEnabled) return OFF;
  const limits = limitsOf(context);
  const held = market.scan.candles.length;
  const needed = Math.max(limits.candles, limits.multiCandles);
  if (held < needed) {
    const few = { value: held, threshold: needed, margin: held - needed, unit: 'candles' };
    return veto(FILTER, 'filter.exit-scam.too-few', few);
  }
  const body = measure(largestBodyPct(market.scan.candles, limits.candles), limits.singlePct);
  if (body.margin < 0) return veto(FILTER, 'filter.exit-scam.candle', body);
  const move = measure(movePct(market.scan.candles, limits.multiCandles), limits.multiPct);
  if (move.margin < 0) return veto(FILTER, 'filter.exit-scam.move', move);
  const nearer = move.value / move.threshold >= body.value / body.threshold ? move : body;
  return pass(FILTER, 'filter.exit-scam.pass', nearer);
}

function limitsOf({ settings, market }: EntryContext): LearnedExitScam {
  const learned = settings.exitScamAutoLearnEnabled
    ? market.scan.learnedExitScam(settings.exitScamAggressiveness)
    : null;
  return (
    learned ?? {
      candles: settings.exitScamCandles,
      singlePct: settings.exitScamSinglePct,
      multiCandles: settings.exitScamMultiCandles,
      multiPct: settings.exitScamMultiPct,
    }
  );
}

function measure(value: number, threshold: number) {
  return { value, threshold, margin: threshold - value, unit: 'pct' };
}

function largestBodyPct(series: CandleSeries, candles: number): number {
  let largest = 0;
  for (let row = series.length - candles; row < series.length; row += 1) {
    largest = Math.max(largest, changePct(series.openAt(row), series.closeAt(row)));
  }
  return largest;
}

function movePct(series: CandleSeries, candles: number): number {
  return changePct(series.openAt(series.length - candles), series.closeAt(series.length - 1));
}

/** NaN where a candle is missing, which no threshold lets pass. */
function changePct(from: number, to: number): number {
  return (Math.abs(to - from) / from) * 100;
}
