import { z } from 'zod';
import { frozenSchema } from './intent.ts';
import { timeMs } from './wire-values.ts';

/** Where the service trades, how it stands and why. */
export const statusSchema = z
  .object({
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
    modeSinceMs: timeMs,
    /** Everything that keeps entries back, what decides first; empty while they may leave. */
    modeReasons: z.array(z.string()),
    /** Null while nobody has halted trading. */
    halt: z
      .object({
        sinceMs: timeMs,
        by: z.string(),
        reason: z.string(),
        /** When the exchange first confirmed that no entry of ours rests there; null: it has not yet. */
        clearMs: timeMs.nullable(),
      })
      .nullable(),
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
    /** Orders that are not accounted for. */
    orders: z.object({
      /** How many are being looked up now. */
      unresolved: z.number().int(),
      /** How many ever existed although they had been said, or concluded, not to. */
      surprises: z.number().int(),
      lastSurpriseMs: timeMs.nullable(),
      frozen: z.array(frozenSchema),
    }),
    counters: z.record(z.string(), z.number()),
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof statusSchema>;

/** One scheduled job; times UTC, null for what has not happened. */
export const workerSchema = z
  .object({
    name: z.string(),
    intervalMs: z.number(),
    running: z.boolean(),
    lastStartMs: timeMs.nullable(),
    lastDurationMs: z.number().nullable(),
    lastError: z.string().nullable(),
    nextRunMs: timeMs.nullable(),
    runs: z.number().int(),
    /** Starts that came due, or were asked for, while a run was under way. */
    overlapsSkipped: z.number().int(),
    /** Runs that took longer than they may; one that still goes on is one of them. */
    timeouts: z.number().int(),
  })
  .meta({ id: 'Worker' });
export type Worker = z.infer<typeof workerSchema>;
/** All scheduled jobs. */
export const workerListSchema = z.object({ rows: z.array(workerSchema) });

/** A job in a path. */
export const workerParametersSchema = z.strictObject({ name: z.string().regex(/^[a-z0-9-]{1,60}$/) });

/** What came of asking for a run. */
export const workerRunSchema = z
  .object({
    /** False: one was under way already, and went on alone. */
    started: z.boolean(),
    /** As it is at the end of the run, or after five seconds. */
    worker: workerSchema,
  })
  .meta({ id: 'WorkerRun' });
export type WorkerRun = z.infer<typeof workerRunSchema>;

/** Whether it may trade, and if not, why. */
export const readySchema = z.object({ ready: z.boolean(), reason: z.string() }).meta({ id: 'Ready' });

/** Alive: says nothing else, for everyone may ask. */
export const healthSchema = z.object({ ok: z.literal(true) }).meta({ id: 'Health' });

/** Which version serves. */
export const versionSchema = z
  .object({ service: z.literal('bots'), version: z.string(), node: z.string() })
  .meta({ id: 'Version' });
