import { readServiceTokens } from '../access/service-tokens.ts';
import { coinListSchema } from '../api/coin.ts';
import { optimalEmaSchema } from '../api/optimal-ema.ts';
import { problemSchema } from '../api/wire-values.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import type { SearchedEma } from './optimal-ema-command.ts';

const TIMEOUT_MS = 10_000;

/** What the running bots service is asked to search; `symbols` null for every coin it knows. */
export interface RunningSearch {
  readonly symbols: readonly string[] | null;
  /** Also where a fresh result is there. */
  readonly force: boolean;
  readonly onProgress: (share: number) => void;
}

/**
 * Lets the running bots service search coin by coin; it stores what it finds and puts better pairs in force. A coin
 * without candles is left out of the answer.
 */
export async function searchRunning(
  config: AppConfig,
  { symbols, force, onProgress }: RunningSearch,
): Promise<Result<readonly SearchedEma[], string>> {
  const tokens = await readServiceTokens(config.home);
  if (!tokens.ok) return err(`${tokens.error.detail} Start the bots, or name recorded candles with --dir.`);
  const ask = asking(`${serviceUrl(config, config.botsPort)}/api`, tokens.value.cli);
  const wanted = symbols === null ? await knownCoins(ask) : ok(symbols);
  if (!wanted.ok) return wanted;
  const found: SearchedEma[] = [];
  for (const [place, symbol] of wanted.value.entries()) {
    onProgress(place / wanted.value.length);
    const answer = await ask(`/optimal-ema/${symbol}/search`, { force });
    if (answer.ok) found.push(optimalEmaSchema.parse(answer.value));
    else if (symbols !== null || !answer.error.unknown) return err(answer.error.detail);
  }
  return ok(found);
}

interface Refused {
  /** The service knows no candles of the coin. */
  readonly unknown: boolean;
  readonly detail: string;
}

type Ask = (path: string, body?: object) => Promise<Result<unknown, Refused>>;

async function knownCoins(ask: Ask): Promise<Result<readonly string[], string>> {
  const answer = await ask('/coins');
  if (!answer.ok) return err(answer.error.detail);
  return ok(coinListSchema.parse(answer.value).rows.map(({ symbol }) => symbol));
}

function asking(base: string, token: string): Ask {
  return async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(`${base}${path}`, { ...sent, headers, signal, redirect: 'error' });
      const answer: unknown = await response.json();
      if (response.ok) return ok(answer);
      const { code, detail } = problemSchema.parse(answer);
      return err({ unknown: code === 'optimal-ema.unknown', detail });
    } catch (error) {
      const detail = `The bots service does not answer at ${base}: ${String(error)}. Start it with "infobot up", or search candle files with --dir.`;
      return err({ unknown: false, detail });
    }
  };
}
