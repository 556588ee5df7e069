import { EMA as DebutEma, RSI as DebutRsi } from '@debut/indicators';
import { IndicatorsSync } from '@ixjb94/indicators';
import { EMA as TechnicalEma, RSI as TechnicalRsi } from 'technicalindicators';
import { EMA as SignalsEma, RSI as SignalsRsi } from 'trading-signals';
import { emaColumn } from '../src/core/indicator/ema.ts';
import { rsiColumn } from '../src/core/indicator/rsi.ts';
import { bareEma, bareRsi } from './bare-loop.ts';
import type { Bench, BenchOptions, BenchRow, BenchTable } from './bench.ts';
import { CANDLES_OF_YEAR, INSTRUMENTS, syntheticCloses } from './market.ts';
import { type Contender, measure } from './measure.ts';

const RSI_LENGTH = 14;
const EMA_LENGTHS = [12, 26, 200];
/** Against the bare loop: the price of checks and of one shape for all indicators. */
const RATIO_MAX = 1.2;

/** Whole columns at once: RSI(14), and EMA 12 + 26 + 200, of every instrument's year. */
export const indicatorsBench: Bench = {
  name: 'indicators',
  run: (options) => Promise.resolve(run(options)),
};

function run({ smoke }: BenchOptions): BenchTable {
  const instruments = smoke ? 3 : INSTRUMENTS;
  const columns = syntheticCloses(instruments, smoke ? 250 : CANDLES_OF_YEAR);
  return {
    title: `RSI(14) and EMA 12+26+200 of ${instruments} x ${columns[0]?.length} closes, batch`,
    rows: [...rows('RSI', rsiContenders(columns), smoke), ...rows('EMA', emaContenders(columns), smoke)],
    notes: [
      'The bare loop and ours write into one reused column; every library allocates its own output.',
      'Libraries get their preferred input before the clock: arrays of numbers.',
      '@ixjb94/indicators and trading-signals seed EMA with the first value, the others with the plain mean.',
      'technicalindicators rounds RSI to 2 decimals. grademark has no indicators of its own.',
    ],
  };
}

function rows(what: string, contenders: readonly [Contender, ...Contender[]], smoke: boolean): BenchRow[] {
  const measured = measure({
    contenders,
    rounds: smoke ? 1 : 9,
    repetitions: smoke ? 1 : 7,
    unit: 'ms',
    unitsPerMs: 1,
  });
  return measured.map((row) => ({ ...row, name: `${what} ${row.name}` }));
}

function rsiContenders(columns: readonly Float64Array[]): [Contender, ...Contender[]] {
  const arrays = columns.map((column) => [...column]);
  const output = new Float64Array(columns[0]?.length ?? 0);
  const ixjb = new IndicatorsSync();
  return [
    { name: 'bare loop', run: overAll(columns, (closes) => bareRsi(closes, RSI_LENGTH, output)) },
    {
      name: 'infobot',
      run: overAll(columns, (input) => rsiColumn({ input, length: RSI_LENGTH, output })),
      ratioMax: RATIO_MAX,
    },
    { name: '@ixjb94/indicators', run: overAll(arrays, (closes) => ixjb.rsi(closes, RSI_LENGTH)) },
    {
      name: '@debut/indicators',
      run: overAll(arrays, (closes) => debutColumn(new DebutRsi(RSI_LENGTH), closes)),
    },
    { name: 'trading-signals', run: overAll(arrays, (closes) => signalsRsi(closes)) },
    {
      name: 'technicalindicators',
      run: overAll(arrays, (values) => TechnicalRsi.calculate({ period: RSI_LENGTH, values })),
    },
  ];
}

function emaContenders(columns: readonly Float64Array[]): [Contender, ...Contender[]] {
  const arrays = columns.map((column) => [...column]);
  const output = new Float64Array(columns[0]?.length ?? 0);
  const ixjb = new IndicatorsSync();
  const over = <T>(series: readonly T[], work: (one: T, length: number) => unknown): (() => void) => {
    const runs = EMA_LENGTHS.map((length) => overAll(series, (one) => work(one, length)));
    return () => {
      for (const one of runs) one();
    };
  };
  return [
    { name: 'bare loop', run: over(columns, (values, length) => bareEma(values, length, output)) },
    {
      name: 'infobot',
      run: over(columns, (input, length) => emaColumn({ input, length, output })),
      ratioMax: RATIO_MAX,
    },
    { name: '@ixjb94/indicators', run: over(arrays, (values, length) => ixjb.ema(values, length)) },
    {
      name: '@debut/indicators',
      run: over(arrays, (values, length) => debutColumn(new DebutEma(length), values)),
    },
    { name: 'trading-signals', run: over(arrays, signalsEma) },
    {
      name: 'technicalindicators',
      run: over(arrays, (values, period) => TechnicalEma.calculate({ period, values })),
    },
  ];
}

/** Keeps the last result of each sweep, so that no engine may drop the work. */
let kept: unknown = null;

function overAll<T>(series: readonly T[], work: (one: T) => unknown): () => void {
  return () => {
    for (const one of series) kept = work(one) ?? kept;
  };
}

interface DebutIndicator {
  nextValue(value: number): number | undefined;
}

function debutColumn(indicator: DebutIndicator, values: readonly number[]): (number | undefined)[] {
  return values.map((value) => indicator.nextValue(value));
}

function signalsRsi(closes: readonly number[]): (number | null)[] {
  const rsi = new SignalsRsi(RSI_LENGTH);
  return closes.map((close) => rsi.update(close, false));
}

/** Asked for `isStable` it throws and catches inside on each value of warm-up; the plain update is its fast way. */
function signalsEma(values: readonly number[], length: number): number[] {
  const ema = new SignalsEma(length);
  return values.map((value) => ema.update(value, false));
}
