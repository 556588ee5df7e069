import { z } from 'zod';
import { decimal } from '../../core/base/decimal.ts';
import { type Instrument, parseExchangeSymbol } from '../../core/domain/instrument.ts';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind } from './fault.ts';
import { durationOr, numberInput } from './fault-input.ts';

const symbol = z.string().regex(/^[A-Z0-9]{2,40}$/, 'takes a symbol such as BTCUSDT');

/** What happens to an instrument in its life: announced, changed, ended. */
export const lifeFaults: readonly FaultKind[] = [
  faultKind({
    name: 'delisting',
    purpose:
      'A delisting is announced; at its time trading ends and positions are settled, then it is closed, then gone.',
    params: z.strictObject({
      symbol,
      in: durationOr(600_000),
      settles: durationOr(60_000),
      gone: durationOr(300_000),
    }),
    hooks: (params, site) => delisting(params, site),
  }),
  faultKind({
    name: 'instrument-gone',
    purpose: 'An instrument vanishes from every list without announcement; positions are settled.',
    params: z.strictObject({ symbol }),
    hooks: (params, site) => changed(params.symbol, site, () => null),
  }),
  faultKind({
    name: 'instrument-status',
    purpose: 'An instrument gets another status.',
    params: z.strictObject({ symbol, status: z.enum(['pre-launch', 'trading', 'delivering', 'closed']) }),
    hooks: ({ symbol: name, status }, site) =>
      changed(name, site, (instrument) => ({ ...instrument, status })),
  }),
  faultKind({
    name: 'rules-changed',
    purpose: 'Step, tick and limits of an instrument change while it runs.',
    params: z.strictObject({
      symbol,
      step: numberInput({ min: 0.001, max: 1000, usual: 10 }),
      tick: numberInput({ min: 0.001, max: 1000, usual: 1 }),
      notional: numberInput({ min: 0.01, max: 1000, usual: 1 }),
      leverage: numberInput({ min: 1, max: 200, usual: 200 }),
    }),
    hooks: (params, site) =>
      changed(params.symbol, site, (instrument) => ({
        ...instrument,
        quantityStep: instrument.quantityStep.times(decimal(params.step)),
        quantityMin: instrument.quantityMin.times(decimal(params.step)),
        tickSize: instrument.tickSize.times(decimal(params.tick)),
        notionalMin: instrument.notionalMin.times(decimal(params.notional)),
        leverageMax: Math.min(instrument.leverageMax, params.leverage),
      })),
  }),
  faultKind({
    name: 'instrument-renamed',
    purpose: 'The exchange spells an instrument otherwise from now on.',
    params: z.strictObject({ symbol, to: symbol }),
    hooks: (params, site) =>
      changed(params.symbol, site, (instrument) => ({
        ...instrument,
        exchangeSymbol: parseExchangeSymbol(params.to) ?? instrument.exchangeSymbol,
      })),
  }),
];

function changed(
  name: string,
  site: FaultSite,
  change: (instrument: Instrument) => Instrument | null,
): FaultHooks {
  site.strike(name);
  return {
    onInstrument: (instrument) => (instrument.exchangeSymbol === name ? change(instrument) : instrument),
  };
}

/** `settles` and `gone` count from the delivery. The exchange's word while it settles is `Delivering`. */
function delisting(
  params: { readonly symbol: string; readonly in: number; readonly settles: number; readonly gone: number },
  site: FaultSite,
): FaultHooks {
  const deliveryTimeMs = site.clock.nowMs() + params.in;
  return changed(params.symbol, site, (instrument) => {
    const sinceMs = site.clock.nowMs() - deliveryTimeMs;
    if (sinceMs >= params.gone) return null;
    if (sinceMs < 0) return { ...instrument, deliveryTimeMs };
    return { ...instrument, deliveryTimeMs, status: sinceMs < params.settles ? 'delivering' : 'closed' };
  });
}
