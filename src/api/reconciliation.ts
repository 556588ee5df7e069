import { z } from 'zod';
import { DIFFERENCE_KINDS } from '../core/domain/difference.ts';
import { coinParameter, decimalText, pageOf, pageQuerySchema, timeMs } from './wire-values.ts';

const kindSchema = z.enum(DIFFERENCE_KINDS);

/** Something the exchange's account said otherwise than we did, from when to when, and what ended it. */
export const differenceSchema = z
  .object({
    id: z.string(),
    kind: kindSchema,
    /** Null where it is about the whole account. */
    symbol: z.string().nullable(),
    /** In words, `long 0.5`, `none`, as they were stated last. */
    ours: z.string(),
    theirs: z.string(),
    firstMs: timeMs,
    lastMs: timeMs,
    /** Null while it is open. */
    endedMs: timeMs.nullable(),
    /**
     * `fills`: executions account for it; `command`: a person adopted it or gave it up; `confirmed`: the exchange bore it
     * out by other words; `readings`: two complete readings agree again; `became`: it went on as another one.
     */
    resolution: z.enum(['fills', 'command', 'confirmed', 'readings', 'became']).nullable(),
    /** What the resolution stands on, a sentence; empty while it is open. */
    evidence: z.string(),
    fillIds: z.array(z.string()),
    /** What it means, a sentence. */
    explanation: z.string(),
    /** What was done about it, and what a person can do. */
    action: z.string(),
    /** Commands of `/api/positions/{symbol}` that would settle it now. */
    offers: z.array(z.enum(['adopt', 'ignore', 'disown'])),
    /** Who has said to have seen it, with the reason; null: nobody. */
    ignored: z.object({ actor: z.string(), timeMs, reason: z.string() }).nullable(),
  })
  .meta({ id: 'Difference' });
export type DifferenceView = z.infer<typeof differenceSchema>;

/** How far the exchange's account and ours agree: what is open, and a page of what was. */
export const reconciliationSchema = pageOf(differenceSchema)
  .extend({
    timeMs,
    mode: z.string(),
    modeReason: z.string(),
    /** Of the newest complete reading of the account; null before the first. */
    accountAgeMs: z.number().nullable(),
    /** When the two were compared last; null: not since the start. */
    comparedMs: timeMs.nullable(),
    /** Complete readings in a row that differed in nothing. */
    streak: z.number().int(),
    /** Readings in a row that failed; what they could not tell opens and ends nothing. */
    failures: z.number().int(),
    open: z.array(differenceSchema),
  })
  .meta({ id: 'Reconciliation' });
export type ReconciliationView = z.infer<typeof reconciliationSchema>;

/** Which of those that have ended; all open ones are told in any case. */
export const reconciliationQuerySchema = pageQuerySchema.extend({
  kind: kindSchema.optional(),
  symbol: coinParameter.optional(),
});

/** An order that rests at the exchange, whoever placed it. */
export const restingOrderSchema = z
  .object({
    /** The exchange's own. */
    id: z.string(),
    /** Name it was placed under; null: none. */
    intentId: z.string().nullable(),
    symbol: z.string(),
    /** It was placed under a name of this account. */
    ours: z.boolean(),
    side: z.enum(['buy', 'sell']),
    kind: z.enum(['market', 'limit']),
    /** `untriggered`: it waits for `stopPrice`. */
    status: z.string(),
    quantity: decimalText,
    filledQuantity: decimalText,
    price: decimalText.nullable(),
    stopPrice: decimalText.nullable(),
    reduceOnly: z.boolean(),
    updatedMs: timeMs,
  })
  .meta({ id: 'RestingOrder' });
export type RestingOrderView = z.infer<typeof restingOrderSchema>;

/** A page of what rests, newest first; `asOfMs` is the exchange's time of the list, null before the first. */
export const restingOrdersSchema = pageOf(restingOrderSchema).extend({ asOfMs: timeMs.nullable() });

/** Which of them. */
export const restingOrdersQuerySchema = pageQuerySchema.extend({
  symbol: coinParameter.optional(),
  ours: z.stringbool().optional(),
});

/** One execution; `fee` above zero is paid. */
export const fillSchema = z
  .object({
    id: z.string(),
    /** Name of the order it belongs to; null: it had none, so it is not ours. */
    intentId: z.string().nullable(),
    /** The exchange's own. */
    orderId: z.string(),
    symbol: z.string(),
    side: z.string(),
    price: decimalText,
    quantity: decimalText,
    fee: decimalText,
    maker: z.boolean(),
    /** Who caused its order, as far as the exchange tells. */
    cause: z.string(),
    timeMs,
  })
  .meta({ id: 'Fill' });
export type FillView = z.infer<typeof fillSchema>;

/** Which of them. */
export const fillsQuerySchema = pageQuerySchema.extend({
  symbol: coinParameter.optional(),
  intent: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,36}$/)
    .optional(),
});
