import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runBacktest } from '../src/backtest/backtest.ts';
import { backtestOptionsSchema } from '../src/backtest/options.ts';
import type { PastInstrument, PastMarket } from '../src/backtest/past-market.ts';
import { assert } from '../src/core/base/assert.ts';
import { type TradingSettings, tradingSettingsSchema } from '../src/core/engine/settings.ts';
import { rsiColumn } from '../src/core/indicator/rsi.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { CANDLES_OF_YEAR, INSTRUMENTS } from './market.ts';
import { type Contender, measure } from './measure.ts';
import { syntheticMarket } from './past-market.ts';
import { START_MS, STEP_MS, TIMEFRAME } from './scripted-engine.ts';

/**
 * Each coin alone through a year: RSI 14 in at 29 and 71, out at 65 and 35, at the next open. A peer takes part when
 * INFOBOT_BENCH_PEERS names a folder it is installed in; no dependency of ours is made of it.
 */
export const backtestPeersBench: Bench = {
  name: 'backtest-peers',
  run: (options) => Promise.resolve(run(options)),
};

const RSI_LENGTH = 14;

/** What a peer is shown of a candle. */
interface PeerBar {
  readonly time: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly rsi: number;
}

/** The part of grademark 0.3.0 and of its tables that is used. */
interface Grademark {
  readonly backtest: (
    strategy: {
      readonly entryRule: (enter: (how: { direction: string }) => void, seen: { bar: PeerBar }) => void;
      readonly exitRule: (leave: () => void, seen: { bar: PeerBar; position: { direction: string } }) => void;
    },
    table: object,
  ) => readonly object[];
  readonly DataFrame: new (content: { readonly values: readonly PeerBar[] }) => object;
}

/** Trades of all runs, so that no engine may drop the work. */
let traded = 0;

function run({ smoke }: BenchOptions): BenchTable {
  const instruments = smoke ? 3 : INSTRUMENTS;
  const candles = smoke ? 300 : CANDLES_OF_YEAR;
  const market = syntheticMarket(instruments, candles);
  const settings = openSettings();
  const ours: Contender = {
    name: 'infobot: engine, exact books, fees, stops, path inside candles',
    run: () => walkEach(market, settings),
  };
  const peer = grademark();
  const others = peer === null ? [] : [peerOf(peer, market)];
  const rows = measure({
    contenders: [ours, ...others],
    rounds: smoke ? 1 : 3,
    repetitions: 1,
    unit: 'ms',
    unitsPerMs: 1,
  });
  assert(smoke || traded > 0, 'The walks have traded.');
  return {
    title: `${instruments} coins x ${candles} candles of ${TIMEFRAME}, each alone, one RSI rule`,
    rows,
    notes: [
      'grademark 0.3.0 is given RSI, knows no fees, no money and no quantities, and never leaves and enters on one bar.',
      ...(peer === null
        ? ['No peer: INFOBOT_BENCH_PEERS names no folder with grademark and data-forge.']
        : []),
    ],
  };
}

/** No filter keeps an entry away, and nothing but RSI and a far stop ends it. */
function openSettings(): TradingSettings {
  const filter = {
    maturityEnabled: false,
    rsiTimeEnabled: false,
    exitScamEnabled: false,
    rsiRecheckEnabled: false,
    lossReentryEnabled: false,
    quarantineEnabled: false,
    avoidDownTrend: false,
    avoidUpTrend: false,
    liquidityTurnoverMinUsdt: null,
    spreadPctMax: null,
    correlationPositionsMax: null,
  };
  const signal = { adaptiveEnabled: false, confirmEnabled: false };
  const rsi = { rsiExitLongAgainstTrend: 65, rsiExitShortAgainstTrend: 35 };
  const exit = {
    stopLossPct: 50,
    takeProfitPct: null,
    breakEvenTriggerPct: null,
    trailingActivationPct: null,
    ...rsi,
  };
  const risk = { positionNotionalUsdt: 100 };
  return tradingSettingsSchema.parse({ timeframe: TIMEFRAME, filter, signal, exit, risk });
}

function walkEach(market: PastMarket, settings: TradingSettings): void {
  const options = backtestOptionsSchema.parse({});
  for (const past of market.instruments) {
    const alone = { ...market, instruments: [past] };
    const span = { fromMs: null, toMs: null, engineVersion: 'bench' };
    traded += runBacktest({ market: alone, settings, instruments: new Map(), options, ...span }).trades
      .length;
  }
}

function peerOf({ backtest, DataFrame }: Grademark, market: PastMarket): Contender {
  const strategy: Parameters<Grademark['backtest']>[0] = {
    entryRule: (enter, { bar }) => {
      if (bar.rsi <= 29) enter({ direction: 'long' });
      else if (bar.rsi >= 71) enter({ direction: 'short' });
    },
    exitRule: (leave, { bar, position }) => {
      if (position.direction === 'long' ? bar.rsi >= 65 : bar.rsi <= 35) leave();
    },
  };
  const tables = market.instruments.map((past) => new DataFrame({ values: barsOf(past) }));
  return {
    name: 'grademark: RSI given, no fees',
    run: () => {
      for (const table of tables) traded += backtest(strategy, table).length;
    },
  };
}

function barsOf({ decided }: PastInstrument): readonly PeerBar[] {
  const { open, high, low, close, volume, count } = decided;
  const rsi = new Float64Array(count);
  rsiColumn({ input: close, length: RSI_LENGTH, output: rsi });
  const at = (column: Float64Array, row: number): number => column[row] ?? Number.NaN;
  return Array.from({ length: count }, (_, row) => ({
    time: new Date(START_MS + row * STEP_MS),
    open: at(open, row),
    high: at(high, row),
    low: at(low, row),
    close: at(close, row),
    volume: at(volume, row),
    rsi: at(rsi, row),
  }));
}

/** Null where it is not installed. */
function grademark(): Grademark | null {
  const folder = process.env['INFOBOT_BENCH_PEERS'];
  if (folder === undefined) return null;
  const load = createRequire(join(folder, 'package.json'));
  try {
    const { backtest } = load('grademark') as Pick<Grademark, 'backtest'>;
    const { DataFrame } = load('data-forge') as Pick<Grademark, 'DataFrame'>;
    return { backtest, DataFrame };
  } catch {
    return null;
  }
}
