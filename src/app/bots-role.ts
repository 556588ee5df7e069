import { openAccess } from '../access/access.ts';
import { verifyServiceToken } from '../access/service-tokens.ts';
import { rng } from '../core/base/rng.ts';
import { parseTimeframe } from '../core/domain/timeframe.ts';
import { createBotsServer } from '../http/bots-server.ts';
import type { Logger } from '../platform/logger.ts';
import { secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import { FileHaltLatch } from '../trading/halt-latch.ts';
import { botsExchange } from './bots-exchange.ts';
import { BotsFacade } from './bots-facade.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { endJournal, journalOfInputs, pruneJournal } from './journal-of-inputs.ts';
import { keepLedger } from './ledger-job.ts';
import { productFacts } from './product-facts.ts';
import { restoredMark, restoredNotice } from './restored-mark.ts';
import { type RunningRole, runRole } from './role.ts';
import { serviceTokens } from './service-secrets.ts';
import { currentSettings } from './settings-history.ts';
import { soleBots } from './sole-bots.ts';
import { failureOf, type StartFailure } from './start-failure.ts';
import type { Place } from './status-view.ts';
import { TradingService } from './trading-service.ts';
import { openTradingStore } from './trading-store.ts';

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
  const sole = await soleBots(config);
  const tokens = await serviceTokens(config);
  const access = openAccess({ home: config.home, time: systemTime, readOnly: true });
  const store = await openTradingStore(config.home);
  const timeframe = options.timeframe === null ? null : parseTimeframe(options.timeframe);
  const settings = await currentSettings(store, systemTime.nowMs(), timeframe);
  const report = (message: string): void => log.warn(message);
  const random = rng(Number.parseInt(secureHex(4), 16));
  const { exchange, close } = botsExchange(config, { key: sole.key, log, random });
  let onBroken: (failure: StartFailure) => void = () => undefined;
  const broken = new Promise<StartFailure>((resolve) => {
    onBroken = resolve;
  });
  const inputs = journalOfInputs(config, systemTime, report);
  const account = { exchange, store, report, time: systemTime, accountId: options.accountId };
  const trading = new TradingService({
    ...{ ...account, settings, rng: random, instance: secureHex(3) },
    latch: new FileHaltLatch(config.home),
    onBroken: (detail) => onBroken({ detail, code: 1 }),
    beforeFirstStep: (engine) => inputs.begin(engine),
  });
  trading.observe(inputs);
  trading.scheduler.add(pruneJournal(inputs, config, systemTime));
  const facade = new BotsFacade({
    trading,
    ledger: keepLedger({ ...account, trading }),
    store,
    time: systemTime,
    place: await placeOf(config, options, settings.settings.timeframe),
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
    const failure = failureOf(error);
    log.error('Trading could not start.', { detail: failure.detail });
    onBroken(failure);
  });
  return {
    url: serviceUrl(config, config.botsPort),
    broken,
    stop: async () => {
      facade.stop();
      await server.close();
      await trading.stop();
      await endJournal(inputs, systemTime);
      await close();
      await started;
      await store.close();
      access.close();
      await sole.release();
    },
  };
}

/** That a home was restored is told before anything else about the place. */
async function placeOf(config: AppConfig, options: BotsRoleOptions, timeframe: string): Promise<Place> {
  const place = demoPlace(options, timeframe);
  const first = restoredNotice(await restoredMark(config.home));
  return first === null ? place : { ...place, notice: `${first} ${place.notice ?? ''}`.trim() };
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
