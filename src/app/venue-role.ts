import { openAccess } from '../access/access.ts';
import { ensure } from '../core/base/assert.ts';
import { parseTimeframe } from '../core/domain/timeframe.ts';
import type { Logger } from '../platform/logger.ts';
import { secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import type { MarketSource } from '../venue/market/market-source.ts';
import { replayMarket } from '../venue/market/replay.ts';
import { syntheticMarket } from '../venue/market/synthetic.ts';
import { startVenueServer } from '../venue/server.ts';
import { createVenue } from '../venue/venue.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { type RunningRole, runRole } from './role.ts';
import { ensureVenueKey, serviceTokens, venueKeyFile } from './service-secrets.ts';

/** The demo account's number and money at the venue. */
const ACCOUNT_UID = '1001';
const ACCOUNT_USDT = '10000';
const NAME_SEED_BYTES = 4;

export interface VenueRoleOptions {
  /** Folder of candle files; null for the synthetic market. */
  readonly replay: string | null;
  readonly timeframe: string;
  readonly seed: number;
  readonly instruments: number;
  readonly scale: 'real' | 'demo';
}

/** Runs the local exchange until asked to end; gives the exit code. */
export function runVenue(config: AppConfig, options: VenueRoleOptions): Promise<number> {
  return runRole('venue', config, (log) => startVenue(config, options, log));
}

async function startVenue(config: AppConfig, options: VenueRoleOptions, log: Logger): Promise<RunningRole> {
  await serviceTokens(config);
  const key = await ensureVenueKey(config);
  const access = openAccess({ home: config.home, time: systemTime, readOnly: true });
  const market = await marketOf(options);
  const venue = createVenue({
    market,
    time: systemTime,
    accounts: [{ apiKey: key.apiKey, apiSecret: key.apiSecret, uid: ACCOUNT_UID, walletUsdt: ACCOUNT_USDT }],
    // Names only, not the market: a venue that was started again must not name a new fill like one that is stored.
    seed: Number.parseInt(secureHex(NAME_SEED_BYTES), 16),
  });
  const server = await startVenueServer({
    venue,
    host: config.host,
    port: config.venuePort,
    verifyAdmin: async (token) => (await access.verifyToken(token))?.role === 'admin',
    log: (event, fields) => log.debug(event, fields),
  });
  venue.start();
  log.info('The venue plays a market.', {
    market: market.name,
    seed: options.seed,
    key: venueKeyFile(config),
  });
  return {
    url: serviceUrl(config, config.venuePort),
    stop: async () => {
      venue.stop();
      await server.close();
      access.close();
    },
  };
}

async function marketOf(options: VenueRoleOptions): Promise<MarketSource> {
  const startMs = systemTime.nowMs();
  if (options.replay === null) {
    const { seed, instruments, scale } = options;
    return syntheticMarket({ seed, instrumentCount: instruments, startMs, candleScale: scale });
  }
  const timeframe = ensure(
    parseTimeframe(options.timeframe),
    'The command line offers only timeframes there are.',
  );
  return replayMarket({ folder: options.replay, timeframe, startMs, seed: options.seed });
}
