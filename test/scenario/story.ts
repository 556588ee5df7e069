import { type Decimal, decimal, decimalText } from '../../src/core/base/decimal.ts';
import type { Candle } from '../../src/core/domain/candle.ts';
import {
  type Instrument,
  type InstrumentId,
  parseExchangeSymbol,
  parseInstrumentId,
} from '../../src/core/domain/instrument.ts';
import type { ClientOrderId, Fill } from '../../src/core/domain/order.ts';
import type { ExchangePosition } from '../../src/core/domain/position.ts';
import { type Timeframe, timeframeMs } from '../../src/core/domain/timeframe.ts';
import type { Decision } from '../../src/core/engine/decision.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import type { Command, EngineEvent, OrderUpdate } from '../../src/core/engine/event.ts';
import { type TradingSettings, tradingSettingsSchema } from '../../src/core/engine/settings.ts';

const HOUR_MS = 3_600_000;
export const CANDLE_MS = 6 * HOUR_MS;
/** Open time of the first candle of every story. */
export const START_MS = Math.floor(Date.UTC(2026, 0, 5) / CANDLE_MS) * CANDLE_MS;

export const BTC = instrumentId('BTCUSDT');
export const ETH = instrumentId('ETHUSDT');
export const SOL = instrumentId('SOLUSDT');

/** A price whose source tells neither book nor funding. */
export const QUIET_QUOTE = { kind: 'price', bidPrice: null, askPrice: null, fundingRate: null } as const;

/** How many candles the history of a story holds: six waves. */
export const HISTORY_LENGTH = 240;

/** RSI at the trough of many `waves`: what is left of the gains after 20 falls. */
export const TROUGH_RSI = (100 * (13 / 14) ** 20) / (1 + (13 / 14) ** 20);

/**
 * Closes that go up by 1 for 20 candles and down by 1 for 20, between 100 and 120. With Wilder's smoothing the
 * share of gains settles at 1 / (1 + (13/14)^20) = 0.815 on a peak and 0.185 at a trough: RSI 81.5 and
 * 18.5. The candles before a trough fall 9 % in 30 with 20 of 29 steps down: the trend is down.
 */
export function waves(length: number, phase: 'trough' | 'peak'): number[] {
  const shift = phase === 'trough' ? 0 : 20;
  return Array.from({ length }, (_, index) => {
    const step = (index + 1 + shift + 40_000 - length) % 40;
    return step <= 20 ? 100 + step : 140 - step;
  });
}

function instrumentId(text: string): InstrumentId {
  const id = parseInstrumentId(text);
  if (id === null) throw new Error(`No instrument id: ${text}`);
  return id;
}

export function instrument(id: InstrumentId, changes: Partial<Instrument> = {}): Instrument {
  const exchangeSymbol = parseExchangeSymbol(id);
  if (exchangeSymbol === null) throw new Error(`No exchange symbol: ${id}`);
  return {
    id,
    exchangeSymbol,
    base: id.replace(/USDT$/, ''),
    multiplier: 1,
    quote: 'USDT',
    status: 'trading',
    tickSize: decimal('0.1'),
    quantityStep: decimal('0.001'),
    quantityMin: decimal('0.001'),
    marketQuantityMax: decimal(100),
    notionalMin: decimal(5),
    leverageMax: 25,
    launchTimeMs: 0,
    deliveryTimeMs: null,
    fundingIntervalMs: 8 * HOUR_MS,
    ...changes,
  };
}

export function candlesOf(
  closes: readonly number[],
  firstOpenTimeMs: number = START_MS,
  lengthMs: number = CANDLE_MS,
): Candle[] {
  return closes.map((close, index) => {
    const openTimeMs = firstOpenTimeMs + index * lengthMs;
    return { openTimeMs, open: close, high: close + 0.5, low: close - 0.5, close, volume: 10_000 };
  });
}

export function settings(changes: Record<string, unknown> = {}): TradingSettings {
  return tradingSettingsSchema.parse(changes);
}

export function fill(changes: Partial<Omit<Fill, 'price' | 'quantity' | 'fee'>> & FillNumbers): Fill {
  const { price, quantity, fee = '0', ...rest } = changes;
  return {
    fillId: 'f1',
    exchangeOrderId: 'x1',
    clientOrderId: null,
    instrumentId: BTC,
    side: 'buy',
    maker: false,
    cause: 'user',
    timeMs: 0,
    ...rest,
    price: decimal(price),
    quantity: decimal(quantity),
    fee: decimal(fee),
  };
}

interface FillNumbers {
  readonly price: string;
  readonly quantity: string;
  readonly fee?: string;
}

export function exchangePosition(changes: Partial<ExchangePosition> = {}): ExchangePosition {
  return {
    instrumentId: BTC,
    direction: 'long',
    quantity: decimal('0.1'),
    entryPrice: decimal(100),
    markPrice: decimal(100),
    leverage: 1,
    stopPrice: decimal(85),
    takeProfitPrice: decimal(150),
    liquidationPrice: null,
    unrealisedPnl: decimal(0),
    ...changes,
  };
}

/** An engine, a clock and short words for events. Every word gives all decisions it led to, one line each. */
export class Story {
  readonly engine: Engine;
  nowMs: number;
  private commands = 0;

  constructor(changes: Record<string, unknown> = {}) {
    this.engine = new Engine({ settings: settings(changes), settingsVersion: 1 });
    this.nowMs = START_MS;
  }

  /** Everything that comes before trading: lease, instruments, an account of 10,000, permission. */
  begin(...instruments: readonly Instrument[]): void {
    this.say({ kind: 'lease', accountId: 'demo', epoch: 1 });
    for (const known of instruments) this.say({ kind: 'instrument', instrument: known });
    this.account();
    this.say({ kind: 'entries-allowed', allowed: true, reason: 'ready' });
  }

  /** All but the last of `closes` as history, then the last as a closed candle; time stands at its close. */
  candles(id: InstrumentId, closes: readonly number[], firstOpenTimeMs: number = START_MS): string[] {
    const candles = candlesOf(closes, firstOpenTimeMs);
    const last = candles.at(-1);
    if (last === undefined) throw new Error('A story has candles.');
    this.nowMs = last.openTimeMs + CANDLE_MS;
    this.say({ kind: 'candle-history', instrumentId: id, timeframe: '6h', candles: candles.slice(0, -1) });
    return this.close(id, last);
  }

  close(id: InstrumentId, candle: Candle, timeframe: Timeframe = '6h'): string[] {
    this.nowMs = Math.max(this.nowMs, candle.openTimeMs + timeframeMs(timeframe));
    return this.say({ kind: 'candle-closed', instrumentId: id, timeframe, candle });
  }

  price(id: InstrumentId, price: number, turnover24h = 1_000_000): string[] {
    return this.say({ ...QUIET_QUOTE, instrumentId: id, lastPrice: price, markPrice: price, turnover24h });
  }

  timer(name: 'entry-pass' | 'protect'): string[] {
    return this.say({ kind: 'timer', name });
  }

  command(command: Command): string[] {
    this.commands += 1;
    const commandId = `c${this.commands}`;
    return this.say({ kind: 'command', commandId, actor: 'ann', reason: 'because', command });
  }

  account(
    positions: readonly ExchangePosition[] = [],
    equity = 10_000,
    confirmed: readonly InstrumentId[] = [],
    asOfMs = this.nowMs,
  ): string[] {
    const balance = { equity: decimal(equity), walletBalance: decimal(equity), available: decimal(equity) };
    return this.say({ kind: 'account-snapshot', asOfMs, balance, positions, confirmed });
  }

  /** Three readings over a minute in which more than the list says so of BTC. Gives what the last one led to. */
  confirm(positions: readonly ExchangePosition[] = []): string[] {
    this.account(positions, 10_000, [BTC]);
    this.wait(30_000).account(positions, 10_000, [BTC]);
    return this.wait(30_000).account(positions, 10_000, [BTC]);
  }

  order(
    clientOrderId: ClientOrderId,
    state: OrderUpdate['state'],
    code = '',
    id: InstrumentId = BTC,
  ): string[] {
    return this.say({ kind: 'order-update', clientOrderId, instrumentId: id, state, code, detail: '' });
  }

  fill(changes: Parameters<typeof fill>[0]): string[] {
    return this.say({ kind: 'fill', fill: fill({ timeMs: this.nowMs, ...changes }) });
  }

  wait(durationMs: number): this {
    this.nowMs += durationMs;
    return this;
  }

  say(event: WithoutTime<EngineEvent>): string[] {
    return this.engine.step({ ...event, timeMs: this.nowMs } as EngineEvent).map(inWords);
  }

  /** Client order id of intent `number` of the story's lease, by the documented layout. */
  orderId(number: number): ClientOrderId {
    const ids = this.engine.tradingSnapshot().orders.map((order) => order.clientOrderId);
    const id = ids.find((text) => text.endsWith(number.toString(36).padStart(6, '0')));
    if (id === undefined) throw new Error(`No order ${number} among ${ids.join(', ')}`);
    return id as ClientOrderId;
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'timeMs'> : never;

/** A decision as one line: all that matters of it and nothing that only repeats the event. */
function inWords(decision: Decision): string {
  switch (decision.kind) {
    case 'place-order': {
      const { order } = decision;
      const levels =
        order.kind === 'entry'
          ? ` stop ${decimalText(order.stopPrice)} profit ${textOf(order.takeProfitPrice)} leverage ${order.leverage}`
          : ' reduce-only';
      const limit = order.kind === 'entry' ? order.limit : null;
      const at = limit === null ? '' : ` ${limit.postOnly ? 'waiting ' : ''}at ${decimalText(limit.price)}`;
      return `${order.purpose}: ${order.side} ${decimalText(order.quantity)} ${order.instrumentId}${at}${levels}`;
    }
    case 'amend-stop': {
      const { stopPrice, takeProfitPrice } = decision;
      const levels = `stop ${textOf(stopPrice, 'kept')} profit ${textOf(takeProfitPrice, 'kept')}`;
      return `amend ${decision.direction} ${decision.instrumentId}: ${levels}`;
    }
    case 'notify':
      return `${decision.severity} ${decision.code} ${decision.instrumentId ?? '-'}`;
    case 'request-snapshot':
      return `ask ${decision.reason}`;
    case 'look-up-order':
      return `look up ${decision.instrumentId}`;
    case 'give-up-order':
      return `give up ${decision.instrumentId}: ${decision.code}`;
    case 'halt-instrument':
      return `halt ${decision.instrumentId}`;
    case 'explain': {
      const { record } = decision;
      const vetoes = record.verdicts
        .filter((verdict) => verdict.kind === 'veto')
        .map((verdict) => verdict.code);
      const codes = [record.refusal?.code, ...vetoes].filter((code) => code !== undefined);
      const rank = record.rank === null ? '' : ` #${record.rank} of ${record.slotsFree} free`;
      return [`explain ${record.instrumentId} ${record.outcome}${rank}`, ...codes].join(' ');
    }
    case 'position-closed': {
      const { closed } = decision;
      const money = `gross ${decimalText(closed.grossPnl)} fees ${decimalText(closed.fees)}`;
      return `closed ${closed.direction} ${decimalText(closed.quantity)} ${closed.instrumentId} by ${closed.exitReason}: ${money}`;
    }
    case 'cancel-order':
      return `cancel ${decision.clientOrderId}`;
  }
}

function textOf(value: Decimal | null, otherwise = 'none'): string {
  return value === null ? otherwise : decimalText(value);
}

/** A story that stands right after a signal for a long at 100 on BTC, with Auto Bot on. */
export function oversold(changes: Record<string, unknown> = {}): Story {
  const story = new Story(changes);
  story.begin(instrument(BTC));
  story.command({ kind: 'enable-auto-bot' });
  story.candles(BTC, waves(HISTORY_LENGTH, 'trough'));
  story.account();
  return story;
}

/** The same story after its entry of 0.1 at 100 has filled for a fee of 0.0055. */
export function holding(changes: Record<string, unknown> = {}): Story {
  const story = oversold(changes);
  story.timer('entry-pass');
  story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1', fee: '0.0055' });
  story.order(story.orderId(1), 'filled');
  return story;
}
