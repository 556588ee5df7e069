import { z } from 'zod';
import type { TradingFloor } from '../../trading-floor.ts';
import { categoryInput, findInstrument, timeInput, wholeNumber } from './input.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PublicRoute, parsed } from './route.ts';
import { CATEGORY } from './words.ts';

const fundingInput = z.object({
  category: categoryInput,
  symbol: z.string(),
  startTime: timeInput,
  endTime: timeInput,
  limit: wholeNumber({ min: 1, max: 200, usual: 200 }),
});

/** Past funding rates, newest first: those this venue has seen since it was started. */
export const fundingRoute: PublicRoute = {
  method: 'GET',
  path: '/v5/market/funding/history',
  access: 'public',
  answer: parsed(fundingInput, (input, { floor }) => fundingHistory(floor, input)),
};

function fundingHistory(floor: TradingFloor, input: z.output<typeof fundingInput>): Reply {
  const instrument = findInstrument(floor, input.symbol);
  if (input.category !== CATEGORY || instrument === null) return parameterError('symbol invalid');
  if (input.startTime !== null && input.endTime === null) return parameterError('endTime is required');
  const fromMs = input.startTime ?? 0;
  const untilMs = input.endTime ?? Number.POSITIVE_INFINITY;
  const inWindow = floor
    .pastFundings(instrument.id)
    .filter((each) => each.timeMs >= fromMs && each.timeMs <= untilMs)
    .slice(0, input.limit);
  return result({
    category: input.category,
    list: inWindow.map((each) => ({
      symbol: instrument.exchangeSymbol,
      fundingRate: each.rate.toFixed(8),
      fundingRateTimestamp: String(each.timeMs),
    })),
  });
}
