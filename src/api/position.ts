import { z } from 'zod';
import { directionSchema, trendSchema } from './coin.ts';
import { decimalText, timeMs } from './wire-values.ts';

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
    /** What put the stop there: the distance from the entry, break-even, the trailing stop, or a person at the exchange. */
    stopKind: z.enum(['initial', 'break-even', 'trailing', 'exchange']),
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
    pnlUsdt: z.number().nullable(),
    pnlPct: z.number().nullable(),
    leverage: z.number(),
    openedMs: timeMs,
    entryRsi: z.number().nullable(),
    entryTrend: trendSchema.nullable(),
    closingReason: z.string().nullable(),
  })
  .meta({ id: 'Position' });
export type PositionRow = z.infer<typeof positionSchema>;

/** Positions; `foreign` rest at the exchange and are not ours: reported, never touched. */
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
      }),
    ),
  })
  .meta({ id: 'PositionList' });
export type PositionList = z.infer<typeof positionListSchema>;

/** A closed position; `pnl` = gross - fees, in USDT. */
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
    fees: decimalText,
    pnl: decimalText,
    openedMs: timeMs,
    closedMs: timeMs,
    entryTrend: z.string(),
    entryRsi: z.number().nullable(),
    exitReason: z.string(),
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
