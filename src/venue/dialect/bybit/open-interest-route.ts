import { z } from 'zod';
import { openInterestAt } from '../../open-interest.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { categoryInput, findInstrument, textInput, timeInput, wholeNumber } from './input.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PublicRoute, parsed } from './route.ts';
import { CATEGORY, quantityText } from './words.ts';

const MINUTE_MS = 60_000;
const INTERVALS_MS: ReadonlyMap<string, number> = new Map([
  ['5min', 5 * MINUTE_MS],
  ['15min', 15 * MINUTE_MS],
  ['30min', 30 * MINUTE_MS],
  ['1h', 60 * MINUTE_MS],
  ['4h', 240 * MINUTE_MS],
  ['1d', 1440 * MINUTE_MS],
]);

const openInterestInput = z.object({
  category: categoryInput,
  symbol: z.string(),
  intervalTime: z.string(),
  startTime: timeInput,
  endTime: timeInput,
  limit: wholeNumber({ min: 1, max: 200, usual: 50 }),
  cursor: textInput,
});

/** What was held at the full intervals, newest first, back to the launch of the contract. */
export const openInterestRoute: PublicRoute = {
  method: 'GET',
  path: '/v5/market/open-interest',
  access: 'public',
  answer: parsed(openInterestInput, (input, { floor }) => openInterest(floor, input)),
};

/** The cursor is the time of the last row served. */
function openInterest(floor: TradingFloor, input: z.output<typeof openInterestInput>): Reply {
  const { category, symbol, limit, cursor } = input;
  const instrument = findInstrument(floor, symbol);
  if (category !== CATEGORY || instrument === null) return parameterError('symbol invalid');
  const everyMs = INTERVALS_MS.get(input.intervalTime);
  if (everyMs === undefined) return parameterError('intervalTime invalid');
  if (!/^\d*$/.test(cursor)) return parameterError('cursor invalid');
  const before = cursor === '' ? Number.POSITIVE_INFINITY : Number(cursor) - 1;
  const newestMs = Math.min(floor.nowMs(), input.endTime ?? Number.POSITIVE_INFINITY, before);
  const oldestMs = Math.max(instrument.launchTimeMs, input.startTime ?? 0);
  const lastMs = Math.floor(newestMs / everyMs) * everyMs;
  const firstMs = Math.max(Math.ceil(oldestMs / everyMs) * everyMs, lastMs - (limit - 1) * everyMs);
  const timesMs: number[] = [];
  for (let timeMs = firstMs; timeMs <= lastMs; timeMs += everyMs) timesMs.push(timeMs);
  const sums = openInterestAt(floor.accounts(), instrument.id, timesMs);
  const list = timesMs.map((timeMs, at) => {
    const held = quantityText(sums[at] ?? 0, instrument);
    return { openInterest: held, singleOpenInterest: held, timestamp: String(timeMs) };
  });
  const nextPageCursor = firstMs - everyMs >= oldestMs && list.length > 0 ? String(firstMs) : '';
  return result({ symbol, category, list: list.toReversed(), nextPageCursor });
}
