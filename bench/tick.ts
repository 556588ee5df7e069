import { EMA as DebutEma, RSI as DebutRsi } from '@debut/indicators';
import { EMA as SignalsEma, RSI as SignalsRsi } from 'trading-signals';
import { Ema } from '../src/core/indicator/ema.ts';
import { Rsi } from '../src/core/indicator/rsi.ts';
import { bareColumnsSweep, bareObjectsSweep, type Sweep } from './bare-tick.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { byTime, INSTRUMENTS, syntheticCloses } from './market.ts';
import { type Contender, measure } from './measure.ts';

/** Closes that fill every window before the clock starts, and closes of one timed sweep. */
const WARM_UP = 250;
const SWEEP = 100;
const RATIO_MAX = 1.2;

/** One close through RSI(14) and EMA 12, 26 and 200 of one instrument, instruments in turn. */
export const tickBench: Bench = {
  name: 'tick',
  run: (options) => Promise.resolve(run(options)),
};

function run({ smoke }: BenchOptions): BenchTable {
  const instruments = smoke ? 3 : INSTRUMENTS;
  const closes = byTime(syntheticCloses(instruments, WARM_UP + SWEEP));
  const enter = (name: string, sweep: Sweep): Contender => contender(name, sweep, closes);
  const rows = measure({
    contenders: [
      enter('bare loop, objects of state', bareObjectsSweep(instruments)),
      { ...enter('infobot next', nextSweep(instruments)), ratioMax: RATIO_MAX },
      enter('infobot update', updateSweep(instruments)),
      enter('bare loop, columns of state', bareColumnsSweep(instruments)),
      enter('@debut/indicators', debutSweep(instruments)),
      enter('trading-signals', signalsSweep(instruments)),
    ],
    rounds: smoke ? 1 : 9,
    repetitions: smoke ? 1 : 15,
    unit: 'ns/tick',
    unitsPerMs: 1e6 / (instruments * SWEEP),
  });
  return {
    title: `One close through RSI(14) + EMA 12, 26, 200 of one of ${instruments} instruments in turn, streaming`,
    rows,
    notes: [
      'The readings are summed, so that no contender may leave one out.',
      'next gives numbers, NaN in warm-up; update gives null instead, which costs an allocation a reading.',
      'Objects: one state object an indicator, as a program keeps them. Columns: all states in typed arrays.',
    ],
  };
}

/** Where the sums of all sweeps end, so that no engine may drop the work. */
const trace = { sum: 0 };

function contender(name: string, sweep: Sweep, closes: Float64Array): Contender {
  const timed = (closes.length * SWEEP) / (WARM_UP + SWEEP);
  const part = closes.subarray(closes.length - timed);
  sweep(closes.subarray(0, closes.length - timed));
  return {
    name,
    run: () => {
      trace.sum += sweep(part);
    },
  };
}

function infobotStates(instruments: number) {
  return Array.from({ length: instruments }, () => ({
    rsi: new Rsi(14),
    fast: new Ema(12),
    slow: new Ema(26),
    long: new Ema(200),
  }));
}

function nextSweep(instruments: number): Sweep {
  const states = infobotStates(instruments);
  return (closes) => {
    let sum = 0;
    for (let at = 0; at < closes.length; ) {
      for (const { rsi, fast, slow, long } of states) {
        const close = closes[at++]!;
        sum += rsi.next(close) + fast.next(close) + slow.next(close) + long.next(close);
      }
    }
    return sum;
  };
}

function updateSweep(instruments: number): Sweep {
  const states = infobotStates(instruments);
  return (closes) => {
    let sum = 0;
    for (let at = 0; at < closes.length; ) {
      for (const { rsi, fast, slow, long } of states) {
        const close = closes[at++]!;
        sum += rsi.update(close) ?? 0;
        sum += fast.update(close) ?? 0;
        sum += slow.update(close) ?? 0;
        sum += long.update(close) ?? 0;
      }
    }
    return sum;
  };
}

function debutSweep(instruments: number): Sweep {
  const states = Array.from({ length: instruments }, () => ({
    rsi: new DebutRsi(14),
    fast: new DebutEma(12),
    slow: new DebutEma(26),
    long: new DebutEma(200),
  }));
  return (closes) => {
    let sum = 0;
    for (let at = 0; at < closes.length; ) {
      for (const { rsi, fast, slow, long } of states) {
        const close = closes[at++]!;
        sum += rsi.nextValue(close) ?? 0;
        sum += fast.nextValue(close) ?? 0;
        sum += slow.nextValue(close) ?? 0;
        sum += long.nextValue(close) ?? 0;
      }
    }
    return sum;
  };
}

function signalsSweep(instruments: number): Sweep {
  const states = Array.from({ length: instruments }, () => ({
    rsi: new SignalsRsi(14),
    fast: new SignalsEma(12),
    slow: new SignalsEma(26),
    long: new SignalsEma(200),
  }));
  return (closes) => {
    let sum = 0;
    for (let at = 0; at < closes.length; ) {
      for (const { rsi, fast, slow, long } of states) {
        const close = closes[at++]!;
        sum += rsi.update(close, false) ?? 0;
        sum += fast.update(close, false);
        sum += slow.update(close, false);
        sum += long.update(close, false);
      }
    }
    return sum;
  };
}
