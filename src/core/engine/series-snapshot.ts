import { z } from 'zod';
import { TIMEFRAMES } from '../domain/timeframe.ts';

const number = z.number();

const averageState = z.strictObject({ length: number, count: number, level: number });

/** By the method of the settings: closes of price action, or two averages. */
const trendState = z.union([
  z.strictObject({ closes: z.array(number) }),
  z.strictObject({
    count: number,
    short: averageState,
    long: averageState,
    longBefore: number.nullable(),
    closes: z.array(number),
  }),
]);

/** One streamed series of an instrument as plain JSON. */
export const seriesSnapshotSchema = z.strictObject({
  timeframe: z.enum(TIMEFRAMES),
  feedLost: z.string().nullable(),
  candles: z.array(
    z.strictObject({
      openTimeMs: number,
      open: number,
      high: number,
      low: number,
      close: number,
      volume: number,
    }),
  ),
  gap: z.boolean(),
  shown: number,
  rsiMin: number.nullable(),
  rsiMax: number.nullable(),
  rsi: z.strictObject({
    length: number,
    count: number,
    close: number.nullable(),
    moved: number,
    drift: number,
  }),
  /** Null in a snapshot older than the history. */
  rsiHistory: z.array(number).nullable().default(null),
  /** Null in a snapshot older than it. */
  volatility: z
    .strictObject({ count: number, close: number.nullable(), moment: number, usual: number })
    .nullable()
    .default(null),
  faultsMs: z.array(number).default([]),
  trend: trendState,
});
