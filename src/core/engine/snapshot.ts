import { z } from 'zod';
import { EXIT_REASONS } from '../domain/order.ts';
import { ORDER_STATES } from '../domain/order-state.ts';
import { TIMEFRAMES } from '../domain/timeframe.ts';
import { STOP_KINDS } from '../position/exit-rule.ts';
import { EMPTY_GUARD_MEMORY } from '../position/guard-memory.ts';
import { ladderSnapshotSchema } from './ladder-snapshot.ts';
import { STOP_ODDITIES } from './open-position.ts';
import { outsideSchema } from './outside-memory.ts';
import { seriesSnapshotSchema } from './series-snapshot.ts';
import { instrumentPatchSchema, tradingSettingsSchema } from './settings.ts';
import { IDLE_WATCH, stopWatchSchema } from './stop-watch.ts';
import { surprisesSchema } from './surprise-memory.ts';
import { PAUSE_REASONS } from './view.ts';

/** Raised when the shape changes; a snapshot of another version is refused, never guessed at. */
export const SNAPSHOT_VERSION = 1;

const number = z.number();
const text = z.string();
const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/);
const direction = z.enum(['long', 'short']);
const purpose = z.enum(['entry', ...EXIT_REASONS]);
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
  limitPrice: decimalText.nullable().default(null),
  ladderId: text.nullable().default(null),
  /** `ended` in states from before its words were kept apart. */
  state: z
    .enum(ORDER_STATES)
    .exclude(['prepared'])
    .or(z.literal('ended').transform(() => 'given-up' as const)),
  unknownMs: number.nullable().default(null),
  filledQuantity: decimalText,
  filledMs: number.nullable().default(null),
  fillsMissing: z.boolean().default(false),
  takenBack: z.strictObject({ count: number, askedMs: number }).nullable().default(null),
});

const holding = z.strictObject({
  direction,
  entryQuantity: decimalText,
  entryNotional: decimalText,
  exitQuantity: decimalText,
  exitNotional: decimalText,
  fees: decimalText,
});

const guardMemory = z.strictObject({
  bestProfitPct: number,
  breakEvenPrice: number.nullable(),
  trailing: z.strictObject({ referencePrice: number, stopPrice: number, takePrice: number }).nullable(),
  partialsDone: z.array(number).readonly(),
  rsiExitWaiting: z.boolean(),
});

const position = z.strictObject({
  instrumentId: text,
  entryOrderId: text,
  entry: entryNote,
  holding,
  steps: z.array(z.strictObject({ fillId: text.nullable(), timeMs: number, held: decimalText })).default([]),
  state: z.enum(['entering', 'open', 'closing']),
  openedMs: number,
  openingFillId: text,
  statedMs: number.nullable().default(null),
  stopPrice: decimalText,
  stopKind: z.enum(STOP_KINDS).default('initial'),
  stopMovedMs: number.nullable().default(null),
  takeProfitPrice: decimalText.nullable(),
  guard: guardMemory.default(EMPTY_GUARD_MEMORY),
  exchangeStopPrice: decimalText.nullable(),
  exchangeTakeProfitPrice: decimalText.nullable(),
  readMs: number.nullable(),
  stopConfirmedMs: number.nullable(),
  confirmedStopPrice: decimalText.nullable().default(null),
  liquidationPrice: decimalText.nullable().default(null),
  stopWatch: stopWatchSchema.default(IDLE_WATCH),
  stopMoveRefused: z.boolean().default(false),
  stopOddity: z.enum(STOP_ODDITIES).default('none'),
  closing: z
    .strictObject({
      reason: purpose.exclude(['entry']),
      clientOrderId: text,
      attempts: number,
      retryMs: number.nullable(),
    })
    .nullable(),
  reducing: z
    .strictObject({ profitPct: number, clientOrderId: text, attempts: number, retryMs: number.nullable() })
    .nullable()
    .default(null),
  absence: z.strictObject({ count: number, asOfMs: number }).nullable(),
  proof: z.strictObject({ count: number, sinceMs: number, asOfMs: number }).nullable().default(null),
  driftQuantity: decimalText.nullable(),
  driftMs: number.nullable().optional(),
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

const tradingSnapshot = z.strictObject({
  timeMs: number,
  settings: tradingSettingsSchema,
  settingsVersion: number,
  /** Absent in states from before single instruments could do otherwise. */
  instrumentSettings: z.array(z.tuple([text, instrumentPatchSchema])).default([]),
  autoBot: z.strictObject({
    enabled: z.boolean(),
    changed: z.strictObject({ actor: text, timeMs: number, reason: text }).nullable(),
  }),
  /** Without an instance in states from before there were any. */
  lease: z
    .strictObject({ accountId: text, epoch: number, intentNumber: number, instance: text.optional() })
    .nullable(),
  account: z
    .strictObject({
      balance: z.strictObject({ equity: decimalText, walletBalance: decimalText, available: decimalText }),
      asOfMs: number,
      transferred: decimalText.nullable().default('0'),
    })
    .nullable(),
  stopRefusal: z
    .strictObject({ instrumentId: text, code: text, text: text.default(''), timeMs: number })
    .nullable()
    .default(null),
  /** Equity at the first reading of the day; null: not read yet. One without its time was made before it was kept. */
  dayStart: z
    .strictObject({ day: number, equity: decimalText, asOfMs: number.default(0) })
    .nullable()
    .default(null),
  foreign: z.array(exchangePosition.extend({ missingMs: number.nullable().default(null) })),
  ignored: z
    .array(
      z.strictObject({
        instrumentId: text,
        direction,
        quantity: decimalText,
        actor: text,
        timeMs: number,
        reason: text,
      }),
    )
    .default([]),
  outside: outsideSchema.default({ fills: [], takenAway: [], stops: [], orders: [] }),
  bots: z.array(
    z.strictObject({
      instrumentId: text,
      origin: z.enum(['manual', 'auto']),
      paused: z.boolean(),
      pauseReason: z.enum(PAUSE_REASONS).nullable().default(null),
      single: z.boolean().default(false),
      direction: direction.nullable(),
      createdMs: number,
      settings: instrumentPatchSchema.default({}),
    }),
  ),
  /** Trading rules of what is held: an exit can be sent whether or not the exchange still lists the instrument. */
  instruments: z.array(instrument).default([]),
  positions: z.array(position),
  ladders: z.array(ladderSnapshotSchema).default([]),
  orders: z.array(trackedOrder),
  surprises: surprisesSchema.default({ count: 0, lastMs: null, freezes: [] }),
  coolDowns: z.array(z.tuple([text, number])),
  attempts: z.array(z.tuple([text, number])),
  lastFills: z.array(z.tuple([text, number])),
  lossStreaks: z.array(z.tuple([text, z.strictObject({ count: number, closedMs: number })])).default([]),
  fillIds: z.array(text),
});

const instrumentMarket = z.strictObject({
  instrument,
  lastPrice: number.nullable(),
  priceMs: number,
  markPrice: number.nullable(),
  turnover24h: number.nullable(),
  bidPrice: number.nullable(),
  askPrice: number.nullable(),
  fundingRate: number.nullable(),
  explained: text,
  scan: seriesSnapshotSchema,
  held: seriesSnapshotSchema.nullable(),
});

/**
 * All of the engine as plain JSON: money as exact decimal text, maps as lists in their order. `trading` must
 * survive a restart; `market` may be null, it comes back with instruments and candle histories.
 */
const engineSnapshotSchema = z.strictObject({
  version: z.literal(SNAPSHOT_VERSION),
  trading: tradingSnapshot,
  /** With it everything goes on in the very next step, Auto Bot too: for a replay, never for a start. */
  running: z
    .strictObject({
      entriesAllowed: z.strictObject({
        allowed: z.boolean(),
        reason: text,
        sinceMs: number,
        leaseLost: z.boolean(),
      }),
    })
    .optional(),
  market: z
    .strictObject({
      feedLost: text.nullable(),
      quotesGiven: z.boolean(),
      fundingGiven: z.boolean(),
      instruments: z.array(instrumentMarket),
    })
    .nullable(),
});

/** All of the engine, or its trading part alone with `market` null. */
export type EngineSnapshot = z.infer<typeof engineSnapshotSchema>;
/** What must survive a restart. */
export type TradingSnapshot = EngineSnapshot['trading'];
type MarketSnapshot = NonNullable<EngineSnapshot['market']>;
/** Prices and series of one instrument. */
export type InstrumentMarketSnapshot = MarketSnapshot['instruments'][number];
export type InstrumentSnapshot = TradingSnapshot['instruments'][number];
export type SeriesSnapshot = InstrumentMarketSnapshot['scan'];
/** A position with money as exact decimal text. */
export type PositionSnapshot = TradingSnapshot['positions'][number];
export type OrderSnapshot = TradingSnapshot['orders'][number];
export type EntryNoteSnapshot = PositionSnapshot['entry'];

/** Reads stored text that claims to be a snapshot; null when it is none of this version, whole and sound. */
export function parseEngineSnapshot(value: unknown): EngineSnapshot | null {
  const parsed = engineSnapshotSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
