import { describe, expect, test } from 'vitest';
import type { Status } from '../../../src/api/status.ts';
import { Freshness } from './freshness.ts';

/** Only the part a freshness reads. */
function status(lastMessageAgeMs: number | null): Status {
  return {
    service: 'bots',
    version: '0',
    startedMs: 0,
    timeMs: 0,
    place: 'demo',
    exchange: 'bybit',
    timeframe: '6h',
    notice: null,
    mode: 'ready',
    halt: null,
    modeSinceMs: 0,
    modeReasons: [],
    modeReason: '',
    account: null,
    market: { instruments: 1, ready: 1, failed: 0, streamUp: true, lastMessageAgeMs },
    rate: { usedInWindow: 0, limitPerWindow: 1, windowMs: 1, waiting: 0, bannedUntilMs: null },
    orders: { unresolved: 0, surprises: 0, lastSurpriseMs: null, frozen: [] },
    counters: {},
  };
}

describe('freshness', () => {
  test('knows no age before the first word', () => {
    const freshness = new Freshness();
    freshness.statusSeen(status(null), 1000);
    expect(freshness.ageMs(9000)).toBeNull();
  });

  test('counts on from the age the server told', () => {
    const freshness = new Freshness();
    freshness.statusSeen(status(200), 1000);
    expect(freshness.ageMs(4000)).toBe(3200);
  });

  test('rows that arrive prove the market alive between two words of the server', () => {
    const freshness = new Freshness();
    freshness.statusSeen(status(200), 1000);
    freshness.rowsSeen(60_000);
    expect(freshness.ageMs(60_400)).toBe(400);
  });

  test('a stuck stream makes figures old although the server says its feed is fine', () => {
    const freshness = new Freshness();
    freshness.rowsSeen(1000);
    freshness.statusSeen(status(50), 20_000);
    expect(freshness.ageMs(20_000)).toBe(19_000);
  });

  test('a quiet market is not an old one while the stream speaks', () => {
    const freshness = new Freshness();
    freshness.rowsSeen(1000);
    freshness.streamSeen(30_000);
    freshness.statusSeen(status(700), 30_000);
    expect(freshness.ageMs(30_100)).toBe(800);
  });

  test('rows do not overrule a server that says its feed is old', () => {
    const freshness = new Freshness();
    freshness.statusSeen(status(8000), 1000);
    freshness.rowsSeen(1500);
    expect(freshness.ageMs(2000)).toBe(9000);
  });
});
