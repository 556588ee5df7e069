import { z } from 'zod';
import { directionSchema } from './coin.ts';
import { decimalText, timeMs } from './wire-values.ts';

/** A limit entries are held to, and what stands against it. */
const limitSchema = z.object({
  name: z.string(),
  /** Null: not known. */
  value: decimalText.nullable(),
  /** Null: what it is a share of is not known. */
  limit: decimalText.nullable(),
  /** Empty for a count. */
  unit: z.string(),
});

/** Whether a position of ours is under a stop that the exchange was seen to hold. */
const protectedPositionSchema = z.object({
  id: z.string(),
  symbol: z.string(),
  direction: directionSchema,
  /** Whether a stop is confirmed now. */
  confirmed: z.boolean(),
  /** When the exchange last stated a stop no looser than ours; null before. */
  stopConfirmedMs: timeMs.nullable(),
  /** Since when none is confirmed; null while one is. */
  unprotectedSinceMs: timeMs.nullable(),
  /** How long it has been held without a confirmed stop so far, ms. */
  unprotectedMs: z.number(),
});

/** How long closed positions were held without a confirmed stop, each from its first fill to its last, ms. */
const protectionSummarySchema = z.object({
  /** Newest closed positions of which it was measured; what follows is null without one. */
  count: z.number().int(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
});
export type ProtectionSummary = z.infer<typeof protectionSummarySchema>;

/** A limit of the gate that every order passes last. */
const gateLimitSchema = z.object({
  /** The setting of the group `risk` that tightens it. */
  name: z.string(),
  unit: z.string(),
  /** Part of the program: nothing loosens it. */
  ceiling: decimalText,
  /** In force; null: each order brings its own. */
  configured: decimalText.nullable(),
  /** Null: not known, or measured of each order alone. */
  value: decimalText.nullable(),
  /** What is left of it. */
  headroom: decimalText.nullable(),
  /** Orders it has refused since the service was started. */
  refusals: z.number().int(),
  /** When it refused last; null: not since then. */
  refusedMs: timeMs.nullable(),
});

/** Limits and their current values, what keeps entries back, and how positions are protected. */
export const riskSchema = z
  .object({
    timeMs,
    mode: z.string(),
    /** Why it is as it is, a sentence. */
    modeReason: z.string(),
    /** Age of the newest complete reading of the account, ms; null before the first. */
    accountAgeMs: z.number().nullable(),
    /** Orders whose outcome is being looked up. */
    unresolvedOrders: z.number().int(),
    /** Of all coins; settings of single coins may be tighter. */
    limits: z.array(limitSchema),
    gate: z.object({
      /** Why it lets no entry through whatever it is, a sentence; null: nothing that is known. */
      obstacle: z.string().nullable(),
      limits: z.array(gateLimitSchema),
      /** Every rule that has refused since the service was started. */
      refused: z.array(z.object({ code: z.string(), count: z.number().int() })),
    }),
    protection: z.object({
      /** Why stops keep all entries back, a sentence; null: they do not. */
      obstacle: z.string().nullable(),
      positions: z.array(protectedPositionSchema),
      closed: protectionSummarySchema,
    }),
  })
  .meta({ id: 'Risk' });
export type Risk = z.infer<typeof riskSchema>;
