import { z } from 'zod';
import type { Decimal } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId, Direction, Side } from '../domain/order.ts';

/** What fills of others have done to an instrument since it was last compared. */
export interface OutsideFills {
  readonly instrumentId: InstrumentId;
  /** What we held before the first of them; null and zero: nothing. */
  readonly direction: Direction | null;
  readonly held: Decimal;
  readonly fillIds: readonly string[];
  /** Exchange time of the newest. */
  readonly lastMs: number;
  /** What they add up to, bought less sold. */
  readonly bought: Decimal;
}

/** A resting order of ours that somebody else has taken back. */
export interface TakenAway {
  readonly clientOrderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  /** What of it had not filled. */
  readonly quantity: Decimal;
  /** What the exchange gave for a reason; empty: nothing. */
  readonly word: string;
}

/** A stop at the exchange that somebody else has pulled tighter than ours; it is ours since. */
export interface StopMoved {
  readonly instrumentId: InstrumentId;
  readonly from: Decimal;
  readonly to: Decimal;
}

/** An order that rests at the exchange and that no order of ours accounts for. It may still come to hold something. */
export interface StrangeOrder {
  readonly exchangeOrderId: string;
  readonly clientOrderId: string | null;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  /** What of it has not filled. */
  readonly quantity: Decimal;
  /** Where it would fill or be triggered; null: at the price of that moment. */
  readonly price: Decimal | null;
  readonly reduceOnly: boolean;
  /** Time of the first list in a row that had it. */
  readonly sinceMs: number;
  /** It is ours, and we hold it for over. */
  readonly ended: boolean;
}

const number = z.number();
const text = z.string();
/** How they are stored. */
export const outsideSchema = z.strictObject({
  fills: z.array(
    z.strictObject({
      instrumentId: text,
      direction: z.enum(['long', 'short']).nullable(),
      held: text,
      fillIds: z.array(text),
      lastMs: number,
      bought: text,
    }),
  ),
  takenAway: z.array(z.strictObject({ clientOrderId: text, instrumentId: text, quantity: text, word: text })),
  stops: z.array(z.strictObject({ instrumentId: text, from: text, to: text })),
  orders: z.array(
    z.strictObject({
      exchangeOrderId: text,
      clientOrderId: text.nullable(),
      instrumentId: text,
      side: z.enum(['buy', 'sell']),
      quantity: text,
      price: text.nullable(),
      reduceOnly: z.boolean(),
      sinceMs: number,
      ended: z.boolean(),
    }),
  ),
});
