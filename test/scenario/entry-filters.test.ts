import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/domain/candle.ts';
import type { PriceTick } from '../../src/core/engine/event.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  ETH,
  HISTORY_LENGTH,
  holding,
  instrument,
  oversold,
  QUIET_QUOTE,
  SOL,
  START_MS,
  Story,
  waves,
} from './story.ts';

const ENTRY = 'entry: buy 0.1 BTCUSDT stop 85 profit 150 leverage 1';
const ORDERED = [ENTRY, 'explain BTCUSDT ordered #1 of 5 free'];

/** The candle `later` candles after those of `oversold`, flat at 100: RSI stays where it is. */
function flat(later: number, changes: Partial<Candle> = {}): Candle {
  const [candle] = candlesOf([100], START_MS + (HISTORY_LENGTH + later) * CANDLE_MS);
  if (candle === undefined) throw new Error('A close makes a candle.');
  return { ...candle, ...changes };
}

function quote(story: Story, told: Partial<PriceTick>): string[] {
  const prices = { lastPrice: 100, markPrice: 100, turnover24h: 1e6 };
  return story.say({ ...QUIET_QUOTE, ...prices, instrumentId: BTC, ...told });
}

/** What an entry pass orders; where it orders nothing, the filters that speak against it. */
function pass(story: Story): readonly string[] {
  const decisions = story.timer('entry-pass');
  if (decisions.includes(ENTRY)) return decisions;
  const verdicts = story.engine.explain(BTC, story.nowMs)?.verdicts ?? [];
  return verdicts.filter(({ kind }) => kind === 'veto').map(({ code }) => code);
}

describe('reasons not to enter, one by one', () => {
  it('RSI time: the extreme must have lasted', () => {
    // RSI falls from 81.5 as (13/14)^k: at or below 29 from the 14th of 20 falls, so on the last 7.
    expect(pass(oversold({ filter: { rsiTimeCandles: 8 } }))).toEqual(['filter.rsi-time.wait']);
    expect(pass(oversold({ filter: { rsiTimeCandles: 7 } }))).toEqual(ORDERED);
  });

  it('pump and dump: one candle fell too far', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    story.command({ kind: 'enable-auto-bot' });
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough').slice(0, -1));
    // From 119 to 100 is 15.97 %.
    const dump = flat(-1, { open: 119, high: 119 });
    expect(story.close(BTC, dump)).toEqual(['explain BTCUSDT vetoed filter.exit-scam.candle']);
  });

  it('pump and dump, learned: what is usual elsewhere may be too much here', () => {
    // Until then no candle of the wave had a body at all; 0.1 % is the least that can be learned.
    const learning = { filter: { exitScamAutoLearnEnabled: true } };
    expect(pass(oversold(learning))).toEqual(ORDERED);
    const story = oversold(learning);
    story.close(BTC, flat(0, { open: 100.2 }));
    story.account();
    expect(pass(story)).toEqual(['filter.exit-scam.candle']);
    const record = story.engine.explain(BTC, story.nowMs);
    expect(record?.verdicts.find(({ filter }) => filter === 'exit-scam')).toMatchObject({
      code: 'filter.exit-scam.candle',
      threshold: 0.1,
    });
  });

  it('RSI re-check: price has come back since the close', () => {
    const story = oversold();
    story.price(BTC, 110);
    expect(pass(story)).toEqual(['filter.rsi-recheck.gone']);
    story.price(BTC, 100);
    expect(pass(story)).toEqual(ORDERED);
  });

  it('losses: three whole candles pass before the next try, a restart in between or not', () => {
    const story = holding();
    story.price(BTC, 85);
    story.fill({ clientOrderId: story.orderId(2), fillId: 'f2', side: 'sell', price: '85', quantity: '0.1' });
    const passes = [0, 1, 2].map((later) => {
      story.close(BTC, flat(later));
      restart(story);
      return pass(story);
    });
    expect(passes).toEqual([['filter.loss-reentry.waiting'], ['filter.loss-reentry.waiting'], ORDERED]);
  });

  it('losses: a state stored before they were counted still loads, with none', () => {
    const snapshot = JSON.parse(JSON.stringify(holding().engine.snapshot()));
    delete snapshot.trading.lossStreaks;
    expect(parseEngineSnapshot(snapshot)?.trading.lossStreaks).toEqual([]);
  });

  it('losses: a win ends the wait', () => {
    const story = holding();
    story.price(BTC, 150);
    story.fill({
      clientOrderId: story.orderId(2),
      fillId: 'f2',
      side: 'sell',
      price: '150',
      quantity: '0.1',
    });
    expect(story.engine.tradingSnapshot().lossStreaks).toEqual([]);
    story.close(BTC, flat(0));
    story.account();
    expect(pass(story)).toEqual(ORDERED);
  });

  it('quarantine: candles were refused three times', () => {
    const story = oversold({ signal: { confirmEnabled: false } });
    for (const low of [200, 201, 202]) {
      expect(story.close(BTC, flat(0, { low }))).toEqual(['warning engine.candle.unsound BTCUSDT']);
    }
    story.close(BTC, flat(0));
    restart(story);
    expect(pass(story)).toEqual(['filter.quarantine.waiting']);
    for (let later = 1; later < 14; later += 1) story.close(BTC, flat(later));
    story.account();
    expect(pass(story)).toEqual(['filter.quarantine.waiting']);
    story.close(BTC, flat(14));
    story.account();
    expect(pass(story)).toEqual(ORDERED);
  });

  it('liquidity: too little is traded', () => {
    const story = oversold();
    quote(story, { turnover24h: 499_999 });
    expect(pass(story)).toEqual(['filter.liquidity.thin']);
  });

  it('spread: bid and ask are too far apart, or not known where others are', () => {
    const story = oversold();
    quote(story, { bidPrice: 99, askPrice: 101 });
    expect(pass(story)).toEqual(['filter.spread.wide']);
    quote(story, { bidPrice: null, askPrice: 101 });
    expect(pass(story)).toEqual(['filter.spread.unknown']);
    quote(story, { bidPrice: 99.95, askPrice: 100.05 });
    expect(pass(story)).toEqual(ORDERED);
  });

  it('volatility: price moves too little, or too much', () => {
    const low = oversold({ filter: { volatilityPctMin: 3 } });
    expect(pass(low)).toEqual(['filter.volatility.low']);
    const high = oversold({ filter: { volatilityPctMax: 1 } });
    expect(pass(high)).toEqual(['filter.volatility.high']);
  });

  it('funding: a long would pay too much, a rate below zero pays it', () => {
    const story = oversold();
    quote(story, { fundingRate: 0.002 });
    expect(pass(story)).toEqual(['filter.funding-cost.high']);
    quote(story, { fundingRate: -0.002 });
    expect(pass(story)).toEqual(ORDERED);
  });

  it('correlation: within one pass the first entry speaks against the next', () => {
    const story = new Story({ filter: { correlationPositionsMax: 0 } });
    story.begin(instrument(BTC), instrument(ETH), instrument(SOL));
    story.command({ kind: 'enable-auto-bot' });
    for (const id of [BTC, ETH, SOL]) story.candles(id, waves(HISTORY_LENGTH, 'trough'));
    story.account();
    expect(story.timer('entry-pass')).toEqual([
      ...ORDERED,
      'explain ETHUSDT vetoed filter.correlation.same-bet',
      'explain SOLUSDT vetoed filter.correlation.same-bet',
    ]);
  });
});

describe('an entry by hand', () => {
  /** RSI stands in the middle of its way down: no signal. */
  function quiet(changes: Record<string, unknown> = {}): Story {
    const story = new Story(changes);
    story.begin(instrument(BTC));
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough').slice(0, -10));
    story.account();
    return story;
  }

  const enter = (story: Story, force: boolean, direction: 'long' | 'short' = 'long'): string[] =>
    story.command({ kind: 'enter', instrumentId: BTC, direction, force });

  it('is ordered against every filter when it is forced, and is recorded as forced', () => {
    const story = quiet({ filter: { blacklist: [BTC] } });
    const decisions = story.engine.step({
      kind: 'command',
      timeMs: story.nowMs,
      commandId: 'c',
      actor: 'ann',
      reason: 'news',
      command: { kind: 'enter', instrumentId: BTC, direction: 'long', force: true },
    });
    const explained = decisions.flatMap((decision) => (decision.kind === 'explain' ? [decision.record] : []));
    expect(explained).toMatchObject([
      { outcome: 'ordered', forced: true, rank: null, signal: { kind: 'wait' } },
    ]);
    const vetoes = explained[0]?.verdicts.filter(({ kind }) => kind === 'veto') ?? [];
    expect(vetoes.map(({ code }) => code)).toContain('filter.scope.blacklisted');
    expect(story.engine.positions()).toMatchObject([{ direction: 'long', state: 'entering' }]);
  });

  it('is not ordered without force where the market gives no such signal or a filter speaks against it', () => {
    expect(enter(quiet(), false)).toEqual(['warning engine.command.refused BTCUSDT']);
    const story = oversold({ filter: { blacklist: ['BTCUSDT'] } });
    expect(enter(story, false)).toEqual(['warning engine.command.refused BTCUSDT']);
  });

  it('needs no Auto Bot and no second signal where everything agrees', () => {
    const story = oversold();
    story.command({ kind: 'disable-auto-bot' });
    expect(enter(story, false)).toEqual([
      ENTRY,
      'explain BTCUSDT ordered',
      'info engine.command.accepted BTCUSDT',
    ]);
  });

  it.each([
    ['is held', () => holding()],
    [
      'may have no entry now',
      () => {
        const story = quiet();
        story.say({ kind: 'entries-allowed', allowed: false, reason: 'halted' });
        return story;
      },
    ],
    ['may be traded, with trading switched off', () => quiet({ filter: { tradingEnabled: false } })],
    [
      'is too dear for the account',
      () => {
        const story = quiet();
        story.account([], 5);
        return story;
      },
    ],
  ])('is refused even by force on an instrument that %s', (_, make) => {
    const story = make();
    expect(enter(story, true).at(-1)).toBe('warning engine.command.refused BTCUSDT');
  });

  it('is refused by force against the direction of its bot', () => {
    const story = quiet();
    story.command({ kind: 'create-bot', instrumentId: BTC, direction: 'short' });
    expect(enter(story, true)).toEqual(['warning engine.command.refused BTCUSDT']);
    expect(enter(story, true, 'short').at(-1)).toBe('info engine.command.accepted BTCUSDT');
  });
});

/** The engine goes on from its own snapshot, as stored text; a person turns Auto Bot on again. */
function restart(story: Story): void {
  const snapshot = parseEngineSnapshot(JSON.parse(JSON.stringify(story.engine.snapshot())));
  if (snapshot === null) throw new Error('A snapshot of ours is one.');
  story.engine.restore(snapshot);
  story.say({ kind: 'entries-allowed', allowed: true, reason: 'ready' });
  story.command({ kind: 'enable-auto-bot' });
  story.account();
}
