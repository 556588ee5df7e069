import { filterWorth } from '../backtest/filter-worth/filter-worth.ts';
import { worthSettingsSchema } from '../backtest/filter-worth/settings.ts';
import { worthText } from '../backtest/filter-worth/worth-text.ts';
import type { Result } from '../core/base/result.ts';
import { answerOf, type PastAnswer, type PastFault, type PastWish, readPast } from './past-request.ts';

/** Judges the entry filters on recorded candles. */
export async function filterWorthCommand(wish: PastWish): Promise<Result<PastAnswer, PastFault>> {
  const backtest = await readPast(wish);
  if (!backtest.ok) return backtest;
  const { outFile, onProgress } = wish;
  const worth = worthSettingsSchema.parse({});
  const result = filterWorth({ backtest: backtest.value, worth, onProgress });
  return answerOf(result, { outFile, lines: worthText });
}
