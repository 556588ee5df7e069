import { z } from 'zod';
import { type Decimal, parseDecimal } from '../../core/base/decimal.ts';
import { err, ok, type Result } from '../../core/base/result.ts';

/*
 * What we read of Bybit's answers. Fields we do not read may come and go; a field we read must be there and be
 * what it was, so that a changed interface shows as an unreadable answer and never as a default.
 */

/** Decimal text without exponent, sign but minus, or spaces. */
export const PLAIN_NUMBER = /^-?\d{1,30}(\.\d{1,30})?$/;

/** Plain decimal text as an exact value, any sign. */
const amount = z.string().transform((text, context): Decimal => {
  const value = parseDecimal(text);
  if (value !== null) return value;
  context.addIssue({ code: 'custom', message: 'not a plain decimal number' });
  return z.NEVER;
});
const unsignedAmount = amount.refine((value) => !value.isNegative(), 'below zero');
/** A sum that only bears witness of others: an answer without it, or with another text, is good all the same. */
const witnessAmount = amount.nullable().catch(null);
const positiveAmount = amount.refine((value) => value.greaterThan(0), 'not above zero');

/** A price or none: the exchange writes none as empty text, zero or null. The field itself must be there. */
const priceOrNone = z
  .union([z.null(), z.literal('').transform(() => null), unsignedAmount])
  .transform((value) => (value === null || value.isZero() ? null : value));

const numberText = z.string().regex(PLAIN_NUMBER, 'not a plain number').transform(Number);
const positiveNumber = numberText.refine((value) => value > 0, 'not above zero');
const numberOrNone = z.union([z.literal('').transform(() => null), numberText]);
const bookPrice = numberOrNone.transform((value) => (value === null || value <= 0 ? null : value));

/** Milliseconds since the epoch as text. */
const timeText = z
  .string()
  .regex(/^\d{1,15}$/, 'not a time')
  .transform(Number);
/** No exchange of ours is older than 2018; an absurd time would set the clock that orders are signed by. */
const timeNumber = z.int().min(1_514_764_800_000, 'not a time');

const side = z.enum(['Buy', 'Sell']);
const identity = z.string().min(1).max(64);

/** Every REST answer. `retCode` alone is read first: refusals may lack the rest. */
export const envelopeHead = z.object({ retCode: z.int(), retMsg: z.string().optional() });
export const envelope = z.object({ time: timeNumber, result: z.unknown() });

/** A page of a list; the rows are parsed one by one. */
export const listPage = z.object({ list: z.array(z.unknown()) });
/** A page of a list that continues while the cursor is not empty. */
export const cursorPage = z.object({ list: z.array(z.unknown()), nextPageCursor: z.string() });

/** What a row of a list is about, before the rest of it is read. */
export const symbolHead = z.object({ symbol: z.string() });

export const instrumentHead = z.object({
  symbol: z.string(),
  contractType: z.string(),
  quoteCoin: z.string(),
  settleCoin: z.string(),
});

export const instrumentRow = z.object({
  symbol: z.string(),
  status: z.enum(['PreLaunch', 'Trading', 'Delivering', 'Closed']),
  baseCoin: z.string().min(1),
  quoteCoin: z.string().min(1),
  launchTime: timeText,
  deliveryTime: timeText,
  fundingInterval: z.int().positive(),
  leverageFilter: z.object({ maxLeverage: positiveNumber }),
  priceFilter: z.object({ tickSize: positiveAmount }),
  lotSizeFilter: z.object({
    qtyStep: positiveAmount,
    minOrderQty: positiveAmount,
    maxMktOrderQty: positiveAmount,
    minNotionalValue: unsignedAmount,
  }),
});

export const tickerRow = z.object({
  symbol: z.string(),
  lastPrice: positiveNumber,
  markPrice: positiveNumber,
  bid1Price: bookPrice,
  ask1Price: bookPrice,
  turnover24h: numberText.refine((value) => value >= 0, 'below zero'),
  price24hPcnt: numberOrNone,
  fundingRate: numberOrNone,
});

/** The fields of `tickerRow`, which a delta push may carry or leave out. */
export const TICKER_FIELDS = Object.keys(tickerRow.shape);

export const candlePage = z.object({ symbol: z.string(), list: z.array(z.unknown()) });

export const positionHead = z.object({ symbol: z.string(), size: unsignedAmount });

export const positionRow = z.object({
  symbol: z.string(),
  side,
  size: positiveAmount,
  positionIdx: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  avgPrice: positiveAmount,
  markPrice: positiveAmount,
  leverage: positiveNumber,
  liqPrice: priceOrNone,
  stopLoss: priceOrNone,
  takeProfit: priceOrNone,
  unrealisedPnl: amount,
  /** Initial margin. */
  positionIM: witnessAmount,
});

/** What a position list by symbol states of an instrument whether or not it is held. */
export const leverageRow = z.object({
  symbol: z.string(),
  positionIdx: z.literal(0, 'the account is not in one-way mode'),
  leverage: positiveNumber,
});

/** The account as a whole; a margin mode we do not know is a fault. */
export const accountRow = z.object({
  marginMode: z.enum(['REGULAR_MARGIN', 'ISOLATED_MARGIN', 'PORTFOLIO_MARGIN']),
});

export const orderRow = z.object({
  orderId: identity,
  orderLinkId: z.string(),
  symbol: z.string(),
  side,
  orderType: z.enum(['Market', 'Limit']),
  orderStatus: z.string(),
  qty: unsignedAmount,
  cumExecQty: unsignedAmount,
  avgPrice: priceOrNone,
  price: priceOrNone,
  triggerPrice: priceOrNone,
  reduceOnly: z.boolean(),
  rejectReason: z.string(),
  cancelType: z.string(),
  createdTime: timeText.optional(),
  updatedTime: timeText,
});

/** An order with a trigger. */
export const stopRow = z.object({
  symbol: z.string(),
  side,
  orderStatus: z.string(),
  triggerPrice: priceOrNone,
  triggerBy: z.string(),
  triggerDirection: z.int(),
  stopOrderType: z.string(),
  reduceOnly: z.boolean(),
  closeOnTrigger: z.boolean(),
});

const EXECUTION_TYPES = [
  'Trade',
  'AdlTrade',
  'BustTrade',
  'Delivery',
  'BlockTrade',
  'MovePosition',
  'FutureSpread',
] as const;

export const executionHead = z.object({ symbol: z.string(), execType: z.string() });

export const executionRow = z.object({
  execId: identity,
  /** Empty for what no order made. */
  orderId: z.string(),
  orderLinkId: z.string(),
  symbol: z.string(),
  side,
  execType: z.enum(EXECUTION_TYPES),
  execPrice: positiveAmount,
  execQty: positiveAmount,
  execFee: amount,
  execTime: timeText,
  isMaker: z.boolean(),
  /** Missing in older pushes. */
  createType: z.string().optional(),
  stopOrderType: z.string(),
});

/** In isolated margin mode the account-wide number is empty text and the coin's own tell. */
export const walletRow = z.object({
  totalAvailableBalance: z.union([z.literal(''), amount]),
  coin: z.array(z.object({ coin: z.string(), equity: z.string(), walletBalance: z.string() }).loose()),
});

export const walletCoin = z.object({
  coin: z.literal('USDT'),
  equity: amount,
  walletBalance: amount,
  /** Initial margin of all positions. */
  totalPositionIM: witnessAmount,
});
export const isolatedCoin = z.object({
  walletBalance: amount,
  totalPositionIM: amount,
  totalOrderIM: amount,
  locked: amount,
});

export const transactionRow = z.object({
  id: z.string().min(1).max(256),
  type: z.string().min(1).max(64),
  /** Empty where no market is concerned. */
  category: z.string().default(''),
  symbol: z.string().default(''),
  currency: z.literal('USDT'),
  /** What the cash balance changed by, signed: cash flow + funding - fee. */
  change: amount,
  cashFlow: witnessAmount.optional().default(null),
  /** Received above zero; empty where it is no settlement. */
  funding: witnessAmount.optional().default(null),
  /** Paid above zero. */
  fee: witnessAmount.optional().default(null),
  /** Held after it, short below zero; empty where no position is concerned. */
  size: witnessAmount.optional().default(null),
  /** Of the execution; empty where there is none. */
  tradeId: z.string().max(256).default(''),
  transactionTime: timeText,
});

export type TransactionRow = z.infer<typeof transactionRow>;

export const placedOrder = z.object({ orderId: identity, orderLinkId: z.string() });

/** Private pushes and candles carry rows. */
export const pushRows = z.array(z.unknown());
export const categoryHead = z.object({ category: z.string() });

/** Answer to `auth`, `subscribe`, `ping`; public and private sockets name the outcome differently. */
export const acknowledgement = z.object({
  op: z.string(),
  req_id: z.string().optional(),
  success: z.boolean().optional(),
  retCode: z.int().optional(),
  ret_msg: z.string().optional(),
  retMsg: z.string().optional(),
});

/**
 * Checks an answer, or a part of it, against its schema. The error names the first difference, for a person:
 * `list.0.size: not a plain decimal number`.
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown): Result<z.infer<S>, string> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(
    issue === undefined ? 'unreadable' : `${issue.path.map(String).join('.') || 'answer'}: ${issue.message}`,
  );
}
