import { describe, expect, it } from 'vitest';
import type { GuardedPosition } from './exit-rule.ts';
import { type RsiCandle, rsiExit } from './rsi-exit.ts';
import { exitSettingsSchema } from './settings.ts';
import { trendFlip } from './trend-flip.ts';

const HOUR_MS = 3_600_000;
/** 07:00 UTC: one hour into a 6-hour candle. */
const OPENED_MS = 7 * HOUR_MS;

const position: GuardedPosition = {
  direction: 'long',
  entryPrice: 100,
  openedMs: OPENED_MS,
  feePerUnit: 0.05,
  stopPrice: 85,
  stopKind: 'initial',
  takeProfitPrice: 150,
  entryTrend: 'down',
};

function candle(changes: Partial<RsiCandle> = {}): RsiCandle {
  return { timeframe: '6h', closeTimeMs: 12 * HOUR_MS, close: 101, rsi: 61, ...changes };
}

function judge(
  exit: Record<string, unknown>,
  seen: Partial<RsiCandle> = {},
  held: Partial<GuardedPosition> = {},
) {
  return rsiExit({ ...position, ...held }, candle(seen), exitSettingsSchema.parse(exit));
}

describe('the RSI exit', () => {
  it.each([
    ['long', 'up', 64.99, null],
    ['long', 'up', 65, 65],
    ['long', 'down', 60, 60],
    ['long', 'neutral', 60, 60],
    ['long', null, 59.99, null],
    ['short', 'down', 35.01, null],
    ['short', 'down', 35, 35],
    ['short', 'up', 40, 40],
    ['short', null, 40.01, null],
  ] as const)(
    'ends a %s entered in trend %s at RSI %d by threshold %s',
    (direction, entryTrend, rsi, threshold) => {
      const answer = judge({}, { rsi }, { direction, entryTrend });
      expect(answer?.finding.threshold ?? null).toBe(threshold);
      expect(answer?.hold ?? null).toBeNull();
    },
  );

  it.each([null, Number.NaN])('says nothing on an RSI of %s', (rsi) => {
    expect(judge({}, { rsi })).toBeNull();
  });

  it('counts closed candles from the one the entry happened in', () => {
    const hold = (closeHour: number) =>
      judge({ rsiExitMinCandles: 2 }, { closeTimeMs: closeHour * HOUR_MS })?.hold;
    expect(hold(12)).toEqual({
      code: 'exit.rsi-exit.too-young',
      value: 1,
      threshold: 2,
      unit: 'candles',
      waits: false,
    });
    expect(hold(18)).toBeNull();
  });

  it('lets minutes speak instead of candles', () => {
    const exit = { rsiExitMinCandles: 9, rsiExitMinMinutes: 300 };
    expect(judge(exit)?.hold).toBeNull();
    expect(judge(exit, { closeTimeMs: 12 * HOUR_MS - 60_000 })?.hold).toMatchObject({
      code: 'exit.rsi-exit.too-young',
      value: 299,
      threshold: 300,
      unit: 'min',
    });
  });

  it.each([
    [101, 'exit.rsi-exit.small-move'],
    [99, 'exit.rsi-exit.small-move'],
    [102, null],
    [98, null],
    [Number.NaN, 'exit.rsi-exit.small-move'],
  ])('asks for a move of 2 %% either way; at a close of %d: %s', (close, code) => {
    expect(judge({ rsiExitMinMovePct: 2 }, { close })?.hold?.code ?? null).toBe(code);
  });

  it('waits at a loss when it is told to, and only then', () => {
    expect(judge({ rsiExitWaitBreakEven: true }, { close: 99 })?.hold).toMatchObject({
      code: 'exit.rsi-exit.waits',
      value: -1,
      waits: true,
    });
    expect(judge({ rsiExitWaitBreakEven: true }, { close: 101 })?.hold).toBeNull();
    expect(judge({}, { close: 99 })?.hold).toBeNull();
  });
});

describe('the trend flip', () => {
  const flip = (
    entryTrend: GuardedPosition['entryTrend'],
    trend: 'up' | 'down' | 'neutral' | null,
    on = true,
  ) =>
    trendFlip(
      { ...position, entryTrend },
      { trend, close: 98 },
      exitSettingsSchema.parse({ trendFlipExit: on }),
    );

  it.each([
    ['up', 'down', 'trend-flip'],
    ['neutral', 'down', 'trend-flip'],
    [null, 'down', 'trend-flip'],
    ['down', 'down', null],
    ['up', 'neutral', null],
    ['up', null, null],
  ] as const)('ends a long entered in trend %s when it is %s: %s', (entryTrend, trend, reason) => {
    expect(flip(entryTrend, trend)?.reason ?? null).toBe(reason);
  });

  it('is off unless it is switched on', () => {
    expect(flip('up', 'down', false)).toBeNull();
  });
});
