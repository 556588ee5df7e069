import { runBacktest } from '../backtest/backtest.ts';
import type { BacktestRequest } from '../backtest/backtest-request.ts';
import { summaryText } from '../backtest/summary-text.ts';
import type { Result } from '../core/base/result.ts';
import { answerOf, type PastAnswer, type PastFault, type PastWish, readPast } from './past-request.ts';

/** Reads candles and settings, walks, and writes the file that was asked for. */
export async function backtestCommand(
  wish: PastWish,
  how: Pick<BacktestRequest, 'screening' | 'looks'> = {},
): Promise<Result<PastAnswer, PastFault>> {
  const request = await readPast(wish);
  if (!request.ok) return request;
  const onProgress = (share: number): void => wish.onProgress('walking', share);
  const result = runBacktest({ ...request.value, ...how, onProgress });
  return answerOf(result, { outFile: wish.outFile, lines: summaryText });
}
