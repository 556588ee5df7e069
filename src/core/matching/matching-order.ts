import type { Decimal } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import type { PriceKind } from './book.ts';

/** 0 = the one position of one-way mode; 1 = long and 2 = short of hedge mode. */
export type PositionIndex = 0 | 1 | 2;

/** How long an order may wait for a counterparty. */
export type TimeInForce = 'good-till-cancel' | 'immediate-or-cancel' | 'fill-or-kill' | 'post-only';

/** Who made an order. The stops belong to a position and live and die with it. */
export type OrderOrigin =
  | 'user'
  | 'conditional'
  | 'stop-loss'
  | 'take-profit'
  | 'trailing-stop'
  | 'partial-stop-loss'
  | 'partial-take-profit'
  | 'liquidation'
  | 'take-over'
  | 'deleveraging'
  | 'delivery';

const WHOLE_PROTECTIONS: readonly OrderOrigin[] = ['stop-loss', 'take-profit', 'trailing-stop'];

/** Where an order stands; the last three are final. */
export type MatchingOrderStatus =
  | 'open'
  | 'partly-filled'
  | 'filled'
  | 'cancelled'
  | 'untriggered'
  | 'deactivated';

/** Why an order ended without being filled whole; null while it lives or when it was filled. */
export type EndReason =
  | 'by-user'
  | 'no-liquidity'
  | 'would-take'
  | 'reduce-only'
  | 'position-closed'
  | 'twin-fired'
  | 'self-match'
  | 'margin-short'
  | 'prepare-liquidation'
  | 'liquidation'
  | 'deleveraging'
  | 'delisted';

/** Waits until a price has risen or fallen to `price`. */
export interface Trigger {
  readonly price: Decimal;
  readonly direction: 'rise' | 'fall';
  readonly by: PriceKind;
}

/** A stop loss or take profit as asked for. */
export interface ProtectionLevel {
  readonly price: Decimal;
  readonly by: PriceKind;
  /** Fires a limit order at this price; absent: a market order. Only for parts of a position. */
  readonly limitPrice?: Decimal;
}

/** Whether stops guard the whole position, as one pair, or each the quantity it was made for. */
export type ProtectionMode = 'full' | 'partial';

/** What happens when an order would trade with a resting order of its own account: who is cancelled. */
export type SelfMatchRule = 'none' | 'cancel-maker' | 'cancel-taker' | 'cancel-both';

/** A trailing stop: the trigger follows the best price at `distance`. */
export interface Trail {
  readonly distance: Decimal;
  /** Follows only after last price reached this; null follows at once. */
  readonly activePrice: Decimal | null;
}

/** An order as asked for. A market order has no price. */
export interface OrderPlacement {
  /** Empty for none. */
  readonly clientOrderId: string;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly kind: 'market' | 'limit';
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly timeInForce: TimeInForce;
  readonly positionIndex: PositionIndex;
  readonly reduceOnly: boolean;
  readonly closeOnTrigger: boolean;
  readonly trigger: Trigger | null;
  readonly takeProfit: ProtectionLevel | null;
  readonly stopLoss: ProtectionLevel | null;
  /** Of the stops it brings; absent: full. */
  readonly protectionMode?: ProtectionMode;
  /** Absent: none. */
  readonly selfMatch?: SelfMatchRule;
}

/** Other orders an order has to do with; empty texts for none. */
export interface OrderLinks {
  /** The order whose fill brought this stop. */
  readonly parentOrderId: string;
  readonly parentClientOrderId: string;
  /** The other stop of a pair for a part of a position: it ends when this one fires. */
  readonly twinOrderId: string;
  /** The order of the same account it would have traded with. */
  readonly rivalOrderId: string;
}

export const NO_LINKS: OrderLinks = {
  parentOrderId: '',
  parentClientOrderId: '',
  twinOrderId: '',
  rivalOrderId: '',
};

/** An order in the matching. Replaced, never changed in place. */
export interface MatchingOrder extends OrderPlacement {
  readonly orderId: string;
  /** Counts orders of the account from 1: the order of arrival. */
  readonly sequence: number;
  readonly origin: OrderOrigin;
  readonly status: MatchingOrderStatus;
  readonly endReason: EndReason | null;
  readonly filledQuantity: Decimal;
  readonly filledValue: Decimal;
  readonly fee: Decimal;
  /** Profit of the closed part of its fills, without fees. */
  readonly closedPnl: Decimal;
  readonly lastPriceOnCreated: Decimal;
  readonly trail: Trail | null;
  readonly links: OrderLinks;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Quantity still to be filled. */
export function leavesQuantity(order: MatchingOrder): Decimal {
  return order.quantity.minus(order.filledQuantity);
}

/** Null without a fill. */
export function averageFillPrice(order: MatchingOrder): Decimal | null {
  return order.filledQuantity.isZero() ? null : order.filledValue.dividedBy(order.filledQuantity);
}

/** True for the stops that belong to a position. */
export function isProtection(order: MatchingOrder): boolean {
  return WHOLE_PROTECTIONS.includes(order.origin) || isPartialProtection(order);
}

/** True for the stops that guard a part of a position. */
export function isPartialProtection(order: MatchingOrder): boolean {
  return order.origin === 'partial-stop-loss' || order.origin === 'partial-take-profit';
}

/** True for an order that waits in the book for a counterparty. */
export function isResting(order: MatchingOrder): boolean {
  return order.price !== null && (order.status === 'open' || order.status === 'partly-filled');
}
