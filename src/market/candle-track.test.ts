import { describe, expect, it } from 'vitest';
import type { ServedCandle } from '../exchange/exchange.ts';
import { CandleTrack, historyFault } from './candle-track.ts';

const MINUTE = 60_000;

function candle(openTimeMs: number, changes: Partial<ServedCandle> = {}): ServedCandle {
  return { openTimeMs, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true, ...changes };
}

function liveTrack(newestMs: number): CandleTrack {
  const track = new CandleTrack(MINUTE);
  track.finishRepair(newestMs);
  return track;
}

describe('CandleTrack', () => {
  it('emits the next open time once and ignores it the second time', () => {
    const track = liveTrack(0);
    expect(track.accept(candle(MINUTE))).toBe('emit');
    expect(track.accept(candle(MINUTE))).toBe('ignore');
    expect(track.newestMs()).toBe(MINUTE);
  });

  it('asks for a repair when a candle was skipped', () => {
    expect(liveTrack(0).accept(candle(2 * MINUTE))).toBe('repair');
  });

  it('asks for a repair when a candle is unsound', () => {
    expect(liveTrack(0).accept(candle(MINUTE, { high: 1 }))).toBe('repair');
  });

  it('ignores candles before its first history and while it is repaired', () => {
    const track = new CandleTrack(MINUTE);
    expect(track.accept(candle(0))).toBe('ignore');
    track.finishRepair(0);
    track.startRepair();
    expect(track.accept(candle(MINUTE))).toBe('ignore');
  });

  it('is overdue once the next candle should have closed and the grace is over', () => {
    const track = liveTrack(0);
    expect(track.isOverdue(2 * MINUTE + 4_999, 5_000)).toBe(false);
    expect(track.isOverdue(2 * MINUTE + 5_000, 5_000)).toBe(true);
  });
});

describe('historyFault', () => {
  it('finds nothing wrong with ascending sound candles up to the newest', () => {
    expect(historyFault([candle(0), candle(MINUTE)], MINUTE, MINUTE)).toBeNull();
  });

  it.each([
    ['no candle', [], 'no closed candle was served'],
    ['a gap', [candle(0), candle(2 * MINUTE)], 'gap between 0 and 120000'],
    ['a repeated candle', [candle(0), candle(0)], 'gap between 0 and 0'],
    ['an unsound candle', [candle(0, { low: 20 })], 'candle of 0 is unsound: low-above-body'],
    ['a history that ends too early', [candle(0)], 'newest candle is 0, expected 120000'],
  ])('names %s', (_name, candles, fault) => {
    expect(historyFault(candles, MINUTE, 2 * MINUTE)).toBe(fault);
  });
});
