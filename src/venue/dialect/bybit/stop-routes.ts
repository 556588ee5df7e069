import { z } from 'zod';
import type { Decimal } from '../../../core/base/decimal.ts';
import { err, ok, type Result } from '../../../core/base/result.ts';
import type { Trail } from '../../../core/matching/matching-order.ts';
import type { StopsRequest } from '../../../core/matching/set-stops.ts';
import { findInstrument, optionalDecimalInput, positionIndexInput, triggerByInput } from './input.ts';
import { parameterError, type Reply, refusedBy, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { isLimitStopOfWhole, stopLevel, stopsModeInput, stopTypeInput, toStopsMode } from './stop-input.ts';
import { CATEGORY } from './words.ts';

/** Clients leave out `tpslMode` and `positionIdx` although the documents call them required. */
const stopInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  tpslMode: stopsModeInput,
  positionIdx: positionIndexInput,
  takeProfit: optionalDecimalInput,
  stopLoss: optionalDecimalInput,
  trailingStop: optionalDecimalInput,
  activePrice: optionalDecimalInput,
  tpTriggerBy: triggerByInput,
  slTriggerBy: triggerByInput,
  tpSize: optionalDecimalInput,
  slSize: optionalDecimalInput,
  tpOrderType: stopTypeInput,
  slOrderType: stopTypeInput,
  tpLimitPrice: optionalDecimalInput,
  slLimitPrice: optionalDecimalInput,
});

type StopInput = z.output<typeof stopInput>;

/** The endpoint that sets the stops of a position. */
export const stopRoutes: readonly PrivateRoute[] = [
  {
    method: 'POST',
    path: '/v5/position/trading-stop',
    access: 'private',
    perSecond: 10,
    answer: parsed(stopInput, (input, call: PrivateCall) => tradingStop(input, call)),
  },
];

function tradingStop(input: StopInput, call: PrivateCall): Reply {
  const instrument = findInstrument(call.floor, input.symbol);
  if (instrument === null) return parameterError(`symbol invalid ${input.symbol}`);
  const sizes = partialSize(input);
  if (!sizes.ok) return parameterError(sizes.error);
  const { takeProfit, stopLoss, trailingStop } = input;
  const request: StopsRequest = {
    instrumentId: instrument.id,
    positionIndex: input.positionIdx,
    mode: toStopsMode(input.tpslMode),
    ...(sizes.value === null ? {} : { partialQuantity: sizes.value }),
    ...(takeProfit && { takeProfit: stopLevel(takeProfit, input.tpTriggerBy, input.tpLimitPrice) }),
    ...(stopLoss && { stopLoss: stopLevel(stopLoss, input.slTriggerBy, input.slLimitPrice) }),
    ...(trailingStop && { trailingStop: trail(trailingStop, input.activePrice) }),
  };
  const set = call.floor.act(call.caller.account, (account) => account.setStops(request));
  return set.ok ? result({}) : refusedBy(set.error);
}

/** The quantity of stops for a part; null for those of the whole position. */
function partialSize(input: StopInput): Result<Decimal | null, string> {
  if (isLimitStopOfWhole(input)) return err('tpslMode must be Partial for limit TP/SL orders');
  if (input.tpslMode !== 'Partial') return ok(null);
  const { tpSize, slSize } = input;
  if (tpSize && slSize && !tpSize.equals(slSize)) return err('tpSize must be equal to slSize');
  return ok(tpSize ?? slSize ?? null);
}

/** A distance of zero takes the trailing stop off. */
function trail(distance: Decimal, activePrice: Decimal | undefined): Trail | null {
  const activates = activePrice !== undefined && !activePrice.isZero();
  return distance.isZero() ? null : { distance, activePrice: activates ? activePrice : null };
}
