import type { SignalReadingsView } from '../../../../src/api/signal-readings.ts';
import { figure, NONE, price, rsi, signedPct } from '../../format.ts';
import { DECISION_TEXT } from './text.ts';

const TEXT = DECISION_TEXT.around;

/** What was read around a signal, each with its name. */
export function signalFacts(readings: SignalReadingsView): readonly (readonly [string, string])[] {
  const { volatility, levels, divergence, volumeRate, stochRsi } = readings;
  return [
    [TEXT.volatility, volatility === null ? NONE : TEXT.times(volatility.rate.toFixed(2))],
    [TEXT.range, volatility === null ? NONE : signedPct(volatility.atrPct).replace('+', '')],
    [TEXT.levels, levels === null ? NONE : TEXT.between(figure(levels.longMax), figure(levels.shortMin))],
    [TEXT.divergence, divergenceWords(divergence)],
    [TEXT.volume, volumeRate === null ? NONE : TEXT.volumeTimes(volumeRate.toFixed(2))],
    [TEXT.stochRsi, stochRsi === null ? NONE : TEXT.stoch(rsi(stochRsi.k), rsi(stochRsi.d))],
    [TEXT.extreme, figure(readings.extremeCandles)],
    [TEXT.confirmations, readings.confirmations.map((part) => TEXT.parts[part]).join(', ') || TEXT.nothing],
  ];
}

function divergenceWords({ found, earlier, later }: SignalReadingsView['divergence']): string {
  if (earlier === null || later === null) return TEXT.noSwings;
  const swings = TEXT.swings(swingWords(earlier), swingWords(later));
  return found ? swings : `${TEXT.none}: ${swings}`;
}

function swingWords(swing: { readonly price: number; readonly rsi: number }): string {
  return TEXT.swing(price(swing.price), rsi(swing.rsi));
}
