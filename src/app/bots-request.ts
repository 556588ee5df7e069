import { readServiceTokens } from '../access/service-tokens.ts';
import { type AppConfig, serviceUrl } from './config.ts';

/** A question to the bots service. */
export interface BotsRequest {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Asks the bots service of this home in the name of a person at its command line. Rejects with a sentence when no
 * service has run here or none answers.
 */
export async function askBots(config: AppConfig, request: BotsRequest): Promise<Response> {
  const { method, path, body, headers = {}, timeoutMs } = request;
  const tokens = await readServiceTokens(config.home);
  if (!tokens.ok) {
    const never = `No bots service has run on ${config.home}: start it with "infobot up", or name its home with INFOBOT_HOME.`;
    throw new Error(tokens.error.kind === 'missing' ? never : tokens.error.detail);
  }
  const url = `${serviceUrl(config, config.botsPort)}${path}`;
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(url, {
    method,
    headers: { authorization: `Bearer ${tokens.value.cli}`, ...type, ...headers },
    ...content,
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  }).catch((error: unknown) => {
    const { origin } = new URL(url);
    throw new Error(
      `The bots service of ${config.home} does not answer at ${origin} (${String(error)}). Is it up? Name the port it was started with in INFOBOT_BOTS_PORT.`,
    );
  });
}
