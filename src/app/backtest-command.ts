import { runBacktest } from '../backtest/backtest.ts';
import { summaryText } from '../backtest/summary-text.ts';
import type { Result } from '../core/base/result.ts';
import { answerOf, type PastAnswer, type PastWish, readPast } from './past-request.ts';

/** Reads candles and settings, walks, and writes the file that was asked for. The error is a sentence for a person. */
export async function backtestCommand(wish: PastWish): Promise<Result<PastAnswer, string>> {
  const request = await readPast(wish);
  if (!request.ok) return request;
  const onProgress = (share: number): void => wish.onProgress('walking', share);
  const result = runBacktest({ ...request.value, onProgress });
  return answerOf(result, { outFile: wish.outFile, lines: summaryText });
}
