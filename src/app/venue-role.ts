import { type Access, openAccess } from '../access/access.ts';
import type { Logger } from '../platform/logger.ts';
import { equalSecret, secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import type { ControlRight } from '../venue/control.ts';
import { parseFaultWord } from '../venue/fault/fault-words.ts';
import { playScenario } from '../venue/scenario/play-scenario.ts';
import type { FoundScenario } from '../venue/scenario/scenario-library.ts';
import { startVenueServer } from '../venue/server.ts';
import { createVenue, type Venue, type VenueOptions } from '../venue/venue.ts';
import { tellSupervisor } from './child-link.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { explainBooks } from './demo-books.ts';
import { endingBooks } from './ending-books.ts';
import { type RunningRole, runRole } from './role.ts';
import {
  ensureVenueControl,
  ensureVenueKey,
  serviceTokens,
  venueControlFile,
  venueKeyFile,
} from './service-secrets.ts';
import { UsageError } from './usage-error.ts';
import { type Stage, type StageOptions, setStage } from './venue-stage.ts';

/** The demo account's number and money at the venue. */
const ACCOUNT_UID = '1001';
const ACCOUNT_USDT = '10000';
const NAME_SEED_BYTES = 4;
const MINUTE_MS = 60_000;

export interface VenueRoleOptions extends StageOptions {
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
  const stage = await setStage(config, options);
  const { market, scene } = stage;
  const venue = openVenue(stage, log, {
    market,
    time: systemTime,
    accounts: [{ apiKey: key.apiKey, apiSecret: key.apiSecret, uid: ACCOUNT_UID, walletUsdt: ACCOUNT_USDT }],
    // Names only, not the market: a venue without books must not name a new fill like one that is stored.
    seed: Number.parseInt(secureHex(NAME_SEED_BYTES), 16),
    faultSeed: scene?.scenario.seed ?? stage.seed,
    onStrike: ({ name, detail }) => log.info(`Fault ${name}.`, { detail }),
  });
  const server = await startVenueServer({
    venue,
    host: config.host,
    port: config.venuePort,
    rightOf: (token) => rightOf(token, control, access),
    log: (event, fields) => log.debug(event, fields),
  });
  venue.start();
  beginFaults(venue, options.faults);
  const stopScene = scene === null ? () => undefined : play(scene, venue, log);
  log.info('The venue plays a market.', {
    market: market.name,
    seed: stage.seed,
    account: stage.demo?.opening.account ?? 'of this start alone',
    key: venueKeyFile(config),
    control: venueControlFile(config),
  });
  return {
    url: serviceUrl(config, config.venuePort),
    stop: async () => {
      stopScene();
      venue.stop();
      await server.close();
      stage.demo?.close();
      access.close();
    },
  };
}

function openVenue({ demo }: Stage, log: Logger, options: Omit<VenueOptions, 'books'>): Venue {
  if (demo === null) return createVenue(options);
  const books = endingBooks(demo.books, demo.file, (failure) => {
    log.error('The venue cannot go on.', { detail: failure.detail });
    tellSupervisor({ kind: 'failed', ...failure });
    process.exit(failure.code);
  });
  return explainBooks(demo.file, () => createVenue({ ...options, books }));
}

async function rightOf(token: string, control: string, access: Access): Promise<ControlRight> {
  if (equalSecret(token, control)) return 'control';
  const known = await access.verifyToken(token);
  if (known === null) return 'none';
  return known.role === 'admin' ? 'look' : 'known';
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
