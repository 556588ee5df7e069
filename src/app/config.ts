import { z } from 'zod';
import { err, ok, type Result } from '../core/base/result.ts';
import { resolveHome } from '../platform/home.ts';

/** Ports from 1024 on that browsers and `fetch` refuse to open. @see https://fetch.spec.whatwg.org/#port-blocking */
const BLOCKED_PORTS: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10_080,
]);

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'it takes a whole number from 1 to 65535')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_535, 'it takes a whole number from 1 to 65535')
  .refine((value) => !BLOCKED_PORTS.has(value), 'browsers refuse to open this port; choose another');

/** A whole number from 1 on. */
function wholeUpTo(max: number) {
  const reason = `it takes a whole number from 1 to ${max}`;
  return z
    .string()
    .regex(/^\d{1,7}$/, reason)
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, reason);
}

const environmentSchema = z.object({
  INFOBOT_HOST: z.string().default('127.0.0.1'),
  INFOBOT_WEB_PORT: port.default(5000),
  INFOBOT_BOTS_PORT: port.default(5001),
  INFOBOT_VENUE_PORT: port.default(5003),
  INFOBOT_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  INFOBOT_LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
  INFOBOT_JOURNAL_DAYS: wholeUpTo(3_650).default(7),
  INFOBOT_JOURNAL_MB: wholeUpTo(1_000_000).default(2_048),
});

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'] as const;
type LoopbackHost = (typeof LOOPBACK)[number];

/** How this machine runs InfoBot; from the environment. */
export interface AppConfig {
  /** Absolute folder of databases, keys and logs. */
  readonly home: string;
  readonly host: LoopbackHost;
  readonly webPort: number;
  readonly botsPort: number;
  readonly venuePort: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly logFormat: 'pretty' | 'json';
  /** The journal of inputs is kept for as many days, or megabytes, whichever is less. */
  readonly journalDays: number;
  readonly journalMb: number;
}

/** Reads the environment. The error is a sentence that names the variable and what it takes. */
export function readConfig(source: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly isTerminal: boolean;
}): Result<AppConfig, string> {
  const parsed = environmentSchema.safeParse(source.environment);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    return err(`${name}=${source.environment[name]} cannot be used: ${issue?.message}.`);
  }
  const values = parsed.data;
  const twins = twinPorts(values);
  if (twins !== null) return err(twins);
  const host = LOOPBACK.find((name) => name === values.INFOBOT_HOST);
  if (host === undefined) {
    return err(
      `INFOBOT_HOST=${values.INFOBOT_HOST} would open InfoBot to the network. It serves this machine alone: ` +
        'use 127.0.0.1 and reach it from elsewhere through an SSH tunnel.',
    );
  }
  return ok({
    home: resolveHome(source.environment, source.workingFolder),
    host,
    webPort: values.INFOBOT_WEB_PORT,
    botsPort: values.INFOBOT_BOTS_PORT,
    venuePort: values.INFOBOT_VENUE_PORT,
    logLevel: values.INFOBOT_LOG_LEVEL,
    logFormat: values.INFOBOT_LOG_FORMAT ?? (source.isTerminal ? 'pretty' : 'json'),
    journalDays: values.INFOBOT_JOURNAL_DAYS,
    journalMb: values.INFOBOT_JOURNAL_MB,
  });
}

/** Null when every service has a port of its own. */
function twinPorts(values: z.infer<typeof environmentSchema>): string | null {
  const names = ['INFOBOT_WEB_PORT', 'INFOBOT_BOTS_PORT', 'INFOBOT_VENUE_PORT'] as const;
  for (const [index, name] of names.entries()) {
    const twin = names.slice(0, index).find((other) => values[other] === values[name]);
    if (twin !== undefined)
      return `${twin} and ${name} are both ${values[name]}: each service needs a port of its own.`;
  }
  return null;
}

/** Address of a service of ours on this machine. */
export function serviceUrl(config: AppConfig, port: number): string {
  const host = config.host === '::1' ? '[::1]' : config.host;
  return `http://${host}:${port}`;
}
