import { z } from 'zod';
import { type Decimal, parseDecimal } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import type { PositionIndex } from '../../../core/matching/matching-order.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { CATEGORIES } from './words.ts';

/** What is wrong with what was asked for: Bybit's code and a sentence. */
export interface InputFault {
  readonly retCode: number;
  readonly detail: string;
}

/** A whole number as query text, within bounds; the default when absent or empty. */
export function wholeNumber(bounds: { readonly min: number; readonly max: number; readonly usual: number }) {
  return z
    .union([z.string(), z.number()])
    .optional()
    .transform((value) => (value === undefined || value === '' ? bounds.usual : Number(value)))
    .refine((value) => Number.isInteger(value) && value >= bounds.min, 'is invalid')
    .transform((value) => Math.min(value, bounds.max));
}

/** Milliseconds as query text; null when absent or empty. */
export const timeInput = z
  .union([z.string(), z.number()])
  .optional()
  .transform((value) => (value === undefined || value === '' ? null : Number(value)))
  .refine((value) => value === null || (Number.isInteger(value) && value >= 0), 'is invalid');

/** Optional text; an absent and a null one are empty. */
export const textInput = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const categoryInput = z.enum(CATEGORIES, 'Illegal category');

/** A positive decimal number as text. */
export const decimalInput = z.string().transform((text, context): Decimal => {
  const value = parseDecimal(text);
  if (value !== null && !value.isNegative()) return value;
  context.addIssue({ code: 'custom', message: 'is not a number' });
  return z.NEVER;
});

/** An optional price as text; absent, null and empty give undefined. Zero is kept: it takes a stop off. */
export const optionalDecimalInput = z
  .union([decimalInput, z.literal('').transform(() => undefined), z.null().transform(() => undefined)])
  .optional();

export const positionIndexInput = z
  .union([z.literal(0), z.literal(1), z.literal(2)])
  .nullish()
  .transform((value): PositionIndex => value ?? 0);

export const triggerByInput = z
  .enum(['LastPrice', 'MarkPrice', 'IndexPrice', ''])
  .nullish()
  .transform((value) => {
    if (value === 'MarkPrice') return 'mark' as const;
    return value === 'IndexPrice' ? ('index' as const) : ('last' as const);
  });

/** Null when the exchange lists no such symbol. */
export function findInstrument(floor: TradingFloor, symbol: string): Instrument | null {
  return floor.instruments().get(symbol) ?? null;
}
