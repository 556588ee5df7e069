import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/domain/candle.ts';
import type { DecisionRecord } from '../../src/core/engine/decision.ts';
import type { SignalSettings } from '../../src/core/signal/settings.ts';
import { BTC, CANDLE_MS, candlesOf, HISTORY_LENGTH, instrument, Story, waves } from './story.ts';

/** Falls by which a wave stands at its trough: RSI is at 28.9 % after 14 of them and at 18.5 after 20. */
const FALLS = 20;

/** Everything that has nothing to do with the parts of a signal is off. */
const ALONE = { rsiTimeEnabled: false, rsiRecheckEnabled: false, liquidityTurnoverMinUsdt: null };

interface Told {
  readonly settings?: Partial<SignalSettings>;
  /** Falls of the last wave at which the story looks. */
  readonly falls?: number;
  /** Changes the candles, oldest first. */
  readonly candles?: (candle: Candle, ago: number) => Candle;
}

/** What becomes of a long signal of BTC, at the moment its last candle has closed. */
function lookAt({ settings = {}, falls = FALLS, candles = (candle) => candle }: Told): DecisionRecord {
  const story = new Story({ signal: settings, filter: ALONE });
  story.begin(instrument(BTC));
  story.command({ kind: 'enable-auto-bot' });
  const closes = waves(HISTORY_LENGTH, 'trough').slice(0, HISTORY_LENGTH - FALLS + falls);
  const made = candlesOf(closes).map((candle, row) => candles(candle, closes.length - 1 - row));
  const last = made.at(-1)!;
  story.nowMs = last.openTimeMs + CANDLE_MS;
  story.say({ kind: 'candle-history', instrumentId: BTC, timeframe: '6h', candles: made.slice(0, -1) });
  story.close(BTC, last);
  story.price(BTC, last.close);
  story.account();
  const decisions = story.engine.step({ kind: 'timer', timeMs: story.nowMs, name: 'entry-pass' });
  const explain = decisions.find((decision) => decision.kind === 'explain');
  if (explain?.kind === 'explain') return explain.record;
  const now = story.engine.explain(BTC, story.nowMs);
  if (now === null) throw new Error('A coin with candles can be explained.');
  return now;
}

function vetoesOf(record: DecisionRecord): string[] {
  return record.verdicts.filter(({ kind }) => kind === 'veto').map(({ code }) => code);
}

/** Ranges of the newest 14 candles as wide as `range` to either side. */
function wide(range: number) {
  return (candle: Candle, ago: number): Candle =>
    ago < 14 ? { ...candle, high: candle.close + range, low: candle.close - range } : candle;
}

describe('the parts of a signal', () => {
  it('let a plain signal enter', () => {
    const record = lookAt({});
    expect(vetoesOf(record)).toEqual([]);
    expect(record.outcome).toBe('ordered');
  });

  // After 15 falls RSI stands at 26.8: beyond 29, and not beyond 24.
  it('adaptive level: a signal that is deep enough for a quiet market is not for a wild one', () => {
    expect(lookAt({ falls: 15 }).outcome).toBe('ordered');
    const wild = lookAt({ falls: 15, candles: wide(4) });
    expect(wild.outcome).toBe('vetoed');
    expect(vetoesOf(wild)).toEqual(['filter.adaptive-level.not-deep']);
    expect(wild.signalReadings?.levels).toEqual({ longMax: 24, shortMin: 76 });
    const fixed = { adaptiveEnabled: false };
    expect(lookAt({ falls: 15, candles: wide(4), settings: fixed }).outcome).toBe('ordered');
  });

  it('adaptive level: a lax market makes no signal of an RSI that is none', () => {
    const calm = lookAt({
      falls: 13,
      candles: (candle, ago) => (ago < 14 ? candle : { ...candle, high: candle.close + 9 }),
    });
    expect(calm.outcome).toBe('no-signal');
    expect(calm.signal).toMatchObject({ kind: 'wait' });
    expect(calm.signal.rsi).toBeLessThan(32);
  });

  it('divergence: without one there is no entry where it is required', () => {
    const record = lookAt({ settings: { confirmDivergenceRequired: true } });
    expect(record.outcome).toBe('vetoed');
    expect(vetoesOf(record)).toEqual(['filter.signal-confirmation.no-divergence']);
  });

  // RSI is at or below 28 on the newest six candles of the fall.
  const lasting = { rsiExtremeLow: 28, confirmStochRsiCounted: false };

  it('extreme duration: a fall that does not stop needs something that speaks for a turn', () => {
    const record = lookAt({ settings: lasting });
    expect(record.outcome).toBe('vetoed');
    expect(vetoesOf(record)).toEqual(['filter.signal-confirmation.long-extreme']);
    expect(record.signalReadings).toMatchObject({ extremeCandles: 6, confirmations: [] });
    expect(lookAt({ settings: { ...lasting, rsiExtremeCandlesMax: 6 } }).outcome).toBe('ordered');
    expect(lookAt({ settings: { ...lasting, confirmEnabled: false } }).outcome).toBe('ordered');
  });

  it('volume: rising volume speaks for it, unless it is not let count', () => {
    const louder = (candle: Candle, ago: number): Candle =>
      ago < 5 ? { ...candle, volume: 13_000 } : candle;
    const record = lookAt({ settings: lasting, candles: louder });
    expect(record.outcome).toBe('ordered');
    expect(record.signalReadings).toMatchObject({ volumeRate: 1.3, confirmations: ['volume'] });
    const deaf = { ...lasting, confirmVolumeCounted: false };
    expect(lookAt({ settings: deaf, candles: louder }).outcome).toBe('vetoed');
  });

  it('StochRSI: at the bottom of its range it speaks for it, its zero included', () => {
    const record = lookAt({ settings: { ...lasting, confirmStochRsiCounted: true } });
    expect(record.outcome).toBe('ordered');
    expect(record.signalReadings).toMatchObject({ stochRsi: { k: 0 }, confirmations: ['stoch-rsi'] });
  });

  it('says all of it even when another filter vetoes as well', () => {
    const record = lookAt({ settings: { ...lasting, confirmDivergenceRequired: true }, candles: wide(4) });
    const judged = record.verdicts.map(({ filter }) => filter);
    expect(judged).toContain('adaptive-level');
    expect(judged).toContain('signal-confirmation');
    expect(record.signalReadings?.volatility?.rate).toBeGreaterThan(1.5);
  });

  // The newest 20 closes come down from 119, above the average of 100, to 100, below it.
  it('reads the trend of two averages where a person asks for it', () => {
    expect(lookAt({}).signal.trend).toBe('down');
    const pair = { trendMethod: 'ema-pair', trendEmaLongLength: 100 } as const;
    expect(lookAt({ settings: pair }).signal.trend).toBe('down');
    expect(lookAt({ settings: { ...pair, trendConfirmCandles: 20 } }).signal.trend).toBe('neutral');
    expect(lookAt({ settings: { ...pair, trendEmaLongLength: 300 } }).signal.trend).toBeNull();
  });
});
