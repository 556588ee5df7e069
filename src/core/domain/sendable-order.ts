import type { Brand } from '../base/brand.ts';
import type { ApprovedOrder } from './order.ts';

/**
 * The one thing an exchange places: an order that the gate let through. Only `trading/order-gate.ts` mints it.
 */
export type SendableOrder = Brand<
  {
    readonly order: ApprovedOrder;
    /** Asked right before the first byte, when all waiting is over; false: it is not sent. Never throws. */
    readonly mayLeave: () => boolean;
  },
  'SendableOrder'
>;
