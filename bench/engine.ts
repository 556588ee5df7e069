import { assert } from '../src/core/base/assert.ts';
import type { InstrumentId } from '../src/core/domain/instrument.ts';
import { Engine } from '../src/core/engine/engine.ts';
import {
  DEFAULT_TRADING_SETTINGS,
  type TradingSettings,
  tradingSettingsSchema,
} from '../src/core/engine/settings.ts';
import type { Bench, BenchOptions, BenchRow, BenchTable } from './bench.ts';
import { byTime, CANDLES_OF_YEAR, INSTRUMENTS, syntheticCloses } from './market.ts';
import { measure } from './measure.ts';
import { candleAt, instrumentIds, introduce, START_MS, STEP_MS } from './scripted-engine.ts';

/** What looks at the past of a signal and at the market around it, switched off: RSI, trend and the first eight filters. */
export const FIRST_RULES = tradingSettingsSchema.parse({
  signal: { adaptiveEnabled: false, confirmEnabled: false },
  filter: {
    rsiTimeEnabled: false,
    exitScamEnabled: false,
    rsiRecheckEnabled: false,
    lossReentryEnabled: false,
    quarantineEnabled: false,
    liquidityTurnoverMinUsdt: null,
    spreadPctMax: null,
    fundingPctMaxPerDay: null,
    correlationPositionsMax: null,
  },
});

/** Candles through the whole engine: a year of every instrument, and one close of all of them. */
export const engineBench: Bench = {
  name: 'engine',
  run: (options) => Promise.resolve(run(options)),
};

function run({ smoke }: BenchOptions): BenchTable {
  const instruments = smoke ? 3 : INSTRUMENTS;
  const candles = smoke ? 120 : CANDLES_OF_YEAR;
  return {
    title: `engine.step, ${instruments} instruments x ${candles} candles of 6h in order of time`,
    rows: [...yearRows(instruments, candles, smoke), ...closeRows(instruments, smoke)],
    notes: [
      'A year: every candle is an event with its objects made inside the clock; entry signals run all filters and explain themselves.',
      '3 million candles a second are 333 ns a candle.',
      'One close, quiet: the market of the year. One close, panic: every instrument falls to an entry signal at once.',
    ],
  };
}

/** Where the counts of all runs end, so that no engine may drop the work. */
let counted = 0;

function yearRows(instruments: number, candles: number, smoke: boolean): BenchRow[] {
  const closes = byTime(syntheticCloses(instruments, candles));
  const ids = instrumentIds(instruments);
  return measure({
    contenders: [
      { name: 'bare loop, RSI(14) and its thresholds', run: () => bareYear(closes, instruments) },
      { name: 'infobot engine.step', run: () => engineYear(closes, ids, DEFAULT_TRADING_SETTINGS) },
      { name: 'the same, later rules off', run: () => engineYear(closes, ids, FIRST_RULES) },
    ],
    rounds: smoke ? 1 : 5,
    repetitions: 1,
    unit: 'ns/candle',
    unitsPerMs: 1e6 / closes.length,
  });
}

function engineYear(closes: Float64Array, ids: readonly InstrumentId[], settings: TradingSettings): void {
  const engine = openEngine(ids, settings);
  for (let at = 0; at < closes.length; at += 1) {
    const row = Math.floor(at / ids.length);
    const decisions = stepCandle(engine, ids[at % ids.length] as InstrumentId, row, closes[at] as number);
    counted += decisions;
  }
}

function bareYear(closes: Float64Array, instruments: number): void {
  const last = new Float64Array(instruments);
  const moved = new Float64Array(instruments);
  const drift = new Float64Array(instruments);
  const { rsiLength, rsiLongMax, rsiShortMin } = DEFAULT_TRADING_SETTINGS.signal;
  const keep = (rsiLength - 1) / rsiLength;
  for (let at = 0; at < closes.length; at += 1) {
    const instrument = at % instruments;
    const close = closes[at] as number;
    const change = close - (last[instrument] as number);
    last[instrument] = close;
    moved[instrument] = (moved[instrument] as number) * keep + Math.abs(change);
    drift[instrument] = (drift[instrument] as number) * keep + change;
    const rsi = 50 + 50 * ((drift[instrument] as number) / (moved[instrument] as number));
    if (rsi <= rsiLongMax || rsi >= rsiShortMin) counted += 1;
  }
}

/** One close of all instruments, decided and ranked, with entries allowed and Auto Bot on. */
function closeRows(instruments: number, smoke: boolean): BenchRow[] {
  const ids = instrumentIds(instruments);
  const quiet = closing(ids, 1);
  const panic = closing(ids, 0.7);
  const rows = measure({
    contenders: [
      { name: `one close of ${instruments}, quiet`, run: quiet },
      { name: `one close of ${instruments}, panic`, run: panic },
    ],
    rounds: smoke ? 1 : 9,
    repetitions: smoke ? 1 : 9,
    unit: 'ms',
    unitsPerMs: 1,
  });
  assert(counted > 0, 'The engine has decided something.');
  return rows.map((row) => ({ ...row, ratio: null }));
}

/** Each call closes the next candle of every instrument at `factor` times its usual price, then ranks. */
function closing(ids: readonly InstrumentId[], factor: number): () => void {
  const warmUp = 300;
  const columns = syntheticCloses(ids.length, warmUp);
  const engine = openEngine(ids);
  for (let row = 0; row < warmUp; row += 1) {
    for (const [index, id] of ids.entries()) stepCandle(engine, id, row, columns[index]?.[row] ?? 1);
  }
  let row = warmUp;
  let level = 1;
  return () => {
    level *= factor;
    for (const [index, id] of ids.entries()) {
      const usual = columns[index]?.[row % warmUp] ?? 1;
      counted += stepCandle(engine, id, row, factor === 1 ? usual : usual * level);
    }
    const timeMs = START_MS + (row + 1) * STEP_MS;
    counted += engine.step({ kind: 'timer', timeMs, name: 'entry-pass' }).length;
    row += 1;
  };
}

function stepCandle(engine: Engine, instrumentId: InstrumentId, row: number, close: number): number {
  return engine.step(candleAt(instrumentId, row, close)).length;
}

function openEngine(ids: readonly InstrumentId[], settings = DEFAULT_TRADING_SETTINGS): Engine {
  const engine = new Engine({ settings, settingsVersion: 0 });
  introduce(engine, ids);
  return engine;
}
