import { type PositionList, positionListSchema } from '../api/position.ts';
import { doneSchema, problemSchema } from '../api/wire-values.ts';
import { askBots } from './bots-request.ts';
import type { AppConfig } from './config.ts';

/** An adoption reads the account first, and waits for its share of the rate budget. */
const TIMEOUT_MS = 30_000;

/** What a person may do with a position besides trading it. */
export type PositionAction = 'adopt' | 'ignore' | 'disown' | 'unfreeze';

/** Positions as the bots service knows them now, ours and foreign. Rejects with a sentence. */
export async function listPositions(config: AppConfig): Promise<PositionList> {
  const answer = await askBots(config, { method: 'GET', path: '/api/positions', timeoutMs: TIMEOUT_MS });
  return positionListSchema.parse(await contentOf(answer));
}

/** Has it done by the bots service; gives what that means. Rejects with a sentence when it was refused. */
export async function changePosition(
  config: AppConfig,
  change: { readonly action: PositionAction; readonly symbol: string; readonly reason: string },
): Promise<string> {
  const { action, symbol, reason } = change;
  const answer = await askBots(config, {
    method: 'POST',
    path: `/api/positions/${encodeURIComponent(symbol)}/${action}`,
    body: { reason },
    timeoutMs: TIMEOUT_MS,
  });
  return doneSchema.parse(await contentOf(answer)).message;
}

async function contentOf(answer: Response): Promise<unknown> {
  const content: unknown = await answer.json();
  if (answer.ok) return content;
  throw new Error(problemSchema.parse(content).detail);
}
