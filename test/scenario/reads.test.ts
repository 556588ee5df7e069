import { describe, expect, it } from 'vitest';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  ETH,
  HISTORY_LENGTH,
  holding,
  instrument,
  oversold,
  SOL,
  START_MS,
  Story,
  TROUGH_RSI,
  waves,
} from './story.ts';

const LAST_OPEN_MS = START_MS + (HISTORY_LENGTH - 1) * CANDLE_MS;

describe('reads', () => {
  it('shows a row of the scan as it stands', () => {
    const story = oversold();
    story.price(BTC, 101, 5e6);
    expect(story.engine.scanRows()).toEqual([
      {
        instrumentId: 'BTCUSDT',
        timeframe: '6h',
        status: 'trading',
        lastPrice: 101,
        turnover24h: 5e6,
        rsi: expect.closeTo(TROUGH_RSI, 4),
        trend: 'down',
        signal: 'enter-long',
        blockers: [],
        candleCount: HISTORY_LENGTH,
        candleOpenTimeMs: LAST_OPEN_MS,
        mature: true,
        inPosition: null,
      },
    ]);
  });

  it('shows nothing where there is nothing yet', () => {
    const story = new Story();
    story.begin(instrument(ETH));
    expect(story.engine.scanRow(ETH)).toMatchObject({
      rsi: null,
      trend: null,
      signal: 'wait',
      lastPrice: null,
    });
    expect(story.engine.explain(ETH, story.nowMs)).toBeNull();
    expect(story.engine.rsiPoints(ETH, 10)).toEqual([]);
    expect(story.engine.candles(ETH)?.length).toBe(0);
    expect([story.engine.scanRow(SOL), story.engine.instrument(SOL), story.engine.candles(SOL)]).toEqual([
      null,
      null,
      null,
    ]);
    expect([story.engine.positions(), story.engine.bots(), story.engine.foreignPositions()]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('shows a position with its profit and its stop', () => {
    const story = holding();
    story.price(BTC, 110);
    expect(story.engine.positions()).toEqual([
      {
        instrumentId: 'BTCUSDT',
        direction: 'long',
        state: 'open',
        timeframe: '6h',
        quantity: '0.1',
        entryPrice: '100',
        lastPrice: 110,
        stopPrice: '85',
        stopKind: 'initial',
        takeProfitPrice: '150',
        bestProfitPct: 10,
        breakEvenPrice: null,
        trailing: null,
        rsiExitWaiting: false,
        exchangeStopPrice: null,
        stopConfirmedMs: null,
        unprotectedSinceMs: story.nowMs,
        unprotectedMs: 0,
        pnlUsdt: expect.closeTo(1, 9),
        pnlPct: 10,
        leverage: 1,
        openedMs: story.nowMs,
        entryRsi: expect.closeTo(TROUGH_RSI, 4),
        entryTrend: 'down',
        closingReason: null,
        doubt: null,
        ladder: null,
      },
    ]);
    expect(story.engine.scanRow(BTC)).toMatchObject({ inPosition: 'long' });
    expect(story.engine.autoBot()).toMatchObject({ slots: { max: 5, used: 1 } });
  });

  it('gives the newest RSI points, the last one being the streamed value', () => {
    const story = oversold();
    const points = story.engine.rsiPoints(BTC, 3);
    expect(points.map((point) => point.openTimeMs)).toEqual([
      LAST_OPEN_MS - 2 * CANDLE_MS,
      LAST_OPEN_MS - CANDLE_MS,
      LAST_OPEN_MS,
    ]);
    expect(points.at(-1)?.rsi).toBe(story.engine.scanRow(BTC)?.rsi);
    const all = story.engine.rsiPoints(BTC, 1_000);
    expect(all).toHaveLength(HISTORY_LENGTH);
    expect(all.slice(0, 14).every((point) => point.rsi === null)).toBe(true);
    expect(all[14]?.rsi).not.toBeNull();
  });

  it('names what blocks a signal now, and no longer when it has passed', () => {
    const story = oversold();
    const before = story.engine.scanVersion;
    story.say({ kind: 'feed-lost', instrumentId: null, timeframe: null, reason: 'socket closed' });
    expect(story.engine.scanRow(BTC)?.blockers).toEqual(['filter.data.feed-lost']);
    story.say({ kind: 'feed-restored', instrumentId: null, timeframe: null });
    expect(story.engine.scanRow(BTC)?.blockers).toEqual([]);
    story.say({ kind: 'feed-lost', instrumentId: BTC, timeframe: null, reason: 'silent' });
    expect(story.timer('entry-pass')).toEqual(['explain BTCUSDT vetoed filter.data.feed-lost']);
    story.say({ kind: 'feed-restored', instrumentId: BTC, timeframe: null });
    story.say({ kind: 'entries-allowed', allowed: false, reason: 'halted' });
    expect(story.engine.scanRow(BTC)?.blockers).toEqual(['filter.entries-allowed.refused']);
    expect(story.engine.scanVersion).toBeGreaterThan(before);
  });

  it('lets its trading version stand while nothing worth keeping changes', () => {
    const story = holding();
    const version = story.engine.tradingVersion;
    story.price(BTC, 101);
    story.timer('protect');
    story.order(story.orderId(1), 'accepted');
    expect(story.engine.tradingVersion).toBe(version);
    story.price(BTC, 85);
    expect(story.engine.tradingVersion).toBeGreaterThan(version);
  });

  it('answers a candle without a signal, and one seen before, with the same empty list', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    const candles = candlesOf(waves(20, 'trough'));
    const answers = [...candles, candles[19]!, candles[3]!].map((candle) =>
      story.engine.step({
        kind: 'candle-closed',
        timeMs: candle.openTimeMs + CANDLE_MS,
        instrumentId: BTC,
        timeframe: '6h',
        candle,
      }),
    );
    expect(answers[0]).toEqual([]);
    expect(new Set(answers.slice(0, 10).concat(answers.slice(-2))).size, 'nothing is allocated').toBe(1);
    expect(story.engine.candles(BTC)?.length).toBe(20);
  });

  it('takes neither candles of another timeframe nor of an instrument it does not know', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    const [candle] = candlesOf([100]);
    const closed = { kind: 'candle-closed', candle: candle! } as const;
    expect(story.say({ ...closed, instrumentId: BTC, timeframe: '1h' })).toEqual([]);
    expect(story.say({ ...closed, instrumentId: ETH, timeframe: '6h' })).toEqual([]);
    expect(story.engine.candles(BTC)?.length).toBe(0);
  });

  it('refuses impossible candles and histories with a hole', () => {
    const story = oversold();
    const next = { ...candlesOf([100], LAST_OPEN_MS + CANDLE_MS)[0]!, high: 1 };
    expect(story.close(BTC, next)).toEqual(['warning engine.candle.unsound BTCUSDT']);
    const holed = candlesOf([1, 2, 3]).filter((_, index) => index !== 1);
    const history = { kind: 'candle-history', instrumentId: BTC, timeframe: '6h', candles: holed } as const;
    expect(story.say(history)).toEqual(['warning engine.candle.unsound BTCUSDT']);
    expect(story.engine.candles(BTC)?.length).toBe(HISTORY_LENGTH);
  });
});
