import { resolve } from 'node:path';
import { ensure } from '../core/base/assert.ts';
import { parseTimeframe } from '../core/domain/timeframe.ts';
import { readTextFile } from '../platform/files.ts';
import { sha256Hex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import { parseInstrumentTable, type TabledInstrument } from '../venue/market/instrument-table.ts';
import type { MarketSource } from '../venue/market/market-source.ts';
import { replayMarket } from '../venue/market/replay.ts';
import { syntheticMarket, tabledMarket } from '../venue/market/synthetic.ts';
import { type FoundScenario, findScenario } from '../venue/scenario/scenario-library.ts';
import { scenarioMarket } from '../venue/scenario/scenario-market.ts';
import type { AppConfig } from './config.ts';
import {
  type DemoBooks,
  type DemoMarket,
  type DemoOpening,
  openDemoBooks,
  type WantedMarket,
} from './demo-books.ts';
import { UsageError } from './usage-error.ts';

/** A list of a thousand contracts has one. */
const TABLE_BYTES_MAX = 16 * 1024 * 1024;

/** Which market, and whose books. */
export interface StageOptions {
  /** Folder of candle files; null for the synthetic market. */
  readonly replay: string | null;
  readonly timeframe: string;
  /** Null for these three: as the demo account's books have it, else the usual. */
  readonly seed: number | null;
  readonly instruments: number | null;
  readonly scale: 'real' | 'demo' | null;
  /** A list of contracts as Bybit publishes it, in place of invented ones; null for none. */
  readonly instrumentFile: string | null;
  /** A shipped scenario's name, or a file; null for none. Its market is played instead of the one above. */
  readonly scenario: string | null;
  /** Opens a new demo account. */
  readonly freshDemo: boolean;
  /** The demo account whose books must be there; null for whichever there is, or a new one. */
  readonly account: string | null;
}

/** What a venue plays, and in whose books it writes. */
export interface Stage {
  readonly market: MarketSource;
  readonly scene: FoundScenario | null;
  readonly seed: number;
  /** Null for a scenario: it begins with books of its own, and they end with it. */
  readonly demo: DemoBooks | null;
}

/** Opens market and books as asked for; rejects with a sentence when they cannot be had. */
export async function setStage(config: AppConfig, options: StageOptions): Promise<Stage> {
  if (options.scenario !== null) {
    const scene = await sceneOf(options.scenario);
    const { market, seed } = scene.scenario;
    const played = await scenarioMarket(market, { startMs: systemTime.nowMs(), file: scene.file });
    return { market: played, scene, seed, demo: null };
  }
  const table = options.instrumentFile === null ? null : await tableOf(options.instrumentFile);
  const demo = openDemoBooks(config.home, {
    wanted: wantedMarket(options, table),
    usual: USUAL_MARKET,
    fresh: options.freshDemo,
    account: options.account,
  });
  try {
    const market = await marketOf(demo.opening, table);
    return { market, scene: null, seed: demo.opening.market.seed, demo };
  } catch (error) {
    demo.close();
    throw error;
  }
}

const USUAL_MARKET: DemoMarket = {
  seed: 1,
  scale: 'real',
  instruments: 600,
  contracts: '',
  replay: '',
  timeframe: '',
};

function wantedMarket(options: StageOptions, table: NamedTable | null): WantedMarket {
  const { seed, scale, instruments } = options;
  const typedSeed = seed === null ? {} : { seed };
  if (options.replay !== null) {
    const replay = resolve(options.replay);
    return { ...typedSeed, instruments: 0, contracts: '', replay, timeframe: options.timeframe };
  }
  return {
    ...typedSeed,
    ...(scale === null ? {} : { scale }),
    ...(table === null && instruments !== null ? { instruments } : {}),
    ...(table === null ? {} : { instruments: 0 }),
    contracts: table?.hash ?? '',
    replay: '',
  };
}

async function sceneOf(nameOrFile: string): Promise<FoundScenario> {
  const found = await findScenario(nameOrFile);
  if (!found.ok) throw new UsageError(found.error);
  return found.value;
}

async function marketOf(
  { market, epochMs: startMs }: DemoOpening,
  table: NamedTable | null,
): Promise<MarketSource> {
  const { seed, scale: candleScale, instruments, replay } = market;
  if (table !== null) return tabledMarket({ seed, table: table.rows, startMs, candleScale });
  if (replay === '') return syntheticMarket({ seed, instrumentCount: instruments, startMs, candleScale });
  const timeframe = ensure(
    parseTimeframe(market.timeframe),
    'The command line offers only timeframes there are.',
  );
  return replayMarket({ folder: replay, timeframe, startMs, seed });
}

/** A list of contracts, and what names it. */
interface NamedTable {
  readonly rows: readonly TabledInstrument[];
  readonly hash: string;
}

async function tableOf(file: string): Promise<NamedTable> {
  const text = await readTextFile(file, TABLE_BYTES_MAX);
  if (!text.ok) throw new UsageError(`--instruments: ${text.error.detail}`);
  const table = parseInstrumentTable(text.value);
  if (!table.ok) throw new UsageError(`--instruments ${file}: ${table.error}`);
  return { rows: table.value, hash: sha256Hex(text.value) };
}
