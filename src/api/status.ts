import { z } from 'zod';
import { timeMs } from './common.ts';

export const statusSchema = z.object({
  service: z.literal('bots'),
  version: z.string(),
  startedMs: timeMs,
  timeMs,
  /** Where it trades: `demo`, later `paper`, `testnet`, `live`. */
  place: z.string(),
  exchange: z.string(),
  timeframe: z.string(),
  /** What a person must know about this place, e.g. that the demo's minute stands for six hours. */
  notice: z.string().nullable(),
  mode: z.enum(['starting', 'reconciling', 'ready', 'reduce-only', 'halted']),
  modeReason: z.string(),
  account: z
    .object({ equity: z.string(), walletBalance: z.string(), available: z.string(), asOfMs: timeMs })
    .nullable(),
  market: z.object({
    instruments: z.number().int(),
    ready: z.number().int(),
    failed: z.number().int(),
    streamUp: z.boolean(),
    /** Age of the newest market message, ms; null before the first. */
    lastMessageAgeMs: z.number().nullable(),
  }),
  rate: z.object({
    usedInWindow: z.number(),
    limitPerWindow: z.number(),
    windowMs: z.number(),
    waiting: z.number(),
    bannedUntilMs: timeMs.nullable(),
  }),
  counters: z.record(z.string(), z.number()),
});
export type Status = z.infer<typeof statusSchema>;

export const workerSchema = z.object({
  name: z.string(),
  intervalMs: z.number(),
  running: z.boolean(),
  lastStartMs: timeMs.nullable(),
  lastDurationMs: z.number().nullable(),
  lastError: z.string().nullable(),
  nextRunMs: timeMs.nullable(),
  runs: z.number().int(),
});

export const readySchema = z.object({ ready: z.boolean(), reason: z.string() });
