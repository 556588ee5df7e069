import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { claimOnMachine, holderOnMachine } from '../platform/machine-claim.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { systemTime } from '../platform/time.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { ensureVenueKey, type VenueKey } from './service-secrets.ts';

/** That this is the only bots service of its home, and of its account on this machine. */
export interface SoleBots {
  readonly key: VenueKey;
  readonly release: () => Promise<void>;
}

/**
 * Two that decide for one account would enter twice: the second one refuses to start, with a sentence that names the
 * first. A copied home is another home with the same key: the account is claimed on the machine besides.
 */
export async function soleBots(config: AppConfig): Promise<SoleBots> {
  const lock = takeProcessLock(join(config.home, 'bots.lock'));
  const key = await ensureVenueKey(config);
  const name = claimName(key, serviceUrl(config, config.venuePort));
  if (lock === null) throw new Error(homeTaken(config.home, await holderOnMachine(name)));
  try {
    const since = new Date(systemTime.nowMs()).toISOString().slice(0, 19).replace('T', ' ');
    const words = `process ${process.pid} on ${config.home}, since ${since} UTC`;
    const outcome = await claimOnMachine(name, words);
    if (outcome.kind === 'held') throw new Error(accountTaken(outcome.by));
    const release = async () => {
      await outcome.claim.release();
      lock.release();
    };
    return { key, release };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The same for every process that signs with this key at this exchange, and no word of the key. */
function claimName({ apiKey, apiSecret }: VenueKey, exchange: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([exchange, apiKey, apiSecret]))
    .digest('hex');
  return `infobot-account-${digest.slice(0, 32)}`;
}

function homeTaken(home: string, holder: string): string {
  const who = holder === '' ? '' : ` (${holder})`;
  return `Another bots service already works on ${home}${who}. End it, or give this one a home of its own with INFOBOT_HOME.`;
}

function accountTaken(holder: string): string {
  const who = holder === '' ? 'Another bots service of this machine' : `The bots service of ${holder},`;
  return `${who} already trades with the API key of this home: the home was copied. End one of the two, or give this one a key of its own: two that decide for one account would enter twice.`;
}
