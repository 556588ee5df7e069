import { z } from 'zod';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind } from './fault.ts';
import { durationOr, numberInput, symbolInput } from './fault-input.ts';

const CATEGORY = 'linear';
const repeated = { uid: z.string().optional(), symbol: symbolInput, every: durationOr(0) };
const deed = z.strictObject(repeated);

const positionShape = z.looseObject({
  symbol: z.string(),
  side: z.enum(['Buy', 'Sell']),
  size: z.string(),
  positionIdx: z.number(),
});

/** A position as the exchange's app shows it. */
interface SeenPosition extends z.output<typeof positionShape> {
  readonly uid: string;
}

/** People at the account: the one it belongs to, acting by hand, and one it does not. */
export const personFaults: readonly FaultKind[] = [
  faultKind({
    name: 'person-closes',
    purpose: 'A person closes a position by hand.',
    params: deed,
    hooks: (params, site) => withPosition(params, site, (held) => order(site, held, exit(held, 1))),
  }),
  faultKind({
    name: 'person-reduces',
    purpose: 'A person closes a part of a position by hand.',
    params: z.strictObject({ ...repeated, share: numberInput({ min: 0.01, max: 1, usual: 0.5 }) }),
    hooks: (params, site) =>
      withPosition(params, site, (held) => order(site, held, exit(held, params.share))),
  }),
  faultKind({
    name: 'person-adds',
    purpose: 'A person adds to a position by hand.',
    params: z.strictObject({ ...repeated, share: numberInput({ min: 0.01, max: 100, usual: 0.5 }) }),
    hooks: (params, site) =>
      withPosition(params, site, (held) =>
        order(site, held, { side: held.side, size: Number(held.size) * params.share, reduceOnly: false }),
      ),
  }),
  faultKind({
    name: 'person-flips',
    purpose: 'A person turns a position round with one order of twice its size.',
    params: deed,
    hooks: (params, site) =>
      withPosition(params, site, (held) => order(site, held, { ...exit(held, 2), reduceOnly: false })),
  }),
  faultKind({
    name: 'person-sets-leverage',
    purpose: 'A person changes the leverage of an instrument by hand.',
    params: z.strictObject({ ...repeated, leverage: numberInput({ min: 1, max: 200, usual: 7 }) }),
    hooks: (params, site) =>
      withPosition(params, site, ({ uid, symbol }) => {
        const leverage = String(params.leverage);
        const body = { category: CATEGORY, symbol, buyLeverage: leverage, sellLeverage: leverage };
        site.client.post(uid, '/v5/position/set-leverage', body);
      }),
  }),
  faultKind({
    name: 'person-removes-stop',
    purpose: 'A person takes the stop off a position.',
    params: deed,
    hooks: (params, site) => withPosition(params, site, (held) => setStop(site, held, '0')),
  }),
  faultKind({
    name: 'person-cancels-orders',
    purpose: 'A person cancels everything that rests.',
    params: deed,
    hooks: (params, site) =>
      again(params.every, site, () => {
        const body = { category: CATEGORY, settleCoin: 'USDT' };
        for (const uid of uidsOf(params, site)) {
          if (site.strike(uid)) site.client.post(uid, '/v5/order/cancel-all', body);
        }
      }),
  }),
  faultKind({
    name: 'thief-orders',
    purpose: 'Somebody who has the key opens positions of their own.',
    params: z.strictObject({
      ...repeated,
      side: z.enum(['Buy', 'Sell']).default('Buy'),
      notional: numberInput({ min: 5, max: 10_000_000, usual: 100 }),
    }),
    hooks: (params, site) => again(params.every, site, () => steal(params, site)),
  }),
];

interface Deed {
  readonly uid?: string | undefined;
  readonly symbol: string;
  readonly every: number;
}

function exit(held: SeenPosition, times: number) {
  const side = held.side === 'Buy' ? 'Sell' : 'Buy';
  return { side, size: Number(held.size) * times, reduceOnly: true } as const;
}

function uidsOf(params: Deed, site: FaultSite): readonly string[] {
  return site.client.uids().filter((uid) => params.uid === undefined || params.uid === uid);
}

/** Acts on the position of the symbol, or on one by chance. */
function withPosition(params: Deed, site: FaultSite, act: (held: SeenPosition) => void): FaultHooks {
  return again(params.every, site, () => {
    const held = uidsOf(params, site).flatMap((uid) => positionsOf(uid, site));
    const wanted = held.filter((each) => params.symbol === '' || each.symbol === params.symbol);
    const chosen = wanted[site.dice.integer(Math.max(1, wanted.length))];
    if (chosen === undefined || !site.strike(`${chosen.symbol} ${chosen.side} ${chosen.size}`)) return;
    act(chosen);
  });
}

function positionsOf(uid: string, site: FaultSite): readonly SeenPosition[] {
  const query = { category: CATEGORY, settleCoin: 'USDT', limit: '200' };
  const rows = site.client.get(uid, '/v5/position/list', query).result.list ?? [];
  return rows.flatMap((row) => {
    const seen = positionShape.safeParse(row);
    return seen.success ? [{ ...seen.data, uid }] : [];
  });
}

function order(
  site: FaultSite,
  held: SeenPosition,
  wish: { readonly side: 'Buy' | 'Sell'; readonly size: number; readonly reduceOnly: boolean },
): void {
  const { uid, symbol, positionIdx } = held;
  const qty = quantityText(site, symbol, wish.size);
  const { side, reduceOnly } = wish;
  const body = { category: CATEGORY, symbol, side, orderType: 'Market', qty, reduceOnly, positionIdx };
  site.client.post(uid, '/v5/order/create', body);
}

function setStop(site: FaultSite, held: SeenPosition, stopLoss: string): void {
  const { uid, symbol, positionIdx } = held;
  const body = { category: CATEGORY, symbol, positionIdx, tpslMode: 'Full', stopLoss };
  site.client.post(uid, '/v5/position/trading-stop', body);
}

/** Rounded down to the step, at least one step. */
function quantityText(site: FaultSite, symbol: string, size: number): string {
  const step = site.floor.instruments().get(symbol)?.quantityStep;
  if (step === undefined) return String(size);
  const steps = Math.max(1, Math.floor(size / step.toNumber() + 1e-9));
  return step.times(steps).toFixed();
}

function steal(
  params: Deed & { readonly side: 'Buy' | 'Sell'; readonly notional: number },
  site: FaultSite,
): void {
  const listed = [...site.floor.instruments().values()].filter((each) => each.status === 'trading');
  const wanted = listed.filter((each) => params.symbol === '' || each.exchangeSymbol === params.symbol);
  const chosen = wanted[site.dice.integer(Math.max(1, wanted.length))];
  const price = chosen === undefined ? undefined : site.floor.market.quote(chosen.id)?.lastPrice;
  if (chosen === undefined || price === undefined || !site.strike(chosen.exchangeSymbol)) return;
  const symbol = chosen.exchangeSymbol;
  const least = Math.max(params.notional, chosen.notionalMin.toNumber() * 1.1) / price;
  const qty = quantityText(site, symbol, Math.max(least, chosen.quantityMin.toNumber()));
  for (const uid of uidsOf(params, site)) {
    const body = { category: CATEGORY, symbol, side: params.side, orderType: 'Market', qty };
    site.client.post(uid, '/v5/order/create', body);
  }
}

/** At once, and then again and again when there is an interval. */
function again(everyMs: number, site: FaultSite, act: () => void): FaultHooks {
  let isOver = false;
  const step = (): void => {
    if (isOver) return;
    act();
    if (everyMs > 0) site.time.after(everyMs, step);
  };
  step();
  return {
    ...(everyMs > 0 ? {} : { lastsMs: 0 }),
    end: () => {
      isOver = true;
    },
  };
}
