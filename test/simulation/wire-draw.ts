import { type Decimal, decimalText } from '../../src/core/base/decimal.ts';
import type { Rng } from '../../src/core/base/rng.ts';
import type {
  MatchingOrder,
  OrderPlacement,
  ProtectionLevel,
} from '../../src/core/matching/matching-order.ts';
import type { TradingAccount } from '../../src/core/matching/trading-account.ts';
import type { OrderDraw } from './order-draw.ts';

/** A request as a client of the venue sends it. */
export interface WireRequest {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const FORCES = {
  'good-till-cancel': 'GTC',
  'immediate-or-cancel': 'IOC',
  'fill-or-kill': 'FOK',
  'post-only': 'PostOnly',
} as const;
const SELF_MATCH = {
  none: 'None',
  'cancel-maker': 'CancelMaker',
  'cancel-taker': 'CancelTaker',
  'cancel-both': 'CancelBoth',
} as const;
const PRICE_KINDS = { last: 'LastPrice', mark: 'MarkPrice', index: 'IndexPrice' } as const;
const LISTS = [
  '/v5/order/realtime',
  '/v5/order/history',
  '/v5/execution/list',
  '/v5/position/list',
  '/v5/position/closed-pnl',
] as const;

/** Draws requests in the exchange's own words: single and in batches, for orders that are there or are not. */
export class WireDraw {
  private readonly random: Rng;
  private readonly draw: OrderDraw;
  private names = 0;

  constructor(random: Rng, draw: OrderDraw) {
    this.random = random;
    this.draw = draw;
  }

  request(account: TradingAccount): WireRequest {
    const drawn = this.random.next();
    if (drawn < 0.4) return this.post('/v5/order/create', this.placement(account));
    if (drawn < 0.5) return this.batch('create', () => this.placement(account));
    if (drawn < 0.6) return this.post('/v5/order/amend', this.amendment(account));
    if (drawn < 0.64) return this.batch('amend', () => this.amendment(account));
    if (drawn < 0.76) return this.post('/v5/order/cancel', this.named(account));
    if (drawn < 0.8) return this.batch('cancel', () => this.named(account));
    if (drawn < 0.82) return this.post('/v5/order/cancel-all', { settleCoin: 'USDT' });
    if (drawn < 0.94) return this.post('/v5/position/trading-stop', this.stops(account));
    const path = this.draw.pick(LISTS);
    return { method: 'get', path, fields: { category: 'linear', settleCoin: 'USDT' } };
  }

  private post(path: string, fields: Readonly<Record<string, unknown>>): WireRequest {
    return { method: 'post', path, fields: { category: 'linear', ...fields } };
  }

  private batch(kind: string, item: () => Readonly<Record<string, unknown>>): WireRequest {
    const request = Array.from({ length: 1 + this.random.integer(4) }, () => ({
      category: 'linear',
      ...item(),
    }));
    return this.post(`/v5/order/${kind}-batch`, { request });
  }

  private placement(account: TradingAccount): Readonly<Record<string, unknown>> {
    this.names += 1;
    return wireOrder(this.draw.placement(account), `walk-${this.names}`);
  }

  private amendment(account: TradingAccount): Readonly<Record<string, unknown>> {
    const order = this.anyOrder(account);
    const isQuantity = this.random.next() < 0.6;
    return {
      ...wireName(order),
      ...(isQuantity ? { qty: decimalText(this.draw.quantity()) } : {}),
      ...(order?.price === null || order === null
        ? {}
        : { price: decimalText(this.draw.priceNear(order.instrumentId)) }),
      ...(this.random.next() < 0.2 ? { stopLoss: '0' } : {}),
    };
  }

  private named(account: TradingAccount): Readonly<Record<string, unknown>> {
    return wireName(this.anyOrder(account));
  }

  /** Mostly one that lives; what has ended may not be touched any more. */
  private anyOrder(account: TradingAccount): MatchingOrder | null {
    const open = account.openOrders();
    const among = open.length > 0 && this.random.next() < 0.9 ? open : account.closedOrders().slice(0, 5);
    return among.length === 0 ? null : this.draw.pick(among);
  }

  private stops(account: TradingAccount): Readonly<Record<string, unknown>> {
    const [position = null] = account.openPositions();
    if (position === null) return { symbol: 'BTCUSDT', positionIdx: 0, stopLoss: '1', tpslMode: 'Full' };
    const level = (): string => decimalText(this.draw.priceNear(position.instrumentId));
    const isPartial = this.random.next() < 0.4;
    const size = decimalText(position.quantity);
    return {
      symbol: symbolOf(position.instrumentId),
      positionIdx: position.positionIndex,
      tpslMode: isPartial ? 'Partial' : 'Full',
      ...(this.random.next() < 0.7 ? { stopLoss: level(), ...(isPartial ? { slSize: size } : {}) } : {}),
      ...(this.random.next() < 0.4 ? { takeProfit: level(), ...(isPartial ? { tpSize: size } : {}) } : {}),
      ...(this.random.next() < 0.3 ? { trailingStop: '2' } : {}),
    };
  }
}

function wireOrder(order: OrderPlacement, orderLinkId: string): Readonly<Record<string, unknown>> {
  const { trigger, timeInForce, selfMatch = 'none' } = order;
  return {
    symbol: symbolOf(order.instrumentId),
    side: order.side === 'buy' ? 'Buy' : 'Sell',
    orderType: order.kind === 'market' ? 'Market' : 'Limit',
    qty: decimalText(order.quantity),
    ...(order.price === null ? {} : { price: decimalText(order.price) }),
    timeInForce: FORCES[timeInForce],
    positionIdx: order.positionIndex,
    orderLinkId,
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closeOnTrigger,
    ...(trigger === null
      ? {}
      : {
          triggerPrice: decimalText(trigger.price),
          triggerDirection: trigger.direction === 'rise' ? 1 : 2,
          triggerBy: PRICE_KINDS[trigger.by],
        }),
    ...wireLevel('stopLoss', 'slTriggerBy', order.stopLoss),
    ...wireLevel('takeProfit', 'tpTriggerBy', order.takeProfit),
    tpslMode: order.protectionMode === 'partial' ? 'Partial' : 'Full',
    smpType: SELF_MATCH[selfMatch],
  };
}

function wireLevel(name: string, by: string, level: ProtectionLevel | null): Record<string, string> {
  return level === null ? {} : { [name]: textOf(level.price), [by]: PRICE_KINDS[level.by] };
}

function wireName(order: MatchingOrder | null): Readonly<Record<string, unknown>> {
  return order === null
    ? { symbol: 'BTCUSDT', orderLinkId: 'nobody' }
    : { symbol: symbolOf(order.instrumentId), orderId: order.orderId };
}

function symbolOf(instrumentId: string): string {
  return instrumentId;
}

function textOf(value: Decimal): string {
  return decimalText(value);
}
