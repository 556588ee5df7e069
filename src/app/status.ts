import { readServiceTokens } from '../access/service-tokens.ts';
import { statusSchema, type Worker, workerListSchema } from '../api/status.ts';
import { FileHaltLatch, haltOf } from '../trading/halt-latch.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { restoredMark, restoredNotice } from './restored-mark.ts';

/** How one service answers. */
export interface ServiceStatus {
  readonly name: string;
  readonly url: string;
  readonly up: boolean;
  readonly detail: string;
  /** Its periodic jobs; left out where a service tells none. */
  readonly workers?: readonly Worker[];
}

const TIMEOUT_MS = 2_000;

/** Asks every service how it is. A service that does not answer is down, with the reason. */
export function readStatus(config: AppConfig): Promise<readonly ServiceStatus[]> {
  const venueUrl = serviceUrl(config, config.venuePort);
  const webUrl = serviceUrl(config, config.webPort);
  return Promise.all([
    ask('venue', venueUrl, `${venueUrl}/v5/market/time`),
    askBots(config),
    ask('web', webUrl, `${webUrl}/healthz`),
  ]);
}

async function ask(name: string, url: string, probe: string): Promise<ServiceStatus> {
  const answer = await fetchText(probe, {});
  return { name, url, up: answer.ok, detail: answer.ok ? 'serving' : answer.text };
}

async function askBots(config: AppConfig): Promise<ServiceStatus> {
  const url = serviceUrl(config, config.botsPort);
  const stopped = haltOf(new FileHaltLatch(config.home));
  const tokens = await readServiceTokens(config.home);
  if (!tokens.ok) return ask('bots', url, `${url}/healthz`);
  const headers = { authorization: `Bearer ${tokens.value.cli}` };
  const [answer, jobs] = await Promise.all([
    fetchText(`${url}/api/status`, headers),
    fetchText(`${url}/api/workers`, headers),
  ]);
  if (!answer.ok) {
    const detail = stopped === null ? answer.text : `${answer.text}. ${stopped}`;
    return { name: 'bots', url, up: false, detail };
  }
  const status = statusSchema.safeParse(jsonOrNull(answer.text));
  if (!status.success) {
    return { name: 'bots', url, up: false, detail: 'what answers there is no bots service of this version' };
  }
  const { mode, modeReason, market, timeframe, place } = status.data;
  const restored = restoredNotice(await restoredMark(config.home));
  const stands = `${place}, ${timeframe}, ${mode}: ${modeReason} ${market.ready} of ${market.instruments} coins ready.`;
  const detail = restored === null ? stands : `${stands} ${restored}`;
  const workers = workerListSchema.safeParse(jsonOrNull(jobs.text));
  return { name: 'bots', url, up: true, detail, workers: workers.data?.rows ?? [] };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Some other server; the schema refuses null.
    return null;
  }
}

async function fetchText(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    const text = await response.text();
    return response.ok ? { ok: true, text } : { ok: false, text: `it answered ${response.status}` };
  } catch {
    return { ok: false, text: 'no answer' };
  }
}
