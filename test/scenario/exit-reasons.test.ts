import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { Trend } from '../../src/core/domain/trend.ts';
import type { Decision } from '../../src/core/engine/decision.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  exchangePosition,
  HISTORY_LENGTH,
  holding,
  instrument,
  oversold,
  QUIET_QUOTE,
  START_MS,
  type Story,
} from './story.ts';

const HOUR_MS = 3_600_000;
const NEXT_OPEN_MS = START_MS + HISTORY_LENGTH * CANDLE_MS;
const PASSED = ['explain BTCUSDT exit-ordered'];

/** The next candles after the story's history, told one by one; what each of them led to. */
function closes(story: Story, prices: readonly number[]): string[][] {
  return candlesOf(prices, NEXT_OPEN_MS).map((candle) => story.close(BTC, candle));
}

function entryTrend(story: Story): Trend | null {
  return story.engine.positions()[0]?.entryTrend ?? null;
}

describe('a long of 0.1 at 100, its fee 0.0055', () => {
  it('is followed by a trailing stop, at the exchange and here, and ends there', () => {
    const story = holding();
    expect(story.price(BTC, 110)).toEqual([]);
    // Both thresholds lie behind: 2.5 x 0.055 beyond the entry, and 5 % behind 131, on ticks of 0.1.
    expect(story.price(BTC, 131)).toEqual([
      'info engine.stop.break-even BTCUSDT',
      'info engine.stop.trailing BTCUSDT',
      'ask stop-moved',
    ]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '124.5' }]);
    expect(story.wait(500).account([exchangePosition({ markPrice: decimal(131) })])).toEqual([
      'amend long BTCUSDT: stop 124.5 profit kept',
    ]);
    expect(story.price(BTC, 135), 'too soon for the exchange').toEqual([]);
    expect(story.wait(3_000).price(BTC, 140)).toEqual(['ask stop-moved']);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '133' }]);
    expect(story.price(BTC, 134)).toEqual([]);
    expect(story.price(BTC, 132.9)).toEqual(['trailing-stop: sell 0.1 BTCUSDT reduce-only', ...PASSED]);
    const sold = { clientOrderId: story.orderId(2), side: 'sell', price: '132.9', quantity: '0.1' } as const;
    expect(story.fill({ ...sold, fillId: 'f2' })[0]).toBe(
      'closed long 0.1 BTCUSDT by trailing-stop: gross 3.29 fees 0.0055',
    );
  });

  it('is not ended by the older price of a reading that took its time, while prices come', () => {
    const story = holding();
    story.wait(1_000).price(BTC, 131);
    const older = exchangePosition({ markPrice: decimal(124), stopPrice: decimal(124.5) });
    expect(story.wait(5_000).account([older]).join()).not.toContain('sell');
    expect(story.wait(1).account([older])).toContain('trailing-stop: sell 0.1 BTCUSDT reduce-only');
  });

  it('is followed here at every price, though the exchange hears of it every three seconds', () => {
    const story = holding();
    story.price(BTC, 131);
    story.price(BTC, 149);
    // 149 x 0.95 = 141.55, while 124.5 is what the exchange was told.
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '124.5' }]);
    expect(story.price(BTC, 141.5)[0]).toBe('trailing-stop: sell 0.1 BTCUSDT reduce-only');
  });

  it('has its stop moved at the exchange by a tick at least', () => {
    const story = holding();
    story.price(BTC, 131);
    // 131.05 x 0.95 = 124.4975: the same tick as 124.45.
    expect(story.wait(3_000).price(BTC, 131.05)).toEqual([]);
    expect(story.price(BTC, 131.06)).toEqual(['ask stop-moved']);
  });

  it('has no stop moved beyond the mark price, which would end it at once', () => {
    const story = holding();
    const seen = { ...QUIET_QUOTE, instrumentId: BTC, lastPrice: 131, turnover24h: 1 };
    expect(story.say({ ...seen, markPrice: 124.5 })).not.toContain('ask stop-moved');
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '85' }]);
    expect(story.say({ ...seen, markPrice: 124.6 })).toEqual(['ask stop-moved']);
  });

  it.each([
    [131, 'trailing-stop'],
    [121, 'break-even'],
    [110, 'exchange-stop'],
  ])('that has seen %d and is stopped by the exchange ends by %s', (best, reason) => {
    const story = holding();
    story.price(BTC, best);
    const stopped = { side: 'sell', price: '100', quantity: '0.1', cause: 'stop-loss' } as const;
    expect(story.fill({ ...stopped, fillId: 'f2' })[0]).toContain(`by ${reason}:`);
  });

  it('ends by its stop when a person has set a tighter one than the trailing stop wants', () => {
    const story = holding();
    story.price(BTC, 131);
    story.wait(1_000).account([exchangePosition({ stopPrice: decimal(129), markPrice: decimal(131) })]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '129' }]);
    expect(story.price(BTC, 129)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
  });

  it('ends at break-even when the price comes back after its trigger, or jumps past it', () => {
    const story = holding();
    expect(story.price(BTC, 121)).toEqual(['info engine.stop.break-even BTCUSDT', 'ask stop-moved']);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '100.2' }]);
    expect(story.price(BTC, 110)).toEqual([]);
    expect(story.price(BTC, 95)).toEqual(['break-even: sell 0.1 BTCUSDT reduce-only', ...PASSED]);
  });

  it('ends when it is too old, whether or not a price comes', () => {
    const story = holding({ exit: { positionHoursMax: 2 } });
    expect(story.wait(2 * HOUR_MS - 1).timer('protect')).not.toContain(
      'time-limit: sell 0.1 BTCUSDT reduce-only',
    );
    expect(story.wait(1).timer('protect')).toContain('time-limit: sell 0.1 BTCUSDT reduce-only');
  });

  it('ends a day before its instrument leaves the exchange', () => {
    const story = holding();
    const deliveryTimeMs = story.nowMs + 25 * HOUR_MS;
    expect(story.say({ kind: 'instrument', instrument: instrument(BTC, { deliveryTimeMs }) })).toEqual([
      'critical engine.position.delisting BTCUSDT',
    ]);
    expect(story.price(BTC, 101)).toEqual([]);
    expect(story.wait(HOUR_MS).price(BTC, 101)[0]).toBe('delisting: sell 0.1 BTCUSDT reduce-only');
  });

  it('ends before a funding payment that is too dear, where a person wants that', () => {
    const tick = (exit: Record<string, unknown>, fundingRate: number | null): string | undefined => {
      const story = holding({ exit });
      const seen = { ...QUIET_QUOTE, instrumentId: BTC, lastPrice: 101, markPrice: 101, turnover24h: 1 };
      return story.say({ ...seen, fundingRate })[0];
    };
    const order = 'funding: sell 0.1 BTCUSDT reduce-only';
    expect(tick({ fundingExitPctMax: 0.2 }, 0.003)).toBe(order);
    for (const rate of [0.002, -0.003, null]) expect(tick({ fundingExitPctMax: 0.2 }, rate)).toBeUndefined();
    expect(tick({}, 0.003)).toBeUndefined();
  });

  it('ends when the trend turns against it, where a person wants that', () => {
    // A fall of 9 % in the window makes no trend of 12 %; three more steps down do.
    const signal = { trendChangePct: 12 };
    const story = holding({ signal, exit: { trendFlipExit: true } });
    expect(entryTrend(story)).toBe('neutral');
    const said = closes(story, [99, 98, 97]).flat();
    expect(said).toContain('trend-flip: sell 0.1 BTCUSDT reduce-only');
    const patient = holding({ signal });
    expect(closes(patient, [99, 98, 97]).flat()).not.toContain('trend-flip: sell 0.1 BTCUSDT reduce-only');
  });
});

describe('an RSI exit', () => {
  const rising = Array.from({ length: 10 }, (_, index) => 101 + index);
  const reached = (exit: Record<string, unknown>) =>
    closes(holding({ exit }), rising)
      .at(-1)
      ?.filter((line) => !line.includes('occupied'));

  it.each([
    [{ rsiExitMinCandles: 11 }, 'exit.rsi-exit.too-young'],
    [{ rsiExitMinMinutes: 3_601 }, 'exit.rsi-exit.too-young'],
    [{ rsiExitMinMovePct: 10.1 }, 'exit.rsi-exit.small-move'],
  ])('is put off by %j, and says so', (exit, code) => {
    expect(reached(exit)).toEqual([`explain BTCUSDT hold ${code}`]);
  });

  it.each([{ rsiExitMinCandles: 10 }, { rsiExitMinMinutes: 3_599 }, { rsiExitMinMovePct: 10 }])(
    'goes through with %j',
    (exit) => {
      expect(reached(exit)?.[0]).toBe('rsi-exit: sell 0.1 BTCUSDT reduce-only');
    },
  );

  it('at a loss waits for a profit where a person wants that; the stop still holds', () => {
    // Entered at 120, so that the RSI exit at a close of 110 finds a loss.
    const waiting = (): Story => {
      const story = oversold({ exit: { rsiExitWaitBreakEven: true } });
      story.timer('entry-pass');
      story.fill({ clientOrderId: story.orderId(1), price: '120', quantity: '0.1' });
      expect(closes(story, rising).at(-1)).toEqual(['explain BTCUSDT hold exit.rsi-exit.waits']);
      return story;
    };
    const story = waiting();
    expect(story.price(BTC, 120)).toEqual([]);
    expect(story.price(BTC, 120.1)).toEqual(['rsi-exit: sell 0.1 BTCUSDT reduce-only', ...PASSED]);
    expect(waiting().price(BTC, 102)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
  });
});

describe('while its bot is paused', () => {
  const paused = (exit: Record<string, unknown> = {}): Story => {
    const story = holding({ exit });
    story.command({ kind: 'stop-bot', instrumentId: BTC });
    return story;
  };

  it('a position keeps its trailing stop, break-even and time limit', () => {
    const story = paused({ positionHoursMax: 2 });
    story.price(BTC, 131);
    expect(story.price(BTC, 124)[0]).toBe('trailing-stop: sell 0.1 BTCUSDT reduce-only');
    const old = paused({ positionHoursMax: 2 }).wait(2 * HOUR_MS);
    expect(old.timer('protect')).toContain('time-limit: sell 0.1 BTCUSDT reduce-only');
  });

  it('RSI exit and trend flip wait', () => {
    const rising = Array.from({ length: 12 }, (_, index) => 101 + index);
    expect(closes(paused(), rising).flat()).not.toContain('rsi-exit: sell 0.1 BTCUSDT reduce-only');
  });
});

describe('a position of a state stored before these rules', () => {
  it('is guarded by them from its first price on', () => {
    const story = holding();
    const { trading, ...rest } = story.engine.snapshot();
    const { dayStart: _, ...older } = trading;
    const positions = trading.positions.map(({ guard, stopKind, stopMovedMs, reducing, ...held }) => held);
    const stored = parseEngineSnapshot(
      JSON.parse(JSON.stringify({ ...rest, trading: { ...older, positions } })),
    );
    story.engine.restore(stored!);
    expect(story.price(BTC, 131)).toContain('info engine.stop.trailing BTCUSDT');
    expect(story.price(BTC, 124)[0]).toBe('trailing-stop: sell 0.1 BTCUSDT reduce-only');
  });
});

describe('the record of an exit', () => {
  it('holds the rule, its value and its threshold', () => {
    const story = holding();
    story.price(BTC, 121);
    const seen = { ...QUIET_QUOTE, timeMs: story.nowMs, instrumentId: BTC, turnover24h: 1 };
    const event: EngineEvent = { ...seen, lastPrice: 95, markPrice: 96 };
    const record = story.engine.step(event).find(isExplain)?.record;
    expect(record).toMatchObject({ outcome: 'exit-ordered', clientOrderId: story.orderId(2) });
    expect(record?.verdicts).toMatchObject([
      { filter: 'break-even', code: 'exit.break-even', value: 96, threshold: 100.2, unit: 'USDT' },
    ]);
  });
});

function isExplain(decision: Decision): decision is Extract<Decision, { kind: 'explain' }> {
  return decision.kind === 'explain';
}
