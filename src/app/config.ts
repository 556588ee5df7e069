import { z } from 'zod';
import { err, ok, type Result } from '../core/base/result.ts';
import { resolveHome } from '../platform/home.ts';

const port = z.coerce.number().int().min(1).max(65_535);

const environmentSchema = z.object({
  INFOBOT_HOST: z.string().default('127.0.0.1'),
  INFOBOT_WEB_PORT: port.default(5000),
  INFOBOT_BOTS_PORT: port.default(5001),
  INFOBOT_VENUE_PORT: port.default(5003),
  INFOBOT_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  INFOBOT_LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
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
    return err(`The environment variable ${issue?.path.join('.')} is not usable: ${issue?.message}.`);
  }
  const values = parsed.data;
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
  });
}

/** Address of a service of ours on this machine. */
export function serviceUrl(config: AppConfig, port: number): string {
  const host = config.host === '::1' ? '[::1]' : config.host;
  return `http://${host}:${port}`;
}
