import { describe, expect, it } from 'vitest';
import {
  FALL_CANDLES,
  fallThen,
  marketOf,
  type Ohlc,
  openSettings,
  PAST_START_MS,
  pastOf,
} from '../../test/fixture/past-candles.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import { runBacktest } from './backtest.ts';
import type { BacktestRequest } from './backtest-request.ts';
import { type BacktestOptions, backtestOptionsSchema } from './options.ts';
import type { PastMarket } from './past-market.ts';
import { ORDER_DELAY_MS } from './past-walk.ts';

const HOUR_MS = 3_600_000;
/** When the candle after the fall opens: the first at which an entry can fill. */
const ENTRY_MS = PAST_START_MS + FALL_CANDLES * HOUR_MS;

/** Stop at 90, take-profit at 110 for an entry at 100; no cost but what a test adds. */
function run(
  market: PastMarket,
  changes: Partial<BacktestOptions> = {},
  more: Partial<BacktestRequest> & { readonly set?: Record<string, unknown> } = {},
) {
  const free = { feeTakerRate: 0, feeMakerRate: 0, slippageBps: 0 };
  const { set, ...request } = more;
  return runBacktest({
    market,
    settings: openSettings({ exit: { stopLossPct: 10, takeProfitPct: 10 }, ...set }),
    instruments: new Map(),
    options: backtestOptionsSchema.parse({ ...free, ...changes }),
    fromMs: null,
    toMs: null,
    engineVersion: 'test',
    ...request,
  });
}

function coin(...rows: readonly Ohlc[]): PastMarket {
  return marketOf(pastOf('BTCUSDT', fallThen(...rows)));
}

describe('a fill', () => {
  it('comes at the open after the candle that was decided on, never before', () => {
    const { open } = run(coin([100.5, 101, 100, 101]));
    expect(open).toMatchObject([
      { direction: 'long', entryPrice: '100.5', openedMs: ENTRY_MS + ORDER_DELAY_MS, lastPrice: '101' },
    ]);
  });

  it('is worse than the open by the slippage, rounded against us, and pays the fee', () => {
    // 100 x 1.002 = 100.2; 10 USDT at the close of 100 are 0.1; the fee is 0.1 x 100.2 x 0.001.
    const { open } = run(coin([100, 100, 100, 100]), { slippageBps: 20, feeTakerRate: 0.001 });
    expect(open).toMatchObject([{ entryPrice: '100.2', quantity: '0.1', pnl: '-0.03002' }]);
  });

  it('of an entry that the market has left behind its stop is refused, as an exchange does', () => {
    const { open, trades, notices } = run(coin([89, 89, 89, 89]));
    expect([open, trades]).toEqual([[], []]);
    expect(notices['engine.entry.failed']).toBe(1);
  });
});

describe('the stop at the exchange', () => {
  it('fills at its level when the price walks over it', () => {
    const { trades } = run(coin([100, 100, 85, 95]));
    expect(trades).toMatchObject([
      { entryPrice: '100', exitPrice: '90', exitReason: 'exchange-stop', grossPnl: '-1', rMultiple: -1 },
    ]);
  });

  it('fills at the open that jumped over it', () => {
    const { trades } = run(coin([100, 100, 99, 99], [80, 85, 75, 84]));
    expect(trades).toMatchObject([
      { exitPrice: '80', exitReason: 'exchange-stop', closedMs: ENTRY_MS + HOUR_MS + ORDER_DELAY_MS },
    ]);
  });

  it.each([
    ['adverse-first', 'exchange-stop', '90'],
    ['favourable-first', 'exchange-take-profit', '110'],
  ] as const)('meets a candle that holds both levels %s', (path, exitReason, exitPrice) => {
    const { trades } = run(coin([100, 115, 85, 100]), { path });
    expect(trades[0]).toMatchObject({ exitReason, exitPrice });
  });

  it('leaves both bounds to the dice of a seed, the same every time', () => {
    const reasons = Array.from({ length: 12 }, (_, seed) => {
      const { trades } = run(coin([100, 115, 85, 100]), { path: 'seeded', seed });
      return trades[0]?.exitReason;
    });
    expect(new Set(reasons)).toEqual(new Set(['exchange-stop', 'exchange-take-profit']));
  });
});

describe('an exit decided on a closed candle', () => {
  it('fills at the next open', () => {
    const settings = { exit: { stopLossPct: 10, takeProfitPct: 50 } };
    const rise = [
      [100, 104, 100, 104],
      [104, 109, 104, 109],
      [108, 108, 108, 108],
    ] as const;
    const { trades, exitRules } = run(coin(...rise), {}, { set: settings });
    expect(trades[0]).toMatchObject({ exitReason: 'rsi-exit', closedMs: expect.any(Number) });
    const candlesHeld = (trades[0]?.closedMs ?? 0) - ORDER_DELAY_MS - ENTRY_MS;
    expect(candlesHeld % HOUR_MS).toBe(0);
    expect(trades[0]?.exitPrice).toBe(candlesHeld === HOUR_MS ? '104' : '108');
    expect(exitRules).toEqual({ 'exit.rsi-exit': 1 });
  });
});

describe('the books', () => {
  const wild: readonly Ohlc[] = Array.from({ length: 300 }, (_, i) => {
    const at = (k: number): number =>
      Math.round((100 + 14 * Math.sin(k / 9) + 5 * Math.sin(k / 2.3)) * 100) / 100;
    const [open, close] = [at(i), at(i + 1)];
    return [open, Math.max(open, close) + 1.5, Math.min(open, close) - 1.5, close];
  });
  const markets = marketOf(
    pastOf('AAVEUSDT', fallThen(...wild), { fundings: everyEightHours(400) }),
    pastOf('BTCUSDT', fallThen(...wild.slice(40)), { skip: 3 }),
    pastOf('ETHUSDT', fallThen(...wild.slice(100))),
  );
  const costs = { feeTakerRate: 0.00055, feeMakerRate: 0.0002, slippageBps: 3 };

  it('explain every cent of the equity', () => {
    const { summary, trades } = run(markets, costs);
    const { equityStart, equityEnd, grossPnl, fees, funding, openPnl } = summary;
    expect(trades.length).toBeGreaterThan(8);
    expect(Number(funding)).not.toBe(0);
    expect(Number(fees)).toBeGreaterThan(0);
    const booked = Number(grossPnl) - Number(fees) - Number(funding) + Number(openPnl);
    expect(Number(equityEnd) - Number(equityStart)).toBeCloseTo(booked, 9);
    const sumOf = (part: 'pnl' | 'funding') => trades.reduce((sum, row) => sum + Number(row[part]), 0);
    expect(sumOf('funding')).not.toBe(0);
    expect(sumOf('pnl')).toBeCloseTo(Number(grossPnl) - Number(fees) - sumOf('funding'), 9);
  });

  it('are the same bytes every time', () => {
    expect(JSON.stringify(run(markets, costs))).toBe(JSON.stringify(run(markets, costs)));
  });

  it('hold a loss beyond the money of the account to be somebody else’s', () => {
    const all = { risk: { positionNotionalUsdt: 49, leverage: 5, exposurePctMax: 500 } };
    const { summary, trades } = run(
      coin([100, 100, 99, 99], [50, 50, 50, 50]),
      { equityUsdt: 10 },
      { set: all },
    );
    expect(trades).toHaveLength(1);
    expect(Number(summary.insurance)).toBeGreaterThan(0);
    expect(Number(summary.equityEnd)).toBe(0);
  });

  it('charge funding to those who held at its time', () => {
    const due = [
      { timeMs: ENTRY_MS, rate: 0.5 },
      { timeMs: ENTRY_MS + HOUR_MS, rate: 0.001 },
    ];
    const market = marketOf(
      pastOf('BTCUSDT', fallThen([100, 100, 100, 100], [100, 100, 100, 100]), { fundings: due }),
    );
    // Decided at the close at which the first payment is due, filled after it: 0.1 x 100 x 0.001 alone is paid.
    expect(run(market).summary.funding).toBe('0.01');
  });
});

describe('a walk', () => {
  it('settles what is held in an instrument whose record ends before the others', () => {
    const long = fallThen([100, 100, 100, 100], [100, 100, 100, 100], [100, 100, 100, 100]);
    const market = marketOf(pastOf('AAVEUSDT', fallThen([100, 102, 100, 101])), pastOf('BTCUSDT', long));
    const { trades, open } = run(market);
    expect(trades).toMatchObject([{ instrumentId: 'AAVEUSDT', exitReason: 'external', exitPrice: '101' }]);
    expect(open).toMatchObject([{ instrumentId: 'BTCUSDT' }]);
  });

  it('takes what lies before its start as history', () => {
    const { open, market } = run(coin([100, 100, 100, 100]), {}, { fromMs: ENTRY_MS - HOUR_MS });
    expect(market).toMatchObject({ fromMs: ENTRY_MS - HOUR_MS, candles: 2 });
    expect(open).toHaveLength(1);
  });

  it('decides on longer candles and fills at the recorded one that opens next', () => {
    const hours = fallThen().flatMap((row): Ohlc[] => [row, [row[3], row[3], row[3], row[3]]]);
    const market = marketOf(
      pastOf('BTCUSDT', [...hours, [100, 107, 100, 107], [107, 107, 107, 107]], { decided: '2h' }),
    );
    const result = run(market, {}, { settings: openSettings({ timeframe: '2h' }) });
    expect(result.market).toMatchObject({
      recordedTimeframe: '1h',
      timeframe: '2h',
      candles: FALL_CANDLES + 1,
    });
    expect(result.open).toMatchObject([
      { entryPrice: '100', openedMs: PAST_START_MS + 2 * FALL_CANDLES * HOUR_MS + ORDER_DELAY_MS },
    ]);
  });

  it('shows prices to the engine only of what is held or about to be entered', () => {
    const seen: EngineEvent[] = [];
    const observe = (event: EngineEvent, _: readonly Decision[]): void => {
      if (event.kind === 'price' && event.timeMs >= ENTRY_MS) seen.push(event);
    };
    run(coin([100, 101, 99, 100]), { pathStepPct: 10 }, { observe });
    // One as a candidate at the close, then open, low, high and close of the candle it lives through, then none.
    const prices = seen.map((event) => (event.kind === 'price' ? event.lastPrice : 0));
    expect(prices.slice(0, 5)).toEqual([100, 100, 99, 101, 100]);
  });

  it('counts looks by outcome and veto, and the vetoes that stood alone', () => {
    const settings = { filter: { blacklist: ['BTCUSDT'] } };
    const { vetoes, outcomes, trades, open } = run(coin([100, 100, 100, 100]), {}, { set: settings });
    expect([trades, open]).toEqual([[], []]);
    const listed = vetoes.find(({ code }) => code === 'filter.scope.blacklisted');
    expect(listed?.count).toBe(outcomes['vetoed']);
    expect(listed?.alone).toBeLessThan(listed?.count ?? 0);
  });
});

function everyEightHours(count: number): readonly { timeMs: number; rate: number }[] {
  return Array.from({ length: Math.floor(count / 8) }, (_, i) => ({
    timeMs: PAST_START_MS + i * 8 * HOUR_MS,
    rate: 0.0003,
  }));
}
