import { z } from 'zod';
import type { Instrument } from '../../core/domain/instrument.ts';
import type { MatchingOrder } from '../../core/matching/matching-order.ts';
import type { TradingAccount } from '../../core/matching/trading-account.ts';
import type { VenueRequest } from '../request.ts';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind, type RequestStrike } from './fault.ts';
import { durationOr, numberInput } from './fault-input.ts';
import { refusal } from './request-faults.ts';

type StopReason = 'would-trigger' | 'unsupported' | 'too-many';

const STOP_REFUSALS: Readonly<Record<StopReason, readonly [number, string]>> = {
  'would-trigger': [110093, 'expect Falling, but trigger_price >= current price'],
  unsupported: [10001, 'StopLoss order type is not supported for this symbol'],
  'too-many': [110009, 'The number of stop orders exceeds the maximum allowable limit'],
};
const CREATE = '/v5/order/create';
const TRADING_STOP = '/v5/position/trading-stop';

/** Faults of orders and stops: what the venue accepts, forgets, and takes back. */
export const orderFaults: readonly FaultKind[] = [
  faultKind({
    name: 'order-rejected-late',
    purpose: 'An order is acknowledged, then rejected.',
    params: z.strictObject({}),
    hooks: (_params, site) => ({ rejectsLate: () => site.strike('an order was rejected after all') }),
  }),
  faultKind({
    name: 'fill-partial',
    purpose: 'An order finds only a share of its quantity; what cannot wait is cancelled.',
    params: z.strictObject({ share: numberInput({ min: 0.01, max: 0.99, usual: 0.5 }) }),
    hooks: ({ share }, site) => ({ onRequest: (request) => shortBook(request, share, site) }),
  }),
  faultKind({
    name: 'stop-refused',
    purpose: 'No stop is accepted: neither with an order nor for a position.',
    params: z.strictObject({
      reason: z.enum(['would-trigger', 'unsupported', 'too-many']).default('unsupported'),
      where: z.enum(['everywhere', 'position', 'order']).default('everywhere'),
    }),
    hooks: (params, site) => refusedStops(params, site),
  }),
  faultKind({
    name: 'stop-ignored',
    purpose: 'Setting a stop for a position is answered with success, and nothing is done.',
    params: z.strictObject({}),
    hooks: (_params, site) => ({
      onRequest: (request) =>
        request.path === TRADING_STOP && site.strike(request.body)
          ? { instead: refusal(site, 0, 'OK') }
          : null,
    }),
  }),
  faultKind({
    name: 'stop-dropped',
    purpose: 'The venue forgets a resting stop some time after it was set, without a word.',
    params: z.strictObject({ after: durationOr(5000) }),
    hooks: (params, site) => endingStops(params.after, site, dropSilently),
  }),
  faultKind({
    name: 'stop-cancelled',
    purpose: 'The venue cancels a resting stop some time after it was set, and says so.',
    params: z.strictObject({ after: durationOr(5000) }),
    hooks: (params, site) => endingStops(params.after, site, cancelAloud),
  }),
];

/** True for a request that would set a stop loss; taking one off is none. */
export function setsStop(request: Pick<VenueRequest, 'path' | 'body'>): 'order' | 'position' | null {
  const hasStop = /"stopLoss"\s*:\s*"(?!0*\.?0*")[^"]+"/.test(request.body);
  const isConditional = /"triggerPrice"\s*:\s*"[^"]+"/.test(request.body);
  if (request.path === TRADING_STOP)
    return hasStop || /"trailingStop"\s*:\s*"[1-9]/.test(request.body) ? 'position' : null;
  return request.path === CREATE && (hasStop || isConditional) ? 'order' : null;
}

function refusedStops(
  params: {
    readonly reason: StopReason;
    readonly where: 'everywhere' | 'position' | 'order';
  },
  site: FaultSite,
): FaultHooks {
  return {
    onRequest: (request) => {
      const where = setsStop(request);
      const isConcerned = where !== null && (params.where === 'everywhere' || params.where === where);
      if (!isConcerned || !site.strike(`${request.path} ${request.body}`)) return null;
      return { instead: refusal(site, ...STOP_REFUSALS[params.reason]) };
    },
  };
}

/** Takes so much from the book beforehand that only the share is left for this order. */
function shortBook(request: VenueRequest, share: number, site: FaultSite): RequestStrike | null {
  const order = request.path === CREATE ? orderOf(request.body) : null;
  const instrument = order === null ? undefined : site.floor.instruments().get(order.symbol);
  if (order === null || instrument === undefined || !site.strike(`${order.symbol} ${order.qty}`)) return null;
  return { before: () => thin(instrument, { ...order, share }, site) };
}

function thin(
  instrument: Instrument,
  order: { readonly side: 'Buy' | 'Sell'; readonly qty: string; readonly share: number },
  site: FaultSite,
): void {
  const book = site.floor.book(instrument.id);
  const side = order.side === 'Buy' ? 'buy' : 'sell';
  const left = instrument.quantityStep.times(
    Math.floor((Number(order.qty) * order.share) / instrument.quantityStep.toNumber()),
  );
  const surplus = book?.availableFor(side, null).minus(left);
  if (surplus?.greaterThan(0) === true) book?.take(side, surplus, null);
}

const orderShape = z.looseObject({
  symbol: z.string(),
  side: z.enum(['Buy', 'Sell']),
  qty: z.string().regex(/^\d+(\.\d+)?$/),
});

function orderOf(body: string): z.output<typeof orderShape> | null {
  try {
    return orderShape.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

/** Considers every stop once, when it is old enough. */
function endingStops(
  afterMs: number,
  site: FaultSite,
  endStop: (site: FaultSite, account: TradingAccount, order: MatchingOrder) => void,
): FaultHooks {
  const considered = new Set<string>();
  const isDue = (order: MatchingOrder): boolean =>
    order.origin === 'stop-loss' &&
    !considered.has(order.orderId) &&
    site.clock.nowMs() >= order.updatedMs + afterMs;
  return {
    onStep: () => {
      for (const account of site.floor.accounts()) {
        for (const order of account.openOrders().filter(isDue)) {
          considered.add(order.orderId);
          if (site.strike(`the stop of ${order.instrumentId}`)) endStop(site, account, order);
        }
      }
    },
  };
}

function dropSilently(_site: FaultSite, account: TradingAccount, order: MatchingOrder): void {
  account.cancel(order.orderId);
  account.drainEvents();
}

function cancelAloud(site: FaultSite, account: TradingAccount, order: MatchingOrder): void {
  site.floor.act(account, (acting) => acting.cancel(order.orderId));
}
