import { z } from 'zod';
import { timeMs } from './wire-values.ts';

const length = z.number().int().min(2).max(500);
const pair = z.object({ shortLength: length, longLength: length });
/** Signals, and what they made on average after costs, %; null without one. */
const returns = z.object({ signals: z.number().int(), meanReturnPct: z.number().nullable() });

const fold = z.object({
  fromMs: timeMs,
  toMs: timeMs,
  pair: pair.nullable(),
  inSample: returns,
  outOfSample: returns,
});

/** What a verdict rests on. */
export const emaEvidenceSchema = z
  .object({
    inSample: returns,
    outOfSample: returns,
    /** Every signal of the same candles. */
    baseline: returns,
    defaultPair: pair.extend(returns.shape),
    gainPct: z.number().nullable(),
    gainInterval: z.object({ low: z.number(), high: z.number() }).nullable(),
    folds: z.array(fold).readonly(),
    pairsTried: z.number().int(),
    candles: z.number().int(),
    firstMs: timeMs,
    lastMs: timeMs,
  })
  .meta({ id: 'EmaEvidence' });

/** The pair of averages that was searched for one coin. */
export const optimalEmaSchema = z
  .object({
    symbol: z.string(),
    timeframe: z.string(),
    /** `better`: by more than chance, on candles the choice had not seen. */
    verdict: z.enum(['better', 'no-better', 'not-enough']),
    /** The best one on all signals whatever the verdict. */
    pair: pair.nullable(),
    /** The pair is in force for the coin; otherwise the default or what a person set is. */
    inForce: z.boolean(),
    settingsHash: z.string(),
    searchedMs: timeMs,
    evidence: emaEvidenceSchema,
  })
  .meta({ id: 'OptimalEma' });
export type OptimalEma = z.infer<typeof optimalEmaSchema>;

/** Every coin that was searched on the timeframe of signals. */
export const optimalEmaListSchema = z.object({ timeframe: z.string(), rows: z.array(optimalEmaSchema) });
export type OptimalEmaList = z.infer<typeof optimalEmaListSchema>;

/** `force`: search although the result there is still fresh. */
export const searchEmaSchema = z.strictObject({ force: z.boolean().default(false) });
