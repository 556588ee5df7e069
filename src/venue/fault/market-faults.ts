import { z } from 'zod';
import type { Instrument, InstrumentId } from '../../core/domain/instrument.ts';
import type { Quote } from '../market/market-source.ts';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind } from './fault.ts';
import { durationOr, numberInput, symbolInput } from './fault-input.ts';

const pctInput = (usual: number) => numberInput({ min: -99, max: 1000, usual });
const shareInput = (usual: number) => numberInput({ min: 0, max: 1, usual });

interface Course {
  readonly symbol: string;
  readonly pct: number;
  readonly over: number;
  readonly hold: number;
  readonly back: number;
  readonly returned: number;
}

/** Faults of prices: what the market itself does. Candles, tickers, triggers and fills agree on them. */
export const marketFaults: readonly FaultKind[] = [
  faultKind({
    name: 'price-move',
    purpose: 'Prices move by so many percent over some time and stay there.',
    params: z.strictObject({ symbol: symbolInput, pct: pctInput(-10), over: durationOr(60_000) }),
    hooks: (params, site) => bent({ ...params, hold: 0, back: 0, returned: 0 }, site),
  }),
  faultKind({
    name: 'wick',
    purpose: 'Prices shoot away and come all the way back within seconds.',
    params: z.strictObject({
      symbol: symbolInput,
      pct: pctInput(-30),
      over: durationOr(3000),
      hold: durationOr(1000),
      back: durationOr(10_000),
    }),
    hooks: (params, site) => bent({ ...params, returned: 1 }, site),
  }),
  faultKind({
    name: 'flash-crash',
    purpose: 'The whole market falls within a minute, stays down a while and takes a part of it back.',
    params: z.strictObject({
      pct: pctInput(-40),
      over: durationOr(60_000),
      hold: durationOr(30_000),
      back: durationOr(300_000),
      returned: shareInput(0.7),
    }),
    hooks: (params, site) => bent({ ...params, symbol: '' }, site),
  }),
  faultKind({
    name: 'mark-far',
    purpose: 'The mark price stands far from the last price.',
    params: z.strictObject({ symbol: symbolInput, pct: pctInput(-5) }),
    hooks: (params, site) =>
      quoted(params.symbol, site, (quote) => ({
        ...quote,
        markPrice: quote.markPrice * (1 + params.pct / 100),
      })),
  }),
  faultKind({
    name: 'book-thin',
    purpose: 'Little rests in the book: large orders move far or stay unfilled.',
    params: z.strictObject({ symbol: symbolInput, share: shareInput(0.01) }),
    hooks: (params, site) =>
      quoted(params.symbol, site, (quote) => ({ ...quote, topQuantity: quote.topQuantity * params.share })),
  }),
  faultKind({
    name: 'spread-wide',
    purpose: 'The best bid and the best ask stand far apart.',
    params: z.strictObject({ symbol: symbolInput, pct: numberInput({ min: 0, max: 50, usual: 2 }) }),
    hooks: (params, site) =>
      quoted(params.symbol, site, (quote) => ({
        ...quote,
        bidPrice: quote.bidPrice * (1 - params.pct / 200),
        askPrice: quote.askPrice * (1 + params.pct / 200),
      })),
  }),
  faultKind({
    name: 'funding-spike',
    purpose: 'Funding is charged at an extreme rate.',
    params: z.strictObject({ symbol: symbolInput, pct: numberInput({ min: -3, max: 3, usual: 0.75 }) }),
    hooks: (params, site) =>
      quoted(params.symbol, site, (quote) => ({ ...quote, fundingRate: params.pct / 100 })),
  }),
  faultKind({
    name: 'clock-skew',
    purpose: "The venue's clock is wrong by so much: ahead, or behind with sign=behind.",
    params: z.strictObject({ by: durationOr(30_000), sign: z.enum(['ahead', 'behind']).default('ahead') }),
    hooks: (params, site) => {
      const byMs = params.sign === 'ahead' ? params.by : -params.by;
      site.strike(`the clock jumped by ${byMs} ms`);
      site.clock.skew(byMs);
      return { end: () => site.clock.skew(-byMs) };
    },
  }),
  faultKind({
    name: 'clock-drift',
    purpose: "The venue's clock runs fast or slow by so many parts in a million.",
    params: z.strictObject({ ppm: numberInput({ min: -100_000, max: 100_000, usual: 500 }) }),
    hooks: (params, site) => {
      site.strike(`the clock drifts by ${params.ppm} ppm`);
      site.clock.driftBy(params.ppm / 1_000_000);
      return { end: () => site.clock.driftBy(0) };
    },
  }),
];

/** Null for a symbol that is not listed: the fault then waits for it in vain. */
function idOf(symbol: string, site: FaultSite): InstrumentId | null {
  return site.floor.instruments().get(symbol)?.id ?? null;
}

function bent(course: Course, site: FaultSite): FaultHooks {
  const instrumentId = idOf(course.symbol, site);
  if (course.symbol !== '' && instrumentId === null) {
    site.strike(`${course.symbol} is not listed`);
    return { lastsMs: 0 };
  }
  if (!site.strike(`${course.symbol === '' ? 'the market' : course.symbol} moves by ${course.pct} %`))
    return { lastsMs: 0 };
  const startMs = site.clock.nowMs();
  const { pct, over, hold, back, returned } = course;
  site.bends.add({
    instrumentId,
    startMs,
    pct,
    overMs: over,
    holdMs: hold,
    backMs: back,
    backShare: returned,
  });
  return { lastsMs: over + hold + back };
}

function quoted(symbol: string, site: FaultSite, change: (quote: Quote) => Quote): FaultHooks {
  const concerns = (instrument: Instrument): boolean => symbol === '' || instrument.exchangeSymbol === symbol;
  site.strike(symbol === '' ? 'the market' : symbol);
  return {
    movesPrices: () => true,
    onQuote: (quote, instrument) => (concerns(instrument) ? change(quote) : quote),
  };
}
