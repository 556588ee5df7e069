import { z } from 'zod';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId, Direction } from '../domain/order.ts';

/** Nothing is entered on an instrument whose exchange did what it had denied, until then or until a person says so. */
export interface SurpriseFreeze {
  readonly instrumentId: InstrumentId;
  readonly clientOrderId: ClientOrderId;
  readonly direction: Direction;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Orders that existed although they had been concluded, or told, not to. */
export interface Surprises {
  /** How many there have ever been. */
  readonly count: number;
  /** When the newest came, ms; null: none ever did. */
  readonly lastMs: number | null;
}

const text = z.string();
/** How surprises are stored. */
export const surprisesSchema = z.strictObject({
  count: z.number(),
  lastMs: z.number().nullable(),
  freezes: z.array(
    z.strictObject({
      instrumentId: text,
      clientOrderId: text,
      direction: z.enum(['long', 'short']),
      sinceMs: z.number(),
      untilMs: z.number(),
    }),
  ),
});
