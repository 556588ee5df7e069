import { z } from 'zod';
import { ensure } from '../base/assert.ts';
import { decimal, decimalText } from '../base/decimal.ts';
import { parseInstrumentId } from '../domain/instrument.ts';
import { type ClientOrderId, parseClientOrderId } from '../domain/order.ts';
import { TIMEFRAMES } from '../domain/timeframe.ts';
import { recallLadder } from '../risk/approve.ts';
import { LADDER_ENDS, type Ladder, RUNG_STATES } from './ladder.ts';
import { textOrNull } from './state.ts';

const decimalTextSchema = z.string().regex(/^-?\d+(\.\d+)?$/);

/** A ladder as plain JSON: money as exact decimal text. */
export const ladderSnapshotSchema = z.strictObject({
  plan: z.strictObject({
    instrumentId: z.string(),
    direction: z.enum(['long', 'short']),
    rungs: z.array(
      z.strictObject({
        price: decimalTextSchema,
        market: z.boolean(),
        quantity: decimalTextSchema,
        takeProfitPrice: decimalTextSchema.nullable(),
      }),
    ),
    averagePrice: decimalTextSchema,
    stopPrice: decimalTextSchema,
    leverage: z.number(),
    marginMode: z.enum(['cross', 'isolated', 'portfolio']),
    postOnly: z.boolean(),
    timeframe: z.enum(TIMEFRAMES),
    rsi: z.number().nullable(),
    trend: z.enum(['up', 'down', 'neutral']).nullable(),
  }),
  ladderId: z.string(),
  epoch: z.number(),
  createdMs: z.number(),
  expiresMs: z.number().nullable(),
  wasCalm: z.boolean(),
  ending: z.enum(LADDER_ENDS).nullable(),
  rungs: z.array(
    z.strictObject({
      clientOrderId: z.string().nullable(),
      state: z.enum(RUNG_STATES),
      filledQuantity: decimalTextSchema,
      cancelMs: z.number().nullable(),
      checkedMs: z.number(),
    }),
  ),
});

type LadderSnapshot = z.infer<typeof ladderSnapshotSchema>;

export function writeLadder(ladder: Ladder): LadderSnapshot {
  const { plan } = ladder;
  return {
    ...ladder,
    plan: {
      ...plan,
      rungs: plan.rungs.map((rung) => ({
        price: decimalText(rung.price),
        market: rung.market,
        quantity: decimalText(rung.quantity),
        takeProfitPrice: textOrNull(rung.takeProfitPrice),
      })),
      averagePrice: decimalText(plan.averagePrice),
      stopPrice: decimalText(plan.stopPrice),
    },
    rungs: ladder.rungs.map((rung) => ({ ...rung, filledQuantity: decimalText(rung.filledQuantity) })),
  };
}

/** Stops on a ladder that contradicts itself. */
export function readLadder(stored: LadderSnapshot): Ladder {
  const { plan } = stored;
  return {
    ...stored,
    ladderId: readOrderId(stored.ladderId),
    plan: recallLadder({
      ...plan,
      instrumentId: ensure(parseInstrumentId(plan.instrumentId), 'A stored ladder names its instrument.'),
      rungs: plan.rungs.map(({ price, quantity, takeProfitPrice, market }) => ({
        price: decimal(price),
        market,
        quantity: decimal(quantity),
        takeProfitPrice: takeProfitPrice === null ? null : decimal(takeProfitPrice),
      })),
      averagePrice: decimal(plan.averagePrice),
      stopPrice: decimal(plan.stopPrice),
    }),
    rungs: stored.rungs.map((rung) => ({
      ...rung,
      clientOrderId: rung.clientOrderId === null ? null : readOrderId(rung.clientOrderId),
      filledQuantity: decimal(rung.filledQuantity),
    })),
  };
}

function readOrderId(text: string): ClientOrderId {
  return ensure(parseClientOrderId(text), `A stored order id is none: ${text}.`);
}
