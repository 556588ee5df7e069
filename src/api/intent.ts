import { z } from 'zod';
import { ORDER_STATES } from '../core/domain/order-state.ts';
import { directionSchema } from './coin.ts';
import { coinParameter, decimalText, pageQuerySchema, timeMs } from './wire-values.ts';

const stateSchema = z.enum(ORDER_STATES).exclude(['sent', 'given-up']);

/** An order as it was journaled before it was sent, and what became of it. */
export const intentSchema = z
  .object({
    /** The client order id the exchange knows it by. */
    id: z.string(),
    symbol: z.string(),
    side: z.string(),
    direction: z.string(),
    /** `entry`, or why it closes. */
    purpose: z.string(),
    quantity: decimalText,
    reduceOnly: z.boolean(),
    stopPrice: decimalText.nullable(),
    takeProfitPrice: decimalText.nullable(),
    leverage: z.number().nullable(),
    /** The first order of the ladder it is a rung of; null for any other order. */
    ladderId: z.string().nullable(),
    /** `prepared`: it may have been sent; `not-placed`: concluded, from evidence, never to have existed. */
    state: stateSchema,
    detail: z.string(),
    createdMs: timeMs,
    updatedMs: timeMs,
    /** By the exchange's clock, when its request can be accepted no more; null where nobody had to know. */
    validUntilMs: timeMs.nullable(),
    /** When it turned out to exist although it was said, or concluded, not to; null: never. */
    surpriseMs: timeMs.nullable(),
  })
  .meta({ id: 'Intent' });
export type IntentView = z.infer<typeof intentSchema>;

/** An intent with what was found out about it, oldest first; the newest fifty are kept. */
export const intentFileSchema = z
  .object({
    intent: intentSchema,
    evidence: z.array(
      z.object({
        timeMs,
        /** `lookup`: what the exchange was asked and said; `word`: one that contradicts what was known. */
        kind: z.enum(['lookup', 'word', 'given-up']),
        /** Of a lookup: verdict, orders, fills, position, what we held, and when the exchange dated its answers. */
        said: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'IntentFile' });
export type IntentFileView = z.infer<typeof intentFileSchema>;

/** Which intents. */
export const intentsQuerySchema = pageQuerySchema.extend({
  state: stateSchema.optional(),
  symbol: coinParameter.optional(),
});

/** An intent in a path. */
export const intentParametersSchema = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_-]{1,36}$/) });

/** An instrument on which nothing is entered because of an order that is not accounted for. */
export const frozenSchema = z
  .object({
    symbol: z.string(),
    /** Of the order; entries wait in both directions, for one position is held on an instrument. */
    direction: directionSchema,
    /** `order-unknown`: whether the order exists is not known; `surprise`: it existed though it was denied. */
    why: z.enum(['order-unknown', 'surprise']),
    intentId: z.string(),
    sinceMs: timeMs,
    /** When it ends by itself; null: with the word on the order. */
    untilMs: timeMs.nullable(),
    /** What is waited for, a sentence. */
    awaits: z.string(),
  })
  .meta({ id: 'Frozen' });
