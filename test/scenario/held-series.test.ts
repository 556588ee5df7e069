import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/core/domain/candle.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  HISTORY_LENGTH,
  holding,
  instrument,
  START_MS,
  Story,
  settings,
  waves,
} from './story.ts';

const HALF_DAY_MS = 2 * CANDLE_MS;
const ENTRY_MS = START_MS + HISTORY_LENGTH * CANDLE_MS;
const EXIT = ['rsi-exit: sell 0.1 BTCUSDT reduce-only', 'explain BTCUSDT exit-ordered'];

/** Ten 6h candles up by 1 after the trough lift its RSI to 61.2, beyond the exit at 60; nine leave it at 58.2. */
const RISING = candlesOf(
  Array.from({ length: 10 }, (_, index) => 101 + index),
  ENTRY_MS,
);

/** A long opened on 6h candles whose settings read signals on 12h candles since, with a history of a peak. */
function moved(): { readonly story: Story; readonly said: readonly string[] } {
  const story = holding();
  const said = story.command({ kind: 'configure', settings: settings({ timeframe: '12h' }), version: 2 });
  const half = candlesOf(waves(HISTORY_LENGTH, 'peak'), ENTRY_MS - 240 * HALF_DAY_MS, HALF_DAY_MS);
  story.say({ kind: 'candle-history', instrumentId: BTC, timeframe: '12h', candles: half });
  return { story, said };
}

function restarted(story: Story, market: 'with its market' | 'without its market'): Story {
  const snapshot = story.engine.snapshot();
  const kept = market === 'with its market' ? snapshot : { ...snapshot, market: null };
  const next = new Story();
  next.engine.restore(parseEngineSnapshot(JSON.parse(JSON.stringify(kept)))!);
  next.nowMs = story.nowMs;
  next.say({ kind: 'lease', accountId: 'demo', epoch: 2 });
  if (market === 'without its market') next.say({ kind: 'instrument', instrument: instrument(BTC) });
  return next;
}

function lastOf(candles: readonly Candle[]): Candle {
  const last = candles.at(-1);
  if (last === undefined) throw new Error('There are candles.');
  return last;
}

describe('a position on another timeframe than the scanned one', () => {
  it('keeps its series when the scan moves, says nothing of waiting, and leaves by RSI on its own candles', () => {
    const { story, said } = moved();
    expect(said).toEqual(['info engine.settings.timeframe -', 'info engine.command.accepted -']);
    expect(story.engine.scanRow(BTC)).toMatchObject({ timeframe: '12h', candleCount: HISTORY_LENGTH });
    for (const candle of RISING.slice(0, -1)) expect(story.close(BTC, candle)).toEqual([]);
    expect(story.close(BTC, lastOf(RISING))).toEqual(EXIT);
  });

  it('does not leave on a candle of the scanned timeframe, however far its RSI has come', () => {
    const { story } = moved();
    const half = candlesOf([121], ENTRY_MS, HALF_DAY_MS);
    const said = story.close(BTC, lastOf(half), '12h');
    expect(said).toEqual(['explain BTCUSDT hold engine.entry.occupied']);
    expect(story.engine.scanRow(BTC)?.rsi).toBeGreaterThan(80);
    expect(story.engine.positions()).toMatchObject([{ state: 'open', timeframe: '6h' }]);
  });

  it('explains the exit with the signal it was decided on', () => {
    const { story } = moved();
    for (const candle of RISING.slice(0, -1)) story.close(BTC, candle);
    const decisions = story.engine.step({
      kind: 'candle-closed',
      timeMs: lastOf(RISING).openTimeMs + CANDLE_MS,
      instrumentId: BTC,
      timeframe: '6h',
      candle: lastOf(RISING),
    });
    const explained = decisions.find((decision) => decision.kind === 'explain');
    expect(explained?.record).toMatchObject({ timeframe: '6h', signal: { rsi: expect.closeTo(61.2, 1) } });
  });

  it.each(['with its market', 'without its market'] as const)(
    'leaves all the same after a restart %s',
    (how) => {
      const { story } = moved();
      for (const candle of RISING.slice(0, 4)) story.close(BTC, candle);
      const next = restarted(story, how);
      if (how === 'without its market') {
        const candles = [...candlesOf(waves(HISTORY_LENGTH, 'trough')), ...RISING.slice(0, 4)];
        expect(next.say({ kind: 'candle-history', instrumentId: BTC, timeframe: '6h', candles })).toEqual([]);
      }
      for (const candle of RISING.slice(4, -1)) expect(next.close(BTC, candle)).toEqual([]);
      expect(next.close(BTC, lastOf(RISING))).toEqual(EXIT);
    },
  );

  it('waits behind a gap for the history and decides on its newest candle', () => {
    const { story } = moved();
    for (const candle of RISING.slice(0, -2)) story.close(BTC, candle);
    expect(story.close(BTC, lastOf(RISING))).toEqual(['warning engine.candle.gap BTCUSDT']);
    const candles = [...candlesOf(waves(HISTORY_LENGTH, 'trough')), ...RISING];
    const repair = { kind: 'candle-history', instrumentId: BTC, timeframe: '6h', candles } as const;
    expect(story.say(repair)).toEqual(EXIT);
  });

  it('decides on no candle twice when a history brings nothing new', () => {
    const { story } = moved();
    for (const candle of RISING) story.close(BTC, candle);
    story.order(story.orderId(2), 'rejected');
    const candles = [...candlesOf(waves(HISTORY_LENGTH, 'trough')), ...RISING];
    expect(story.say({ kind: 'candle-history', instrumentId: BTC, timeframe: '6h', candles })).toEqual([]);
  });

  it('tells once that its exit waits when its own candles are lost, and nothing of a loss of scanned ones', () => {
    const { story } = moved();
    const lost = { kind: 'feed-lost', instrumentId: BTC, reason: 'a closed candle is late' } as const;
    expect(story.say({ ...lost, timeframe: '12h' })).toEqual([]);
    expect(story.say({ ...lost, timeframe: '6h' })).toEqual([
      'warning engine.position.rsi-exit-waits BTCUSDT',
    ]);
    expect(story.say({ ...lost, timeframe: '6h' })).toEqual([]);
    story.say({ kind: 'feed-restored', instrumentId: BTC, timeframe: '6h' });
    expect(story.say({ ...lost, timeframe: '6h' })).toEqual([
      'warning engine.position.rsi-exit-waits BTCUSDT',
    ]);
  });

  it('tells once that its exit waits when the whole feed is lost', () => {
    const { story } = moved();
    const lost = { kind: 'feed-lost', instrumentId: null, timeframe: null, reason: 'socket closed' } as const;
    expect(story.say(lost)).toEqual(['warning engine.position.rsi-exit-waits BTCUSDT']);
    expect(story.say(lost)).toEqual([]);
    expect(story.say({ ...lost, instrumentId: BTC, timeframe: '6h' })).toEqual([]);
  });

  it('lets the return of its own candles bring back nothing else', () => {
    const { story } = moved();
    story.say({ kind: 'feed-lost', instrumentId: BTC, timeframe: '12h', reason: 'silent' });
    story.say({ kind: 'feed-restored', instrumentId: BTC, timeframe: '6h' });
    expect(story.engine.scanRow(BTC)?.blockers).toContain('filter.data.feed-lost');
    story.say({ kind: 'feed-restored', instrumentId: BTC, timeframe: '12h' });
    expect(story.engine.scanRow(BTC)?.blockers).not.toContain('filter.data.feed-lost');
  });

  it('is scanned on again without a new history when the settings go back', () => {
    const { story } = moved();
    for (const candle of RISING.slice(0, -1)) story.close(BTC, candle);
    story.command({ kind: 'configure', settings: settings(), version: 3 });
    expect(story.engine.scanRow(BTC)).toMatchObject({ timeframe: '6h', candleCount: HISTORY_LENGTH + 9 });
    expect(story.close(BTC, lastOf(RISING))).toEqual(EXIT);
  });

  it('gives its series up with the position', () => {
    const { story } = moved();
    story.fill({ fillId: 'f2', side: 'sell', price: '85', quantity: '0.1', cause: 'stop-loss' });
    expect(story.engine.snapshot().market?.instruments).toMatchObject([{ held: null }]);
    expect(story.close(BTC, RISING[0]!)).toEqual([]);
  });

  it('does not leave on a candle that closed before it was opened, whatever a restart reads again', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    const peak = waves(HISTORY_LENGTH, 'peak');
    story.candles(BTC, peak);
    story.account();
    story.wait(60_000).price(BTC, 120);
    story.command({ kind: 'enter', instrumentId: BTC, direction: 'long', force: true });
    story.fill({ clientOrderId: story.orderId(1), price: '120', quantity: '0.083' });
    const next = restarted(story, 'without its market');
    const history = { kind: 'candle-history', instrumentId: BTC, timeframe: '6h' } as const;
    expect(next.say({ ...history, candles: candlesOf(peak) })).toEqual([]);
    expect(next.engine.positions()).toMatchObject([{ state: 'open' }]);
    const after = candlesOf([121], ENTRY_MS);
    expect(next.close(BTC, lastOf(after)), 'the next candle speaks').toContain(
      'rsi-exit: sell 0.083 BTCUSDT reduce-only',
    );
  });
});
