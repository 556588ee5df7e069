import { z } from 'zod';
import { autoBotStateSchema } from './auto-bot.ts';
import { coinRowSchema, decisionSchema } from './coin.ts';
import { timeMs } from './common.ts';
import { eventSchema, positionListSchema, tradeSchema } from './position.ts';

/** Topics of `GET /api/stream?topics=a,b`. Each is also the SSE event name. */
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

/** `coins`: rows that changed since the last message; at most two messages a second. */
export const coinsMessageSchema = z.object({
  version: z.number().int(),
  timeMs,
  progress: z.object({ ready: z.number().int(), failed: z.number().int(), total: z.number().int() }),
  rows: z.array(coinRowSchema),
});
export const positionsMessageSchema = positionListSchema;
export const eventsMessageSchema = eventSchema;
export const decisionsMessageSchema = decisionSchema;
export const tradesMessageSchema = tradeSchema;
export const autoBotMessageSchema = autoBotStateSchema;
