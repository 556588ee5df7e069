import { openAccess } from '../access/access.ts';
import { ensure } from '../core/base/assert.ts';
import { parseTimeframe } from '../core/domain/timeframe.ts';
import { readTextFile } from '../platform/files.ts';
import type { Logger } from '../platform/logger.ts';
import { equalSecret, secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import { parseFaultWord } from '../venue/fault/fault-words.ts';
import { parseInstrumentTable, type TabledInstrument } from '../venue/market/instrument-table.ts';
import type { MarketSource } from '../venue/market/market-source.ts';
import { replayMarket } from '../venue/market/replay.ts';
import { syntheticMarket, tabledMarket } from '../venue/market/synthetic.ts';
import { playScenario } from '../venue/scenario/play-scenario.ts';
import { type FoundScenario, findScenario } from '../venue/scenario/scenario-library.ts';
import { scenarioMarket } from '../venue/scenario/scenario-market.ts';
import { startVenueServer } from '../venue/server.ts';
import { createVenue, type Venue } from '../venue/venue.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { type RunningRole, runRole } from './role.ts';
import {
  ensureVenueControl,
  ensureVenueKey,
  serviceTokens,
  venueControlFile,
  venueKeyFile,
} from './service-secrets.ts';
import { UsageError } from './usage-error.ts';

/** The demo account's number and money at the venue. */
const ACCOUNT_UID = '1001';
const ACCOUNT_USDT = '10000';
const NAME_SEED_BYTES = 4;
/** A list of a thousand contracts has one. */
const TABLE_BYTES_MAX = 16 * 1024 * 1024;
const MINUTE_MS = 60_000;

export interface VenueRoleOptions {
  /** Folder of candle files; null for the synthetic market. */
  readonly replay: string | null;
  readonly timeframe: string;
  readonly seed: number;
  readonly instruments: number;
  /** A list of contracts as Bybit publishes it, in place of invented ones; null for none. */
  readonly instrumentFile: string | null;
  readonly scale: 'real' | 'demo';
  /** A shipped scenario's name, or a file; null for none. Its market is played instead of the one above. */
  readonly scenario: string | null;
  /** Faults active from the start, as `name` or `name:param=value,...`. */
  readonly faults: readonly string[];
}

/** Runs the local exchange until asked to end; gives the exit code. */
export function runVenue(config: AppConfig, options: VenueRoleOptions): Promise<number> {
  return runRole('venue', config, (log) => startVenue(config, options, log));
}

async function startVenue(config: AppConfig, options: VenueRoleOptions, log: Logger): Promise<RunningRole> {
  await serviceTokens(config);
  const key = await ensureVenueKey(config);
  const access = openAccess({ home: config.home, time: systemTime, readOnly: true });
  const control = await ensureVenueControl(config);
  const scene = options.scenario === null ? null : await sceneOf(options.scenario);
  const market = await marketOf(options, scene);
  const venue = createVenue({
    market,
    time: systemTime,
    accounts: [{ apiKey: key.apiKey, apiSecret: key.apiSecret, uid: ACCOUNT_UID, walletUsdt: ACCOUNT_USDT }],
    // Names only, not the market: a venue that was started again must not name a new fill like one that is stored.
    seed: Number.parseInt(secureHex(NAME_SEED_BYTES), 16),
    faultSeed: scene?.scenario.seed ?? options.seed,
    onStrike: ({ name, detail }) => log.info(`Fault ${name}.`, { detail }),
  });
  const server = await startVenueServer({
    venue,
    host: config.host,
    port: config.venuePort,
    rightOf: async (token) => {
      if (equalSecret(token, control)) return 'control';
      return (await access.verifyToken(token))?.role === 'admin' ? 'look' : 'none';
    },
    log: (event, fields) => log.debug(event, fields),
  });
  venue.start();
  beginFaults(venue, options.faults);
  const stopScene = scene === null ? () => undefined : play(scene, venue, log);
  log.info('The venue plays a market.', {
    market: market.name,
    seed: options.seed,
    key: venueKeyFile(config),
    control: venueControlFile(config),
  });
  return {
    url: serviceUrl(config, config.venuePort),
    stop: async () => {
      stopScene();
      venue.stop();
      await server.close();
      access.close();
    },
  };
}

async function sceneOf(nameOrFile: string): Promise<FoundScenario> {
  const found = await findScenario(nameOrFile);
  if (!found.ok) throw new UsageError(found.error);
  return found.value;
}

function beginFaults(venue: Venue, words: readonly string[]): void {
  for (const word of words) {
    const fault = parseFaultWord(word);
    const begun = fault.ok ? venue.faults.add(fault.value) : fault;
    if (!begun.ok) throw new UsageError(`--fault ${word}: ${begun.error}`);
  }
}

function play({ scenario }: FoundScenario, venue: Venue, log: Logger): () => void {
  log.info(`Scenario ${scenario.name}: ${scenario.purpose}`, { minutes: scenario.length / MINUTE_MS });
  return playScenario({
    scenario,
    venue,
    time: systemTime,
    tell: ({ deed }) => log.info(`Scenario: ${deed}.`, {}),
  });
}

async function marketOf(options: VenueRoleOptions, scene: FoundScenario | null): Promise<MarketSource> {
  const startMs = systemTime.nowMs();
  if (scene !== null) return scenarioMarket(scene.scenario.market, { startMs, file: scene.file });
  if (options.replay === null) {
    const { seed, instruments, scale } = options;
    if (options.instrumentFile !== null) {
      const table = await tableOf(options.instrumentFile);
      return tabledMarket({ seed, table, startMs, candleScale: scale });
    }
    return syntheticMarket({ seed, instrumentCount: instruments, startMs, candleScale: scale });
  }
  const timeframe = ensure(
    parseTimeframe(options.timeframe),
    'The command line offers only timeframes there are.',
  );
  return replayMarket({ folder: options.replay, timeframe, startMs, seed: options.seed });
}

async function tableOf(file: string): Promise<readonly TabledInstrument[]> {
  const text = await readTextFile(file, TABLE_BYTES_MAX);
  if (!text.ok) throw new UsageError(`--instruments: ${text.error.detail}`);
  const table = parseInstrumentTable(text.value);
  if (!table.ok) throw new UsageError(`--instruments ${file}: ${table.error}`);
  return table.value;
}
