import { describe, expect, it } from 'vitest';
import { BTC, ETH, HISTORY_LENGTH, instrument, SOL, Story, TROUGH_RSI, waves } from './story.ts';

/** Six waves that stop `candles` before their trough: RSI is on its way down. */
function beforeTrough(candles: number): number[] {
  return waves(HISTORY_LENGTH + candles, 'trough').slice(0, HISTORY_LENGTH);
}

/** RSI after so many falls from a peak: each takes a fourteenth of the share of gains. */
function falling(falls: number): number {
  return (100 - TROUGH_RSI) * (13 / 14) ** falls;
}

describe('the instruments closest to an entry', () => {
  it('are ranked by distance to the nearer level, those at a signal first', () => {
    const story = new Story();
    story.begin(instrument(BTC), instrument(ETH), instrument(SOL));
    story.candles(BTC, beforeTrough(10));
    story.candles(ETH, waves(HISTORY_LENGTH, 'trough'));
    story.candles(SOL, beforeTrough(17));
    const closest = story.engine.closestToEntry(3, story.nowMs);
    expect(closest.map(({ facts }) => facts.instrumentId)).toEqual([ETH, SOL, BTC]);
    expect(closest.map(({ direction }) => direction)).toEqual(['long', 'short', 'long']);
    expect(closest.map(({ distance }) => distance)).toEqual([
      expect.closeTo(TROUGH_RSI - 29, 4),
      expect.closeTo(71 - falling(3), 4),
      expect.closeTo(falling(10) - 29, 4),
    ]);
    expect(story.engine.closestToEntry(1, story.nowMs)).toHaveLength(1);
  });

  it('are judged as if they were at the signal, and the outcome says that they are not', () => {
    const story = new Story({ filter: { blacklist: [BTC] } });
    story.begin(instrument(BTC));
    story.candles(BTC, beforeTrough(10));
    const [nearest] = story.engine.closestToEntry(5, story.nowMs);
    expect(nearest?.record.outcome).toBe('no-signal');
    const vetoes = nearest?.record.verdicts.filter(({ kind }) => kind === 'veto').map(({ code }) => code);
    expect(vetoes).toContain('filter.scope.blacklisted');
    expect(vetoes).toContain('filter.rsi-recheck.gone');
    expect(nearest?.record.refusal?.code).toBe('engine.entry.no-bot');
  });
});
