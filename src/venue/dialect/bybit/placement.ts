import { z } from 'zod';
import { type Decimal, ZERO } from '../../../core/base/decimal.ts';
import { err, ok, type Result } from '../../../core/base/result.ts';
import type { InstrumentId } from '../../../core/domain/instrument.ts';
import type { PriceKind } from '../../../core/matching/book.ts';
import type {
  OrderPlacement,
  ProtectionLevel,
  TimeInForce,
  Trigger,
} from '../../../core/matching/matching-order.ts';
import {
  decimalInput,
  optionalDecimalInput,
  positionIndexInput,
  textInput,
  triggerByInput,
} from './input.ts';
import { CATEGORY } from './words.ts';

/** The body of `order/create`. Only whole-position stops that close at market are offered here. */
export const placementInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  side: z.enum(['Buy', 'Sell'], 'Side invalid'),
  orderType: z.enum(['Market', 'Limit'], 'orderType invalid'),
  qty: decimalInput,
  price: optionalDecimalInput,
  timeInForce: z.enum(['GTC', 'IOC', 'FOK', 'PostOnly', '']).nullish(),
  positionIdx: positionIndexInput,
  orderLinkId: textInput,
  reduceOnly: z.boolean().nullish(),
  closeOnTrigger: z.boolean().nullish(),
  triggerPrice: optionalDecimalInput,
  triggerDirection: z.union([z.literal(1), z.literal(2)]).nullish(),
  triggerBy: triggerByInput,
  takeProfit: optionalDecimalInput,
  stopLoss: optionalDecimalInput,
  tpTriggerBy: triggerByInput,
  slTriggerBy: triggerByInput,
  tpslMode: z.enum(['Full', '']).nullish(),
  tpOrderType: z.enum(['Market', '']).nullish(),
  slOrderType: z.enum(['Market', '']).nullish(),
});

type Input = z.output<typeof placementInput>;

/** The order in the matching's words, or what is wrong with it. */
export function toPlacement(input: Input, instrumentId: InstrumentId): Result<OrderPlacement, string> {
  const kind = input.orderType === 'Market' ? 'market' : 'limit';
  if (kind === 'limit' && input.price === undefined) return err('price is required');
  const trigger = toTrigger(input);
  if (!trigger.ok) return trigger;
  return ok({
    clientOrderId: input.orderLinkId,
    instrumentId,
    side: input.side === 'Buy' ? 'buy' : 'sell',
    kind,
    quantity: input.qty,
    price: kind === 'limit' ? (input.price ?? ZERO) : null,
    timeInForce: kind === 'market' ? 'immediate-or-cancel' : toTimeInForce(input.timeInForce),
    positionIndex: input.positionIdx,
    reduceOnly: input.reduceOnly ?? false,
    closeOnTrigger: input.closeOnTrigger ?? false,
    trigger: trigger.value,
    takeProfit: toLevel(input.takeProfit, input.tpTriggerBy),
    stopLoss: toLevel(input.stopLoss, input.slTriggerBy),
  });
}

function toTrigger(input: Input): Result<Trigger | null, string> {
  const price = input.triggerPrice;
  if (price === undefined || price.isZero()) return ok(null);
  if (input.triggerDirection === null || input.triggerDirection === undefined) {
    return err('triggerDirection is required');
  }
  return ok({ price, by: input.triggerBy, direction: input.triggerDirection === 1 ? 'rise' : 'fall' });
}

function toTimeInForce(word: Input['timeInForce']): TimeInForce {
  if (word === 'IOC') return 'immediate-or-cancel';
  if (word === 'FOK') return 'fill-or-kill';
  return word === 'PostOnly' ? 'post-only' : 'good-till-cancel';
}

/** Zero and nothing both mean no stop. */
function toLevel(price: Decimal | undefined, by: PriceKind): ProtectionLevel | null {
  return price === undefined || price.isZero() ? null : { price, by };
}
