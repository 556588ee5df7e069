import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { ExchangePosition, RestingStop } from '../../src/core/domain/position.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { stopBeforeLiquidation } from '../../src/core/risk/stop-price.ts';
import {
  BTC,
  CANDLE_MS,
  ETH,
  exchangePosition,
  HISTORY_LENGTH,
  holding,
  instrument,
  SOL,
  Story,
  settings,
  waves,
} from './story.ts';

const BARE = exchangePosition({ stopPrice: null });
const AMEND = 'amend long BTCUSDT: stop 85 profit kept';
const FLATTEN = [
  'critical engine.stop.flatten BTCUSDT',
  'stop-unconfirmed: sell 0.1 BTCUSDT reduce-only',
  'explain BTCUSDT exit-ordered',
];

/** Readings every 2 seconds, the timer after each. Gives all that was said, but what only asks for a reading. */
function read(story: Story, rows: readonly ExchangePosition[], forMs: number): string[] {
  const said: string[] = [];
  for (let passedMs = 0; passedMs < forMs; passedMs += 2_000) {
    story.wait(2_000);
    said.push(...story.account(rows), ...story.timer('protect'));
  }
  return said.filter((line) => !line.startsWith('ask '));
}

function watchOf(story: Story) {
  const [position] = story.engine.positions();
  if (position === undefined) throw new Error('a position is open');
  const { unprotectedSinceMs, unprotectedMs } = position;
  return { unprotectedSinceMs, unprotectedMs };
}

describe('a position whose stop is not confirmed', () => {
  it('is told after 10 seconds and closed at 12, by an order that can only reduce', () => {
    const story = holding();
    expect(read(story, [BARE], 8_000)).toEqual([
      'critical engine.stop.restored BTCUSDT',
      ...Array(4).fill(AMEND),
    ]);
    expect(read(story, [BARE], 2_000)).toEqual([AMEND, 'critical engine.stop.unconfirmed BTCUSDT']);
    expect(read(story, [BARE], 2_000)).toEqual([AMEND, ...FLATTEN]);
    const closed = story.fill({
      clientOrderId: story.orderId(2),
      fillId: 'f2',
      side: 'sell',
      price: '99',
      quantity: '0.1',
    });
    expect(closed[0]).toBe('closed long 0.1 BTCUSDT by stop-unconfirmed: gross -0.1 fees 0.0055');
    expect(story.engine.tradingSnapshot().coolDowns).toEqual([[BTC, story.nowMs + CANDLE_MS]]);
  });

  it('is cared for and closed by positions alone, while nothing else of the account can be read', () => {
    const story = holding();
    story.account([exchangePosition()]);
    const said: string[] = [];
    for (let passedMs = 0; passedMs < 12_000; passedMs += 2_000) {
      story.wait(2_000);
      said.push(...story.say({ kind: 'positions-stated', asOfMs: story.nowMs, positions: [BARE] }));
    }
    expect(said.filter((line) => line === AMEND)).toHaveLength(6);
    expect(said.slice(-4)).toEqual([AMEND, ...FLATTEN]);
  });

  it('is sent for once of one reading, and neither missed nor lowered by positions alone', () => {
    const story = holding();
    story.wait(1_000);
    const stated = (positions: readonly ExchangePosition[], asOfMs = story.nowMs) =>
      story.say({ kind: 'positions-stated', asOfMs, positions });
    expect(stated([BARE])).toContain(AMEND);
    expect(
      story
        .wait(300)
        .account([BARE], 10_000, [], story.nowMs - 300)
        .join(),
    ).not.toContain('amend');
    for (let count = 0; count < 4; count += 1) {
      story.wait(60_000);
      expect(stated([])).toEqual([]);
    }
    const less = exchangePosition({ quantity: decimal('0.04') });
    for (let count = 0; count < 4; count += 1) expect(story.wait(30_000) && stated([less])).toEqual([]);
    // What an older list states is old, by itself and with the whole account.
    expect(stated([BARE], story.nowMs - 20_000)).toEqual([]);
    expect(story.account([BARE], 10_000, [], story.nowMs - 20_000)).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
  });

  it('is closed by the timer alone where no further reading comes within 5 seconds of the last', () => {
    const story = holding();
    read(story, [BARE], 8_000);
    expect(story.wait(3_999).timer('protect')).not.toContain(FLATTEN[1]);
    expect(story.wait(1).timer('protect')).toContain(FLATTEN[1]);
  });

  it('waits while the exchange cannot be read, and its clock runs on at first contact', () => {
    const story = holding();
    read(story, [BARE], 4_000);
    for (let count = 0; count < 60; count += 1) {
      expect(
        story
          .wait(2_000)
          .timer('protect')
          .filter((line) => !line.startsWith('ask ')),
      ).toEqual([]);
    }
    // 4 seconds were read in and 5 count after them; the first contact alone adds none.
    expect(story.account([BARE])).toEqual([AMEND]);
    expect(read(story, [BARE], 2_000)).toContain('critical engine.stop.unconfirmed BTCUSDT');
    expect(read(story, [BARE], 2_000)).toContain(FLATTEN[1]);
    expect(watchOf(story).unprotectedMs).toBe(128_000);
  });

  it('is closed after a restart by what is read then alone', () => {
    for (const row of [BARE, exchangePosition()]) {
      const story = holding();
      read(story, [BARE], 8_000);
      const next = new Story();
      next.engine.restore(parseEngineSnapshot(JSON.parse(JSON.stringify(story.engine.snapshot())))!);
      next.nowMs = story.nowMs + 60_000;
      expect(next.timer('protect').join()).not.toContain('sell');
      expect(next.account([row]).join().includes('stop-unconfirmed: sell')).toBe(row === BARE);
    }
  });

  it('is closed again every 2 seconds while the exchange refuses its exit, whatever exit that is', () => {
    const story = holding();
    read(story, [exchangePosition()], 2_000);
    story.price(BTC, 150);
    for (let attempt = 2; attempt < 9; attempt += 1) {
      story.order(story.orderId(attempt), 'rejected', '110066');
      story.wait(60_000).timer('protect');
    }
    story.order(story.orderId(9), 'rejected', '110066');
    story.account([BARE]);
    const said = read(story, [BARE], 12_000);
    expect(said.filter((line) => line.startsWith('take-profit: sell'))).toHaveLength(1);
    story.order(story.orderId(10), 'rejected', '110066');
    expect(story.wait(1_999).timer('protect').join()).not.toContain('take-profit: sell');
    expect(story.wait(1).timer('protect')).toContain('take-profit: sell 0.1 BTCUSDT reduce-only');
  });

  it('keeps everything from being entered once there are two', () => {
    const story = holding();
    const other = exchangePosition({ instrumentId: ETH, stopPrice: null });
    story.say({ kind: 'instrument', instrument: instrument(ETH) });
    story.say({ kind: 'instrument', instrument: instrument(SOL) });
    const heldMs = story.nowMs;
    story.candles(ETH, waves(HISTORY_LENGTH, 'trough'));
    story.candles(SOL, waves(HISTORY_LENGTH, 'trough'));
    story.nowMs = heldMs;
    story.account([exchangePosition(), other]);
    const adopt = {
      kind: 'adopt-position',
      instrumentId: ETH,
      readMs: story.nowMs,
      quantity: decimal('0.1'),
      openedMs: null,
      fees: decimal(0),
    } as const;
    story.command(adopt);
    const enter = { kind: 'enter', instrumentId: SOL, direction: 'long', force: true } as const;
    read(story, [BARE, other], 10_000);
    expect(story.engine.stopObstacle).toBe('The stops of BTCUSDT, ETHUSDT cannot be confirmed.');
    expect(story.command(enter)).toEqual(
      ['warning engine.command.refused -'].map((line) => line.replace('-', SOL)),
    );
  });

  it('is confirmed by a reading and measured, over a restart too', () => {
    const story = holding();
    story.wait(700).account([exchangePosition()]);
    expect(watchOf(story)).toEqual({ unprotectedSinceMs: null, unprotectedMs: 700 });
    const confirmedMs = story.nowMs;
    story.wait(2_000).account([BARE]);
    expect(watchOf(story)).toEqual({ unprotectedSinceMs: confirmedMs, unprotectedMs: 2_700 });
    const next = new Story();
    next.engine.restore(parseEngineSnapshot(JSON.parse(JSON.stringify(story.engine.snapshot())))!);
    next.nowMs = story.nowMs + 500;
    next.account([exchangePosition()]);
    expect(watchOf(next)).toEqual({ unprotectedSinceMs: null, unprotectedMs: 3_200 });
    const said = next.engine.step({
      kind: 'fill',
      timeMs: next.nowMs,
      fill: { ...STOPPED, price: decimal(85), quantity: decimal('0.1'), fee: decimal(0), timeMs: next.nowMs },
    });
    expect(said.find((decision) => decision.kind === 'position-closed')?.closed.unprotectedMs).toBe(3_200);
  });

  it('counts a stop that a person loosened as none, and puts ours back', () => {
    const story = holding();
    story.wait(1_000).account([exchangePosition()]);
    expect(story.wait(1_000).account([exchangePosition({ stopPrice: decimal(80) })])).toEqual([AMEND]);
    expect(watchOf(story).unprotectedSinceMs).toBe(story.nowMs - 1_000);
    story.wait(1_000).account([exchangePosition({ stopPrice: decimal(90) })]);
    expect(watchOf(story).unprotectedSinceMs).toBeNull();
    const loosened = exchangePosition({ stopPrice: decimal(87) });
    expect(story.wait(1_000).account([loosened])).toEqual(['amend long BTCUSDT: stop 90 profit kept']);
    expect(watchOf(story).unprotectedSinceMs).toBe(story.nowMs - 1_000);
  });

  it('is guarded by the stop it has while a tighter one is on its way', () => {
    const story = holding();
    story.wait(1_000).account([exchangePosition()]);
    story.command({ kind: 'configure', settings: settings({ exit: { stopLossPct: 10 } }), version: 2 });
    expect(story.wait(1_000).account([exchangePosition()])).toContain(
      'amend long BTCUSDT: stop 90 profit kept',
    );
    expect(watchOf(story).unprotectedSinceMs).toBeNull();
  });

  it('is known of in states from before it was watched', () => {
    const { trading, ...rest } = holding().engine.snapshot();
    const { stopRefusal: _, ...older } = trading;
    const positions = older.positions.map(({ stopWatch, confirmedStopPrice, ...position }) => position);
    const next = new Story();
    next.engine.restore(parseEngineSnapshot({ ...rest, trading: { ...older, positions } })!);
    next.nowMs = trading.timeMs + 60_000;
    next.account([BARE]);
    expect(watchOf(next)).toEqual({ unprotectedSinceMs: next.nowMs, unprotectedMs: 0 });
  });
});

const STOPPED = {
  fillId: 'f9',
  exchangeOrderId: 'x9',
  clientOrderId: null,
  instrumentId: BTC,
  side: 'sell',
  maker: false,
  cause: 'stop-loss',
} as const;

describe('a stop the exchange refuses', () => {
  const REFUSED = {
    kind: 'stop-refused',
    instrumentId: BTC,
    code: '10001',
    detail: 'not supported',
    unsupported: true,
  } as const;
  const PASSED = {
    ...REFUSED,
    detail: 'StopLoss should lower than base_price',
    unsupported: false,
  } as const;

  it('is told once and keeps nothing back where a stop guards and only its move was refused', () => {
    const story = holding();
    story.wait(1_000).account([exchangePosition()]);
    story.command({ kind: 'configure', settings: settings({ exit: { stopLossPct: 10 } }), version: 2 });
    const move = 'amend long BTCUSDT: stop 90 profit kept';
    expect(story.wait(1_000).account([exchangePosition()])).toContain(move);
    expect(story.say(PASSED)).toEqual(['warning engine.stop.move-refused BTCUSDT']);
    expect(story.engine.stopObstacle).toBeNull();
    const next = new Story();
    next.engine.restore(parseEngineSnapshot(JSON.parse(JSON.stringify(story.engine.snapshot())))!);
    next.nowMs = story.nowMs + 2_000;
    expect(next.account([exchangePosition()])).toContain(move);
    expect(next.say(PASSED)).toEqual([]);
    next.wait(2_000).account([exchangePosition({ stopPrice: decimal(90) })]);
    expect(next.say(PASSED)).toEqual(['warning engine.stop.move-refused BTCUSDT']);
  });

  it('keeps entries back where the position has none, whatever the word, and says it with the words', () => {
    const story = holding();
    story.wait(1_000).account([BARE]);
    expect(story.say(PASSED)).toEqual(['critical engine.stop.refused BTCUSDT']);
    expect(story.engine.stopObstacle).toContain('10001 StopLoss should lower than base_price');
  });

  it('keeps everything from being entered, is told once, and no more when a stop is taken', () => {
    const story = holding();
    story.wait(1_000).account([BARE]);
    expect(story.say(REFUSED)).toEqual(['critical engine.stop.refused BTCUSDT']);
    expect(story.say(REFUSED)).toEqual([]);
    expect(story.engine.stopObstacle).toContain('10001');
    expect(story.wait(1_000).account([exchangePosition()])).toEqual(['info engine.stop.taken BTCUSDT']);
    expect(story.engine.stopObstacle).toBeNull();
  });

  it('is not proven taken by one that rests since before, and waits for as long as any is missing', () => {
    const story = holding();
    story.wait(1_000).account([exchangePosition()]);
    story.say(REFUSED);
    story.wait(1_000).account([exchangePosition()]);
    expect(story.engine.stopObstacle).not.toBeNull();
    story.wait(60_000).account([exchangePosition({ stopPrice: decimal(80) })]);
    expect(story.timer('protect')).not.toContain('info engine.stop.taken BTCUSDT');
  });

  it('lets entries back where all that is missing is a take-profit', () => {
    const story = holding();
    const bare = exchangePosition({ takeProfitPrice: null });
    story.wait(1_000).account([bare]);
    story.say(REFUSED);
    story.wait(60_000).account([bare]);
    expect(story.timer('protect')).toContain('info engine.stop.taken BTCUSDT');
  });

  it('says nothing where the price has passed it, an exit is on its way, or nothing is held any more', () => {
    const story = holding();
    story.wait(1_000).account([exchangePosition()]);
    story.price(BTC, 150);
    expect(story.say(REFUSED)).toEqual([]);
    expect(story.engine.stopObstacle).toBeNull();
    story.order(story.orderId(2), 'rejected', '110066');
    expect(story.say(REFUSED)).toEqual(['critical engine.stop.refused BTCUSDT']);
    const passed = holding();
    passed.wait(1_000).account([BARE]);
    passed.price(BTC, 84);
    passed.order(passed.orderId(2), 'rejected', '110066');
    expect(passed.say(REFUSED)).toEqual([]);
    const without = new Story();
    expect(without.say(REFUSED)).toEqual([]);
    expect(without.engine.stopObstacle).toBeNull();
  });

  it('keeps entries back for a minute where nothing is left that lacks a stop', () => {
    const story = holding();
    story.wait(1_000).account([exchangePosition()]);
    story.say(REFUSED);
    expect(story.wait(59_999).timer('protect').join()).not.toContain('taken');
    const next = new Story();
    next.engine.restore(parseEngineSnapshot(JSON.parse(JSON.stringify(story.engine.snapshot())))!);
    next.nowMs = story.nowMs + 1;
    expect(next.timer('protect')).toContain('info engine.stop.taken BTCUSDT');
  });
});

describe('a liquidation price', () => {
  const near = (price: string) => exchangePosition({ liquidationPrice: decimal(price) });
  const ASK = 'ask liquidation-near';

  it('that comes near in two readings pulls the stop before it, and is told once', () => {
    const story = holding();
    expect(story.wait(1_000).account([near('80')])).toEqual([]);
    expect(story.wait(1_000).account([near('84')])).toEqual([ASK]);
    // From 100 to 84 it is 16; a tenth of that before it: 85.6.
    expect(story.wait(1_000).account([near('84')])).toEqual([
      'warning engine.stop.liquidation BTCUSDT',
      'amend long BTCUSDT: stop 85.6 profit kept',
    ]);
    // As far as both agree: what rests at 85 is beyond 86 and nothing is known to be.
    expect(story.wait(1_000).account([near('86')])).toEqual([
      ASK,
      'amend long BTCUSDT: stop 85.6 profit kept',
    ]);
    expect(watchOf(story).unprotectedSinceMs).toBe(story.nowMs - 1_000);
    expect(story.wait(1_000).account([near('87')])).toEqual([
      ASK,
      'amend long BTCUSDT: stop 87.4 profit kept',
    ]);
    expect(story.engine.positions()).toMatchObject([{ stopKind: 'liquidation', stopPrice: '87.4' }]);
  });

  it('that one reading alone states, after another or after none, moves nothing', () => {
    const story = holding();
    for (const row of [near('90'), near('80'), near('90'), exchangePosition(), near('90'), near('80')])
      expect(story.wait(1_000).account([row]).join()).not.toContain('amend');
    expect(story.engine.positions()).toMatchObject([{ stopKind: 'initial', stopPrice: '85' }]);
  });

  it('that is told twice of one reading is one reading', () => {
    const story = holding();
    story.wait(1_000);
    const positions = [near('90')];
    expect(story.say({ kind: 'positions-stated', asOfMs: story.nowMs, positions })).toEqual([ASK]);
    expect(story.wait(100).account(positions, 10_000, [], story.nowMs - 100)).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '85' }]);
  });

  it('beyond the mark price is nobody’s, and moves nothing', () => {
    const story = holding();
    expect(read(story, [exchangePosition({ liquidationPrice: decimal(101) })], 20_000)).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '85', unprotectedSinceMs: null }]);
  });

  it.each([
    ['long', '100', '84', '85.6'],
    ['long', '100', '83.95', '85.6'],
    ['long', '100', '99.9', '100.1'],
    ['short', '100', '116', '114.4'],
    ['short', '100', '116.05', '114.4'],
  ] as const)(
    'leaves a %s from %s at %s a stop at %s: rounded toward protection',
    (direction, entry, liquidation, stop) => {
      const request = {
        entryPrice: decimal(entry),
        liquidationPrice: decimal(liquidation),
        direction,
        instrument: instrument(BTC),
      };
      expect(stopBeforeLiquidation(request).toFixed()).toBe(stop);
    },
  );
});

describe('stops that others set', () => {
  const stop = (trigger: RestingStop['trigger'], changes: Partial<RestingStop> = {}): RestingStop => {
    return { instrumentId: BTC, direction: 'long', stopPrice: decimal(85), trigger, ...changes };
  };
  const told = (story: Story, stops: readonly RestingStop[] | null): string[] => {
    const money = decimal(10_000);
    const balance = { equity: money, walletBalance: money, available: money };
    story.wait(1_000);
    const positions = [exchangePosition()];
    return story.say({ kind: 'account-snapshot', asOfMs: story.nowMs, balance, positions, stops });
  };

  it('are told once each: more than one, and one that goes by another price than the mark', () => {
    const story = holding();
    expect(told(story, [stop('mark')])).toEqual([]);
    expect(told(story, [stop('mark'), stop('mark')])).toEqual(['warning engine.stop.stacked BTCUSDT']);
    expect(told(story, [stop('mark'), stop('last')])).toEqual([]);
    expect(told(story, null)).toEqual([]);
    expect(told(story, [stop('last')])).toEqual(['warning engine.stop.trigger BTCUSDT']);
    expect(told(story, [stop('mark')])).toEqual([]);
    expect(told(story, [stop('last')])).toEqual(['warning engine.stop.trigger BTCUSDT']);
  });

  it('of another position, or of the other direction, are none of its own', () => {
    const story = holding();
    const others = [stop('mark'), stop('mark', { instrumentId: ETH }), stop('last', { direction: 'short' })];
    expect(told(story, others)).toEqual([]);
  });
});
