import { z } from 'zod';
import { directionSchema, trendSchema } from './coin.ts';
import { decimalText, timeMs } from './wire-values.ts';

/** The orders an entry was split over, nearest first. */
const ladderSchema = z
  .object({
    /** Average price when all of them fill. */
    averagePrice: decimalText,
    /** When what has not filled is taken back; null: by no clock. */
    expiresMs: timeMs.nullable(),
    /** Why the rest is being taken back; null while it may fill. */
    ending: z.string().nullable(),
    rungs: z
      .array(
        z.object({
          state: z.string(),
          /** Null for a market order. */
          price: decimalText.nullable(),
          quantity: decimalText,
          filledQuantity: decimalText,
          /** Null until it was sent. */
          clientOrderId: z.string().nullable(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Ladder' });

const positionSchema = z
  .object({
    /** Equal to `symbol`: one position per coin. */
    id: z.string(),
    symbol: z.string(),
    direction: directionSchema,
    state: z.enum(['entering', 'open', 'closing']),
    timeframe: z.string(),
    quantity: decimalText,
    entryPrice: decimalText.nullable(),
    price: z.number().nullable(),
    stopPrice: decimalText,
    /**
     * What put the stop there: the distance from the entry, break-even, the trailing stop, a person at the exchange, or
     * a liquidation price that came near.
     */
    stopKind: z.enum(['initial', 'break-even', 'trailing', 'exchange', 'liquidation']),
    takeProfitPrice: decimalText.nullable(),
    /** Best profit seen, % of the entry price. */
    bestProfitPct: z.number(),
    /** Null until break-even is armed. */
    breakEvenPrice: z.number().nullable(),
    /** Null until the trailing stop is awake. */
    trailing: z
      .object({ referencePrice: z.number(), stopPrice: z.number(), takePrice: z.number() })
      .nullable(),
    /** An RSI exit at a loss was put off until the position is back at a profit. */
    rsiExitWaiting: z.boolean(),
    /** What the exchange itself said of the stop at the last read; null: none rests there. */
    exchangeStopPrice: decimalText.nullable(),
    stopConfirmedMs: timeMs.nullable(),
    /** Since when no stop of it is confirmed; null while one is. */
    unprotectedSinceMs: timeMs.nullable(),
    /** How long it has been held without a confirmed stop so far, ms. */
    unprotectedMs: z.number(),
    pnlUsdt: z.number().nullable(),
    pnlPct: z.number().nullable(),
    leverage: z.number(),
    openedMs: timeMs,
    entryRsi: z.number().nullable(),
    entryTrend: trendSchema.nullable(),
    closingReason: z.string().nullable(),
    /**
     * The exchange's list states less than our fills add up to and no fill says why: nothing is entered there, and the
     * position is guarded as before. `listedQuantity` is what it states, null where it lacks the position. Null: no doubt.
     */
    doubt: z.object({ listedQuantity: decimalText.nullable() }).nullable(),
    /** Null for an entry by one order, and when no rung can fill any more. */
    ladder: ladderSchema.nullable(),
  })
  .meta({ id: 'Position' });
export type PositionRow = z.infer<typeof positionSchema>;

/** Body of giving a position up: it takes a reason. */
export const disownSchema = z.strictObject({
  reason: z
    .string()
    .max(500)
    .refine((text) => text.trim() !== '', 'giving a position up takes a reason'),
});

/** Positions; `foreign` rest at the exchange and are not ours: reported, and never touched until a person adopts them. */
export const positionListSchema = z
  .object({
    asOfMs: timeMs.nullable(),
    rows: z.array(positionSchema),
    foreign: z.array(
      z.object({
        symbol: z.string(),
        direction: directionSchema,
        quantity: decimalText,
        entryPrice: decimalText,
        stopPrice: decimalText.nullable(),
        /** Who wants to hear no more of it until it changes, when and why; null: nobody said so. */
        ignored: z.object({ actor: z.string(), timeMs, reason: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'PositionList' });
export type PositionList = z.infer<typeof positionListSchema>;

/**
 * A closed position, USDT. `pnl` is the net result: gross less fees less funding. Both are null while the account's books
 * do not say what was paid: for a minute or so after the end, and for ever where they were opened later.
 */
export const tradeSchema = z
  .object({
    id: z.string(),
    symbol: z.string(),
    direction: directionSchema,
    timeframe: z.string(),
    quantity: decimalText,
    entryPrice: decimalText,
    exitPrice: decimalText,
    grossPnl: decimalText,
    /** Paid. */
    fees: decimalText,
    /** Paid; below zero was received. */
    funding: decimalText.nullable(),
    /** Gross less fees. */
    tradedPnl: decimalText,
    pnl: decimalText.nullable(),
    openedMs: timeMs,
    closedMs: timeMs,
    entryTrend: z.string(),
    entryRsi: z.number().nullable(),
    exitReason: z.string(),
    /** How long it was held without a confirmed stop, ms; null: it was not measured then. */
    unprotectedMs: z.number().nullable(),
  })
  .meta({ id: 'Trade' });
export type TradeView = z.infer<typeof tradeSchema>;

/** Something a person may want to know of later. */
export const eventSchema = z
  .object({
    id: z.number().int(),
    timeMs,
    severity: z.enum(['info', 'warning', 'critical']),
    code: z.string(),
    symbol: z.string().nullable(),
    message: z.string(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'Event' });
export type EventView = z.infer<typeof eventSchema>;
