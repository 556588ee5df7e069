import fc from 'fast-check';
import { type Decimal, decimal } from '../../src/core/base/decimal.ts';
import type { InstrumentId } from '../../src/core/domain/instrument.ts';
import type { ClientOrderId } from '../../src/core/domain/order.ts';
import { timeframeMs } from '../../src/core/domain/timeframe.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  ETH,
  exchangePosition,
  HISTORY_LENGTH,
  instrument,
  SOL,
  START_MS,
  settings,
  waves,
} from './story.ts';

const IDS = [BTC, ETH, SOL] as const;

const KINDS = [
  ...(['candle', 'candle', 'history', 'price', 'fill', 'fill', 'order', 'account', 'pass', 'pass'] as const),
  ...(['price', 'price', 'price', 'fill'] as const),
  ...(['protect', 'command', 'theirs', 'feed'] as const),
] as const;

/** What happens next, in the abstract: which instrument, what, and how much of it. */
interface Move {
  readonly kind: (typeof KINDS)[number];
  readonly which: number;
  readonly amount: number;
  readonly pauseMs: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...KINDS),
  which: fc.nat({ max: 2 }),
  amount: fc.nat({ max: 99 }),
  pauseMs: fc.constantFrom(0, 1, 500, 3_000, 12_000, 40_000),
});

export const moves = fc.array(move, { minLength: 5, maxLength: 60 });

/** A world that turns moves into events that fit what the engine has ordered so far. */
export class World {
  nowMs = START_MS + HISTORY_LENGTH * CANDLE_MS;
  private readonly shown = new Map<InstrumentId, number>();
  private fills = 0;

  /** Everything up to the first signal, with Auto Bot on. */
  opening(): EngineEvent[] {
    const timeMs = this.nowMs;
    const closes = waves(HISTORY_LENGTH, 'trough');
    const candles = candlesOf(closes);
    return [
      { kind: 'lease', timeMs, accountId: 'demo', epoch: 1 },
      ...IDS.map((id): EngineEvent => ({ kind: 'instrument', timeMs, instrument: instrument(id) })),
      ...IDS.map(
        (instrumentId): EngineEvent => ({
          kind: 'candle-history',
          timeMs,
          instrumentId,
          timeframe: '6h',
          candles,
        }),
      ),
      this.account([]),
      ...this.start(),
      this.laddering(),
    ];
  }

  /** One instrument is entered by a ladder, on a bot of its own, which outlives Auto Bot's switch. */
  private laddering(): EngineEvent {
    const said = { kind: 'command', timeMs: this.nowMs, commandId: 'c', actor: 'ann', reason: '' } as const;
    const rungs = [0, 1, 4].map((offsetPct) => ({ offsetPct, weight: 1 }));
    const settings = { entry: { entryMethod: 'ladder', rungs } } as const;
    return { ...said, command: { kind: 'create-bot', instrumentId: ETH, direction: null, settings } };
  }

  /** What a shell says after a start, whether or not it restored something. */
  start(): EngineEvent[] {
    const timeMs = this.nowMs;
    const said = { kind: 'command', timeMs, commandId: 'c', actor: 'ann', reason: '' } as const;
    return [
      { ...said, command: { kind: 'disable-auto-bot' } },
      { kind: 'lease', timeMs, accountId: 'demo', epoch: 2 },
      { kind: 'entries-allowed', timeMs, allowed: true, reason: 'ready' },
      { ...said, command: { kind: 'enable-auto-bot' } },
    ];
  }

  event(engine: Engine, next: Move): EngineEvent {
    this.nowMs += next.pauseMs;
    const timeMs = this.nowMs;
    const instrumentId = IDS[next.which]!;
    const price = 70 + next.amount;
    switch (next.kind) {
      case 'candle':
        return this.candle(instrumentId, price);
      case 'history':
        return this.history(next, instrumentId);
      case 'price':
        return {
          kind: 'price',
          timeMs,
          instrumentId,
          ...pricesOf(next),
          turnover24h: 1_000_000 + next.which,
          bidPrice: next.amount % 5 === 0 ? null : price - 0.1,
          askPrice: price,
          fundingRate: next.amount % 7 === 0 ? null : 0.0001,
        };
      case 'fill':
      case 'order':
        return this.word(engine, next, instrumentId);
      case 'account':
        return this.account(this.stated(engine, next));
      case 'pass':
        return { kind: 'timer', timeMs, name: 'entry-pass' };
      case 'protect':
        return { kind: 'timer', timeMs, name: 'protect' };
      case 'command':
        return this.command(next, instrumentId);
      case 'theirs':
        return this.theirs(engine, next);
      case 'feed':
        return next.amount < 50
          ? {
              kind: 'feed-lost',
              timeMs,
              ...this.series(next, instrumentId),
              reason: 'silent',
            }
          : { kind: 'feed-restored', timeMs, ...this.series(next, instrumentId) };
    }
  }

  /** The whole feed, all of an instrument, or one of its series. */
  private series({ amount }: Move, instrumentId: InstrumentId) {
    if (amount % 4 === 0) return { instrumentId: null, timeframe: null };
    const timeframes = [null, '6h', '1h'] as const;
    return { instrumentId, timeframe: timeframes[amount % 3] ?? null };
  }

  /** A history up to now on one of the timeframes that the settings move between. */
  private history({ amount }: Move, instrumentId: InstrumentId): EngineEvent {
    const timeframe = amount % 2 === 0 ? '6h' : '1h';
    const lengthMs = timeframeMs(timeframe);
    const endMs = Math.floor(this.nowMs / lengthMs) * lengthMs;
    const closes = waves(HISTORY_LENGTH, amount % 3 === 0 ? 'peak' : 'trough');
    const candles = candlesOf(closes, endMs - closes.length * lengthMs, lengthMs);
    if (timeframe === '6h') this.shown.set(instrumentId, (endMs - START_MS) / lengthMs - HISTORY_LENGTH);
    return { kind: 'candle-history', timeMs: this.nowMs, instrumentId, timeframe, candles };
  }

  private candle(instrumentId: InstrumentId, close: number): EngineEvent {
    const count = this.shown.get(instrumentId) ?? 0;
    this.shown.set(instrumentId, count + (close % 10 === 9 ? 2 : 1));
    // Every tenth candle is followed by a hole, which the engine must notice and remember.
    const openTimeMs = START_MS + (HISTORY_LENGTH + count) * CANDLE_MS;
    this.nowMs = Math.max(this.nowMs, openTimeMs + CANDLE_MS);
    const candle = { openTimeMs, open: close, high: close, low: close, close, volume: 1 };
    return { kind: 'candle-closed', timeMs: this.nowMs, instrumentId, timeframe: '6h', candle };
  }

  /** A word of the exchange about one of the newest orders: a fill of a part or all, or a state. */
  private word(engine: Engine, next: Move, instrumentId: InstrumentId): EngineEvent {
    const timeMs = this.nowMs;
    const order = engine.tradingSnapshot().orders.at(-1 - next.which);
    if (order === undefined) return { kind: 'timer', timeMs, name: 'protect' };
    const clientOrderId = order.clientOrderId as ClientOrderId;
    if (next.kind === 'order') {
      const states = ['accepted', 'filled', 'cancelled', 'rejected', 'not-placed', 'unknown'] as const;
      const state = states[next.amount % states.length]!;
      return { kind: 'order-update', timeMs, clientOrderId, instrumentId, state, code: '', detail: '' };
    }
    this.fills += 1;
    const left = decimal(order.quantity).minus(order.filledQuantity);
    const part = next.amount % 2 === 0 || left.isZero() ? decimal(order.quantity) : left;
    const buys = (order.purpose === 'entry') === (order.direction === 'long');
    return {
      kind: 'fill',
      timeMs,
      fill: {
        fillId: `f${this.fills - (next.amount % 10 === 0 ? 1 : 0)}`,
        exchangeOrderId: 'x',
        clientOrderId: next.amount % 7 === 0 ? null : clientOrderId,
        instrumentId: order.instrumentId as InstrumentId,
        side: buys ? 'buy' : 'sell',
        price: decimal(70 + next.amount),
        quantity: next.amount % 3 === 0 ? part.dividedBy(2) : part,
        fee: decimal('0.01'),
        maker: false,
        cause: next.amount % 5 === 0 ? 'stop-loss' : 'user',
        timeMs,
      },
    };
  }

  /** A person trades beside us: a position of theirs turns up, and then they say whose it is. */
  private theirs(engine: Engine, next: Move): EngineEvent {
    const [foreign] = engine.foreignPositions();
    const [ours] = engine.positions();
    const said = {
      kind: 'command',
      timeMs: this.nowMs,
      commandId: 'c',
      actor: 'ann',
      reason: 'mine',
    } as const;
    if (foreign === undefined && ours !== undefined && next.amount % 3 === 0)
      return { ...said, command: { kind: 'disown-position', instrumentId: ours.instrumentId } };
    if (foreign === undefined)
      return this.account([...this.stated(engine, next), ...this.turnedUp(engine, next)]);
    const { instrumentId, quantity } = foreign;
    if (next.amount % 3 === 0) return { ...said, command: { kind: 'ignore-position', instrumentId } };
    const openedMs = next.amount % 2 === 0 ? null : this.nowMs - 1_000;
    const ground = { readMs: 0, quantity, openedMs, fees: decimal('0.01') };
    return { ...said, command: { kind: 'adopt-position', instrumentId, ...ground } };
  }

  private turnedUp(engine: Engine, { amount }: Move) {
    const held = engine.positions().map(({ instrumentId }) => instrumentId);
    return IDS.filter((id) => !held.includes(id)).map((instrumentId) =>
      exchangePosition({
        instrumentId,
        direction: amount % 2 === 0 ? 'long' : 'short',
        entryPrice: decimal(92 + amount / 8),
        quantity: decimal('0.3'),
        stopPrice: null,
        markPrice: decimal(92 + amount / 4),
      }),
    );
  }

  /** What the exchange states: our positions as they are, smaller, without a stop, or nothing at all. */
  private stated(engine: Engine, next: Move) {
    return engine
      .positions()
      .filter(() => next.amount % 4 !== 0)
      .map(({ instrumentId, direction, quantity, stopPrice }) =>
        exchangePosition({
          instrumentId,
          direction,
          quantity: decimal(quantity === '0' ? '0.1' : quantity).dividedBy(next.amount % 2 === 0 ? 2 : 1),
          stopPrice: this.resting(next, decimal(stopPrice)),
          markPrice: decimal(70 + next.amount),
        }),
      );
  }

  /** None, ours, or one that a person has moved up or down by a tenth. */
  private resting({ amount }: Move, ours: Decimal): Decimal | null {
    if (amount % 3 === 0) return null;
    return amount % 3 === 1 ? ours : ours.times(amount % 2 === 0 ? '1.1' : '0.9');
  }

  private account(positions: ReturnType<World['stated']>): EngineEvent {
    const balance = { equity: decimal(1_000), walletBalance: decimal(1_000), available: decimal(1_000) };
    return { kind: 'account-snapshot', timeMs: this.nowMs, asOfMs: this.nowMs, balance, positions };
  }

  private command({ amount }: Move, instrumentId: InstrumentId): EngineEvent {
    const said = {
      kind: 'command',
      timeMs: this.nowMs,
      commandId: 'c',
      actor: 'ann',
      reason: 'mine',
    } as const;
    const version = amount;
    const commands = [
      { kind: 'close-position', instrumentId },
      { kind: 'create-bot', instrumentId, direction: null },
      { kind: 'enter', instrumentId, direction: amount % 2 === 0 ? 'long' : 'short', force: amount % 3 > 0 },
      { kind: 'stop-bot', instrumentId },
      { kind: 'start-bot', instrumentId },
      { kind: 'configure', settings: settings({ exit: { stopLossPct: 1 + (amount % 20) } }), version },
      { kind: 'configure', settings: settings({ signal: { rsiLength: 10 + (amount % 9) } }), version },
      {
        kind: 'configure',
        settings: settings(),
        instruments: new Map([[instrumentId, { exit: { stopLossPct: 1 + (amount % 20) } }]]),
        version,
      },
      { kind: 'configure-bot', instrumentId, settings: { signal: { rsiLength: 10 + (amount % 9) } } },
      {
        kind: 'configure',
        settings: settings({ ...EVERY_EXIT, timeframe: amount % 2 === 0 ? '6h' : '1h' }),
        version,
      },
    ] as const;
    return { ...said, command: commands[amount % commands.length]! };
  }
}

/** Every exit rule on, and near enough to the prices of a course to speak: entries of 1 unit at 100. */
const EVERY_EXIT = {
  risk: { positionNotionalUsdt: 100 },
  exit: {
    partialTakeProfits: [
      { profitPct: 5, sharePct: 30 },
      { profitPct: 15, sharePct: 30 },
    ],
    breakEvenTriggerPct: 4,
    trailingActivationPct: 10,
    trailingDistancePct: 8,
    positionHoursMax: 40,
    trendFlipExit: true,
    rsiExitWaitBreakEven: true,
  },
};

/** One instrument jumps about; the others move within what wakes the rules that follow a profit. */
function pricesOf({ which, amount }: Move) {
  const price = which === 0 ? 70 + amount : 92 + amount / 4;
  return { lastPrice: price, markPrice: price };
}

/** An engine before its first event. */
export function fresh(): Engine {
  return new Engine({ settings: settings(EVERY_EXIT), settingsVersion: 1 });
}
