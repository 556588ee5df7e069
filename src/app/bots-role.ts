import { join } from 'node:path';
import { openAccess } from '../access/access.ts';
import { verifyServiceToken } from '../access/service-tokens.ts';
import { rng } from '../core/base/rng.ts';
import { parseTimeframe } from '../core/domain/timeframe.ts';
import { createBybitExchange } from '../exchange/bybit/bybit-exchange.ts';
import { createSocketTransport } from '../exchange/socket-transport.ts';
import { createBotsServer } from '../http/bots-server.ts';
import type { Logger } from '../platform/logger.ts';
import { type ProcessLock, takeProcessLock } from '../platform/process-lock.ts';
import { secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { BotsFacade } from './bots-facade.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { productFacts } from './product-facts.ts';
import { type RunningRole, runRole } from './role.ts';
import { ensureVenueKey, serviceTokens } from './service-secrets.ts';
import { currentSettings } from './settings-history.ts';
import type { Place } from './status-view.ts';
import { TradingService } from './trading-service.ts';

/** The bots service's share of the address's request budget; the rest is for protector and web. */
const RATE_SHARE = 0.8;

export interface BotsRoleOptions {
  /** Name its trading state is kept under; another name is another account. */
  readonly accountId: string;
  /** Timeframe to trade from now on; null for what the settings say. */
  readonly timeframe: string | null;
  /** The venue plays recorded candles. */
  readonly replay: boolean;
}

/** Runs the bots service until asked to end; gives the exit code. */
export function runBots(config: AppConfig, options: BotsRoleOptions): Promise<number> {
  return runRole('bots', config, (log) => startBots(config, options, log));
}

async function startBots(config: AppConfig, options: BotsRoleOptions, log: Logger): Promise<RunningRole> {
  const lock = soleBots(config);
  const tokens = await serviceTokens(config);
  const access = openAccess({ home: config.home, time: systemTime, readOnly: true });
  const store = openStore({ file: join(config.home, 'trading.db'), time: systemTime });
  const timeframe = options.timeframe === null ? null : parseTimeframe(options.timeframe);
  const settings = await currentSettings(store, systemTime.nowMs(), timeframe);
  const report = (message: string): void => log.warn(message);
  const random = rng(Number.parseInt(secureHex(4), 16));
  const exchange = await venueExchange(config, log, random);
  let onBroken: (detail: string) => void = () => undefined;
  const broken = new Promise<string>((resolve) => {
    onBroken = resolve;
  });
  const trading = new TradingService({
    exchange,
    store,
    time: systemTime,
    rng: random,
    accountId: options.accountId,
    settings,
    report,
    onBroken,
  });
  const facade = new BotsFacade({
    trading,
    store,
    time: systemTime,
    place: demoPlace(options, settings.settings.timeframe),
    version: productFacts.version,
    counters: () => exchange.counters(),
    rateUsage: () => exchange.rateUsage(),
    current: settings,
  });
  const server = createBotsServer({
    api: facade,
    auth: {
      verifyToken: (token) => access.verifyToken(token),
      verifyServiceToken: async (token) => verifyServiceToken(tokens, token),
    },
    time: systemTime,
    log: log.child('http'),
    host: config.host,
    port: config.botsPort,
    version: productFacts.version,
  });
  await server.listen();
  // The API answers while the first load runs; `/readyz` says when trading may start.
  const started = trading.start().catch((error: unknown) => {
    log.error('Trading could not start.', { detail: String(error) });
  });
  return {
    url: serviceUrl(config, config.botsPort),
    broken,
    stop: async () => {
      facade.stop();
      await server.close();
      await trading.stop();
      exchange.close();
      await started;
      await store.close();
      access.close();
      lock.release();
    },
  };
}

/** Two that decide for one account would enter twice: the second one refuses to start. */
function soleBots(config: AppConfig): ProcessLock {
  const lock = takeProcessLock(join(config.home, 'bots.lock'));
  if (lock !== null) return lock;
  throw new Error(
    `Another bots service already works on ${config.home}. End it, or give this one a home of its own with INFOBOT_HOME.`,
  );
}

async function venueExchange(config: AppConfig, log: Logger, random: ReturnType<typeof rng>) {
  const key = await ensureVenueKey(config);
  const httpBase = serviceUrl(config, config.venuePort);
  const transport = createSocketTransport({
    httpBase,
    wsBase: httpBase.replace('http', 'ws'),
    allowedHosts: [new URL(httpBase).host],
    time: systemTime,
  });
  return createBybitExchange({
    transport,
    time: systemTime,
    rng: random,
    credentials: { apiKey: key.apiKey, secret: key.apiSecret },
    share: RATE_SHARE,
    log: (message, fields) => log.warn(message, fields),
  });
}

/** What the page tells a person about the demo. */
function demoPlace(options: BotsRoleOptions, timeframe: string): Place {
  const recorded =
    'Demo on recorded candles: each is played as a shorter one, and after the last one prices stand still. Nothing here is real money.';
  const synthetic =
    timeframe === '1m'
      ? 'Demo: an invented market whose minute moves like six real hours, so that decisions are seen within minutes. Outside the demo the default is 6h candles. Nothing here is real money, and its profits say nothing about real ones.'
      : 'Demo: an invented market. Nothing here is real money.';
  return { name: 'demo', exchange: 'venue (Bybit protocol)', notice: options.replay ? recorded : synthetic };
}
