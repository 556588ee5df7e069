import { z } from 'zod';
import { coinRowSchema } from './coin.ts';
import { timeMs } from './wire-values.ts';

/**
 * Topics of `GET /api/stream?topics=a,b`. Each is also the SSE event name. Data: `coins` as below, `positions` a
 * `PositionList`, `events` an `EventView`, `decisions` a `DecisionView`, `trades` a `TradeView`, `auto-bot` an
 * `AutoBotState`, `status` a `Status`.
 */
export const STREAM_TOPICS = [
  'coins',
  'positions',
  'events',
  'decisions',
  'trades',
  'auto-bot',
  'status',
] as const;
export type StreamTopic = (typeof STREAM_TOPICS)[number];

/** Topics wanted, separated by commas; left out: all of them. */
export const streamQuerySchema = z.strictObject({
  topics: z
    .string()
    .max(200)
    .default(STREAM_TOPICS.join(','))
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(STREAM_TOPICS)).min(1)),
});

/** `coins`: rows that changed since the last message; at most two messages a second. */
export const coinsMessageSchema = z.object({
  version: z.number().int(),
  timeMs,
  progress: z.object({ ready: z.number().int(), failed: z.number().int(), total: z.number().int() }),
  rows: z.array(coinRowSchema),
});
