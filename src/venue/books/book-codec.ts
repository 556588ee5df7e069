import { z } from 'zod';
import { ensure } from '../../core/base/assert.ts';
import { type Decimal, decimal } from '../../core/base/decimal.ts';
import { type InstrumentId, parseInstrumentId } from '../../core/domain/instrument.ts';
import type { ClosedPnl, MatchingFill } from '../../core/matching/account-state.ts';
import type { Posting } from '../../core/matching/ledger.ts';
import type { MatchingOrder } from '../../core/matching/matching-order.ts';
import type { MatchingPosition } from '../../core/matching/matching-position.ts';
import type { PastFunding } from '../funding-clock.ts';

// Money is written as the exact text a Decimal makes of itself in JSON.
const money = z
  .string()
  .regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/)
  .transform((text) => decimal(text));
const timeMs = z.number();
const count = z.number().int().min(0);
const instrumentId = z.string().transform((text, context) => {
  const id = parseInstrumentId(text);
  if (id !== null) return id;
  context.addIssue({ code: 'custom', message: 'is no instrument' });
  return z.NEVER;
});
const side = z.enum(['buy', 'sell']);
const positionIndex = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const execution = z.enum(['trade', 'funding', 'liquidation', 'deleveraging', 'delivery']);
const priceKind = z.enum(['last', 'mark', 'index']);

const level = z.strictObject({ price: money, by: priceKind, limitPrice: money.exactOptional() });
const trigger = z.strictObject({ price: money, direction: z.enum(['rise', 'fall']), by: priceKind });

const order = z.strictObject({
  clientOrderId: z.string(),
  instrumentId,
  side,
  kind: z.enum(['market', 'limit']),
  quantity: money,
  price: money.nullable(),
  timeInForce: z.enum(['good-till-cancel', 'immediate-or-cancel', 'fill-or-kill', 'post-only']),
  positionIndex,
  reduceOnly: z.boolean(),
  closeOnTrigger: z.boolean(),
  trigger: trigger.nullable(),
  takeProfit: level.nullable(),
  stopLoss: level.nullable(),
  protectionMode: z.enum(['full', 'partial']).exactOptional(),
  selfMatch: z.enum(['none', 'cancel-maker', 'cancel-taker', 'cancel-both']).exactOptional(),
  orderId: z.string(),
  sequence: count,
  origin: z.enum([
    'user',
    'conditional',
    'stop-loss',
    'take-profit',
    'trailing-stop',
    'partial-stop-loss',
    'partial-take-profit',
    'liquidation',
    'take-over',
    'deleveraging',
    'delivery',
  ]),
  status: z.enum(['open', 'partly-filled', 'filled', 'cancelled', 'untriggered', 'deactivated']),
  endReason: z
    .enum([
      'by-user',
      'no-liquidity',
      'would-take',
      'reduce-only',
      'position-closed',
      'twin-fired',
      'self-match',
      'margin-short',
      'prepare-liquidation',
      'liquidation',
      'deleveraging',
      'delisted',
    ])
    .nullable(),
  filledQuantity: money,
  filledValue: money,
  fee: money,
  closedPnl: money,
  lastPriceOnCreated: money,
  trail: z.strictObject({ distance: money, activePrice: money.nullable() }).nullable(),
  links: z.strictObject({
    parentOrderId: z.string(),
    parentClientOrderId: z.string(),
    twinOrderId: z.string(),
    rivalOrderId: z.string(),
  }),
  createdMs: timeMs,
  updatedMs: timeMs,
});

const position = z.strictObject({
  instrumentId,
  positionIndex,
  direction: z.enum(['long', 'short']),
  quantity: money,
  entryValue: money,
  openFees: money,
  collateral: money,
  addsCollateral: z.boolean(),
  realisedPnl: money,
  cumulativeRealisedPnl: money,
  openedMs: timeMs,
  updatedMs: timeMs,
});

const fill = z.strictObject({
  fillId: z.string(),
  sequence: count,
  execution,
  order: order.nullable(),
  instrumentId,
  positionIndex,
  side,
  price: money,
  quantity: money,
  fee: money,
  feeRate: money,
  maker: z.boolean(),
  closedQuantity: money,
  realisedPnl: money,
  heldAfter: money,
  markPrice: money,
  timeMs,
  amongAccounts: z.literal(true).exactOptional(),
});

const closedPnl = z.strictObject({
  sequence: count,
  order,
  execution,
  closedQuantity: money,
  entryValue: money,
  exitValue: money,
  openFee: money,
  closeFee: money,
  pnl: money,
  fillCount: count,
  leverage: money,
  createdMs: timeMs,
  updatedMs: timeMs,
});

const posting = z.strictObject({
  sequence: count,
  timeMs,
  kind: z.enum([
    'deposit',
    'withdrawal',
    'transfer-in',
    'transfer-out',
    'bonus',
    'fee-refund',
    'realised-pnl',
    'fee',
    'funding',
    'insurance',
  ]),
  amount: money,
  balanceAfter: money,
  instrumentId: instrumentId.nullable(),
  orderId: z.string().nullable(),
  fillId: z.string().nullable(),
});

/** Of an account, what is one value. */
const terms = z.strictObject({
  marginMode: z.enum(['cross', 'isolated']),
  hedgedByDefault: z.boolean(),
  feeRates: z.strictObject({ taker: money, maker: money }),
  balance: money,
  orderSequence: count,
  fillSequence: count,
});

/** Of the exchange itself. */
const exchange = z.strictObject({
  insurance: money,
  names: z.strictObject({ seed: count, orders: count, fills: count }),
  fees: z.strictObject({
    reviewedDay: z.number().nullable(),
    promised: z.array(z.tuple([z.string(), z.string()])),
    tiers: z.array(z.tuple([z.string(), z.string()])),
    volumes: z.array(z.tuple([z.string(), z.array(z.tuple([z.number(), z.number()]))])),
  }),
  deliveries: z.strictObject({
    averages: z.array(z.tuple([instrumentId, z.strictObject({ sum: money, count })])),
    ended: z.array(z.strictObject({ symbol: z.string(), price: money, timeMs })),
  }),
});

const funding = z.strictObject({ timeMs, rate: z.number() });

export type AccountTerms = z.output<typeof terms>;

/** What the rows of the books say. Each throws on a text it cannot take for what it is meant to be. */
export const readBook = {
  order: (text: string): MatchingOrder => order.parse(JSON.parse(text)),
  position: (text: string): MatchingPosition => position.parse(JSON.parse(text)),
  fill: (text: string): MatchingFill => fill.parse(JSON.parse(text)),
  closedPnl: (text: string): ClosedPnl => closedPnl.parse(JSON.parse(text)),
  posting: (text: string): Posting => posting.parse(JSON.parse(text)),
  terms: (text: string): AccountTerms => terms.parse(JSON.parse(text)),
  exchange: (text: string): z.output<typeof exchange> => exchange.parse(JSON.parse(text)),
  funding: (text: string): PastFunding => funding.parse(JSON.parse(text)),
  money: (text: string): Decimal => money.parse(JSON.parse(text)),
  flag: (text: string): boolean => z.boolean().parse(JSON.parse(text)),
} as const;

/** An instrument by which a row is named. */
export function bookedInstrument(key: string): InstrumentId {
  return ensure(parseInstrumentId(key), `The books name an instrument "${key}".`);
}
