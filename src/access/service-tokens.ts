import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/base/result.ts';
import { type FileFault, readJsonFile, writeFileAtomic } from '../platform/files.ts';
import { equalSecret, secureText } from '../platform/random.ts';
import { registerSecret } from '../platform/redaction.ts';
import type { Role } from './role.ts';

/** The services that call one another. `cli` is a person's command on this machine. */
export const SERVICES = ['bots', 'web', 'protector', 'venue', 'cli'] as const;
type Service = (typeof SERVICES)[number];

/** One token a service; as in `<home>/service-tokens.json`. */
export type ServiceTokens = Readonly<Record<Service, string>>;

/** A service that calls. Scope `web` may speak for the person it signed in; the others speak for themselves. */
export interface ServiceIdentity {
  readonly name: string;
  readonly role: Role;
  readonly scope: Service;
}

const TOKEN_BYTES = 32;
const TOKEN = /^ibs_[A-Za-z0-9_-]{43}$/;
const OTHERS_MODE_BITS = 0o077;

/** What a service may in its own name: web nothing but look, a person's command on this machine everything. */
const ROLE_OF: Readonly<Record<Service, Role>> = {
  bots: 'viewer',
  web: 'viewer',
  protector: 'trader',
  venue: 'viewer',
  cli: 'admin',
};

/** Makes fresh tokens for all services and replaces the file; those of the last start are no good any more. */
export async function mintServiceTokens(home: string): Promise<ServiceTokens> {
  const tokens = recordOf(() => `ibs_${secureText(TOKEN_BYTES)}`);
  registerAll(tokens);
  await writeFileAtomic(tokenFile(home), `${JSON.stringify(tokens, null, 2)}\n`);
  return tokens;
}

/** The tokens of the running start. `unreadable` also when others may read the file or it is not as we write it. */
export async function readServiceTokens(home: string): Promise<Result<ServiceTokens, FileFault>> {
  const path = tokenFile(home);
  const content = await readJsonFile(path);
  if (!content.ok) return content;
  if (((await stat(path)).mode & OTHERS_MODE_BITS) !== 0) {
    return err(fault(`${path} can be read by others: start the services again to make new tokens.`));
  }
  const tokens = parseTokens(content.value);
  if (tokens === null) return err(fault(`${path} does not hold the tokens of all services.`));
  registerAll(tokens);
  return ok(tokens);
}

/** Which service a bearer token belongs to; null for any other. Compares with all of them in equal time. */
export function verifyServiceToken(tokens: ServiceTokens, token: string): ServiceIdentity | null {
  const matching = SERVICES.filter((service) => equalSecret(tokens[service], token))[0];
  if (matching === undefined) return null;
  return { name: `service:${matching}`, role: ROLE_OF[matching], scope: matching };
}

function parseTokens(value: unknown): ServiceTokens | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = new Map(Object.entries(value));
  const textOf = (service: Service): string => String(found.get(service) ?? '');
  return SERVICES.every((service) => TOKEN.test(textOf(service))) ? recordOf(textOf) : null;
}

function recordOf(textOf: (service: Service) => string): ServiceTokens {
  return {
    bots: textOf('bots'),
    web: textOf('web'),
    protector: textOf('protector'),
    venue: textOf('venue'),
    cli: textOf('cli'),
  };
}

function registerAll(tokens: ServiceTokens): void {
  for (const service of SERVICES) registerSecret(tokens[service]);
}

function fault(detail: string): FileFault {
  return { kind: 'unreadable', detail };
}

function tokenFile(home: string): string {
  return join(home, 'service-tokens.json');
}
