import { z } from 'zod';
import { TIMEFRAMES } from '../domain/timeframe.ts';
import { tradingSettingsSchema } from './settings.ts';

/** Raised when the shape changes; a snapshot of another version is refused, never guessed at. */
export const SNAPSHOT_VERSION = 1;

const number = z.number();
const text = z.string();
const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/);
const direction = z.enum(['long', 'short']);
const purpose = z.enum([
  'entry',
  'stop-loss',
  'take-profit',
  'rsi-exit',
  'manual',
  'exchange-stop',
  'exchange-take-profit',
  'liquidation',
  'deleveraging',
  'external',
]);
const timeframe = z.enum(TIMEFRAMES);
const trend = z.enum(['up', 'down', 'neutral']).nullable();

const entryNote = z.strictObject({
  timeframe,
  rsi: number.nullable(),
  trend,
  leverage: number,
  stopPrice: decimalText,
  takeProfitPrice: decimalText.nullable(),
  referencePrice: decimalText,
});

const trackedOrder = z.strictObject({
  clientOrderId: text,
  instrumentId: text,
  direction,
  purpose,
  quantity: decimalText,
  placedMs: number,
  entry: entryNote.nullable(),
  state: z.enum(['sent', 'accepted', 'unknown', 'filled', 'ended']),
  filledQuantity: decimalText,
});

const holding = z.strictObject({
  direction,
  entryQuantity: decimalText,
  entryNotional: decimalText,
  exitQuantity: decimalText,
  exitNotional: decimalText,
  fees: decimalText,
});

const position = z.strictObject({
  instrumentId: text,
  entryOrderId: text,
  entry: entryNote,
  holding,
  state: z.enum(['entering', 'open', 'closing']),
  openedMs: number,
  openingFillId: text,
  stopPrice: decimalText,
  takeProfitPrice: decimalText.nullable(),
  exchangeStopPrice: decimalText.nullable(),
  exchangeTakeProfitPrice: decimalText.nullable(),
  readMs: number.nullable(),
  stopConfirmedMs: number.nullable(),
  closing: z
    .strictObject({
      reason: purpose.exclude(['entry']),
      clientOrderId: text,
      attempts: number,
      retryMs: number.nullable(),
    })
    .nullable(),
  absence: z.strictObject({ count: number, asOfMs: number }).nullable(),
  driftQuantity: decimalText.nullable(),
});

const exchangePosition = z.strictObject({
  instrumentId: text,
  direction,
  quantity: decimalText,
  entryPrice: decimalText,
  markPrice: decimalText,
  leverage: number,
  stopPrice: decimalText.nullable(),
  takeProfitPrice: decimalText.nullable(),
  liquidationPrice: decimalText.nullable(),
  unrealisedPnl: decimalText,
});

const tradingSnapshot = z.strictObject({
  timeMs: number,
  settings: tradingSettingsSchema,
  settingsVersion: number,
  autoBot: z.strictObject({
    enabled: z.boolean(),
    changed: z.strictObject({ actor: text, timeMs: number, reason: text }).nullable(),
  }),
  lease: z.strictObject({ accountId: text, epoch: number, intentNumber: number }).nullable(),
  account: z
    .strictObject({
      balance: z.strictObject({ equity: decimalText, walletBalance: decimalText, available: decimalText }),
      asOfMs: number,
    })
    .nullable(),
  foreign: z.array(exchangePosition),
  bots: z.array(
    z.strictObject({
      instrumentId: text,
      origin: z.enum(['manual', 'auto']),
      paused: z.boolean(),
      direction: direction.nullable(),
      createdMs: number,
    }),
  ),
  positions: z.array(position),
  orders: z.array(trackedOrder),
  coolDowns: z.array(z.tuple([text, number])),
  attempts: z.array(z.tuple([text, number])),
  lastFills: z.array(z.tuple([text, number])),
  fillIds: z.array(text),
});

const instrument = z.strictObject({
  id: text,
  exchangeSymbol: text,
  base: text,
  multiplier: number,
  quote: text,
  status: z.enum(['pre-launch', 'trading', 'delivering', 'closed']),
  tickSize: decimalText,
  quantityStep: decimalText,
  quantityMin: decimalText,
  marketQuantityMax: decimalText,
  notionalMin: decimalText,
  leverageMax: number,
  launchTimeMs: number,
  deliveryTimeMs: number.nullable(),
  fundingIntervalMs: number,
});

const instrumentMarket = z.strictObject({
  instrument,
  lastPrice: number.nullable(),
  priceMs: number,
  markPrice: number.nullable(),
  turnover24h: number.nullable(),
  feedLost: text.nullable(),
  explained: text,
  candles: z.array(
    z.strictObject({
      openTimeMs: number,
      open: number,
      high: number,
      low: number,
      close: number,
      volume: number,
    }),
  ),
  gap: z.boolean(),
  shown: number,
  rsiMin: number.nullable(),
  rsiMax: number.nullable(),
  rsi: z.strictObject({
    length: number,
    count: number,
    close: number.nullable(),
    moved: number,
    drift: number,
  }),
  trend: z.strictObject({ closes: z.array(number) }),
});

/**
 * All of the engine as plain JSON: money as exact decimal text, maps as lists in their order. `trading` must
 * survive a restart; `market` may be null, it comes back with instruments and candle histories.
 */
const engineSnapshotSchema = z.strictObject({
  version: z.literal(SNAPSHOT_VERSION),
  trading: tradingSnapshot,
  market: z.strictObject({ feedLost: text.nullable(), instruments: z.array(instrumentMarket) }).nullable(),
});

/** All of the engine, or its trading part alone with `market` null. */
export type EngineSnapshot = z.infer<typeof engineSnapshotSchema>;
/** What must survive a restart. */
export type TradingSnapshot = EngineSnapshot['trading'];
type MarketSnapshot = NonNullable<EngineSnapshot['market']>;
export type InstrumentMarketSnapshot = MarketSnapshot['instruments'][number];
export type PositionSnapshot = TradingSnapshot['positions'][number];
export type OrderSnapshot = TradingSnapshot['orders'][number];
export type EntryNoteSnapshot = PositionSnapshot['entry'];

/** Reads stored text that claims to be a snapshot; null when it is none of this version, whole and sound. */
export function parseEngineSnapshot(value: unknown): EngineSnapshot | null {
  const parsed = engineSnapshotSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
