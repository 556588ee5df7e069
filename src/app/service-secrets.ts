import { join } from 'node:path';
import { z } from 'zod';
import { openAccess } from '../access/access.ts';
import { mintServiceTokens, readServiceTokens, type ServiceTokens } from '../access/service-tokens.ts';
import { readJsonFile, writeFileAtomic } from '../platform/files.ts';
import { secureText } from '../platform/random.ts';
import { registerSecret } from '../platform/redaction.ts';
import { systemTime } from '../platform/time.ts';
import type { AppConfig } from './config.ts';

const venueKeySchema = z.strictObject({ apiKey: z.string().min(8), apiSecret: z.string().min(16) });

const venueControlSchema = z.strictObject({ token: z.string().min(32) });

const WAY_OUT = 'put it back, or move it away: then a fresh one is made';

/** The demo account's key at the venue; play money, but kept like a real one. */
export type VenueKey = z.infer<typeof venueKeySchema>;

/** Fresh service tokens for this start; the access database, so that readers find it. */
export async function mintServiceSecrets(config: AppConfig): Promise<void> {
  openAccess({ home: config.home, time: systemTime }).close();
  await mintServiceTokens(config.home);
  await ensureVenueKey(config);
}

/** Tokens by which the services know each other; made when a service is started by hand before any `up`. */
export async function serviceTokens(config: AppConfig): Promise<ServiceTokens> {
  const tokens = await readServiceTokens(config.home);
  if (tokens.ok) return tokens.value;
  if (tokens.error.kind !== 'missing') {
    throw new Error(
      `${tokens.error.detail} ("infobot up" writes fresh ones; a service alone does so when the file is gone)`,
    );
  }
  openAccess({ home: config.home, time: systemTime }).close();
  return mintServiceTokens(config.home);
}

/** Where the venue's key stands, for people who connect a client of their own. */
export function venueKeyFile(config: AppConfig): string {
  return join(config.home, 'venue-key.json');
}

/** The venue's key, made on first use. */
export async function ensureVenueKey(config: AppConfig): Promise<VenueKey> {
  const file = await readJsonFile(venueKeyFile(config));
  if (!file.ok && file.error.kind !== 'missing') {
    throw new Error(`${file.error.detail} (${WAY_OUT})`);
  }
  const key = file.ok ? parseVenueKey(file.value, config) : newVenueKey();
  registerSecret(key.apiSecret);
  if (!file.ok) await writeFileAtomic(venueKeyFile(config), `${JSON.stringify(key, null, 2)}\n`);
  return key;
}

/** Where the token stands that lets its bearer make the venue misbehave. */
export function venueControlFile(config: AppConfig): string {
  return join(config.home, 'venue-control.json');
}

/** The venue's control token, made on first use: whoever may read the file may make trouble on the venue. */
export async function ensureVenueControl(config: AppConfig): Promise<string> {
  const path = venueControlFile(config);
  const file = await readJsonFile(path);
  if (!file.ok && file.error.kind !== 'missing') throw new Error(`${file.error.detail} (${WAY_OUT})`);
  const control = file.ok ? venueControlSchema.safeParse(file.value).data : { token: secureText(32) };
  if (control === undefined) throw new Error(`${path} holds no control token of the venue (${WAY_OUT})`);
  registerSecret(control.token);
  if (!file.ok) await writeFileAtomic(path, `${JSON.stringify(control, null, 2)}\n`);
  return control.token;
}

function newVenueKey(): VenueKey {
  return { apiKey: `venue${secureText(9).replace(/[^A-Za-z0-9]/g, 'x')}`, apiSecret: secureText(32) };
}

function parseVenueKey(value: unknown, config: AppConfig): VenueKey {
  const parsed = venueKeySchema.safeParse(value);
  if (!parsed.success) throw new Error(`${venueKeyFile(config)} holds no key of the venue (${WAY_OUT})`);
  return parsed.data;
}
