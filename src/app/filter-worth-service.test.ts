import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlockedCandidate } from '../backtest/filter-worth/blocked-candidates.ts';
import type { SoloTrade } from '../backtest/filter-worth/solo-trade.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { SqlStore } from '../store/sql-store.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { FilterWorthService } from './filter-worth-service.ts';

const SIX_HOURS = 21_600_000;
const NOW_MS = 1_000 * SIX_HOURS;
const NEVER_ABORTED = new AbortController().signal;

let time: VirtualTime;
let store: SqlStore;
let priced: BlockedCandidate[];
let isOpen: boolean;
let version: number;
let timeframe: Timeframe;
let service: FilterWorthService;

beforeEach(() => {
  time = new VirtualTime(NOW_MS);
  store = openStore({ file: ':memory:', time });
  priced = [];
  isOpen = false;
  version = 1;
  timeframe = '6h';
  service = new FilterWorthService({
    decisions: store,
    time,
    timeframe: () => timeframe,
    settingsVersion: () => version,
    price,
  });
});
afterEach(() => store.close());

/** A loss of one that lasts a candle. */
function price(candidate: BlockedCandidate): SoloTrade {
  priced.push(candidate);
  return { pnlUsdt: -1, endMs: candidate.timeMs + SIX_HOURS, isOpen };
}

/** A decision on the candle that closed so many candles ago. */
function decision(candlesAgo: number, vetoes: readonly string[], more: Record<string, unknown> = {}) {
  const signal = {
    kind: 'enter-long',
    timeframe: '6h',
    candleOpenTimeMs: NOW_MS - (candlesAgo + 1) * SIX_HOURS,
  };
  const timeMs = NOW_MS - candlesAgo * SIX_HOURS;
  const verdicts = vetoes.map((filter) => ({ kind: 'veto', filter, code: `filter.${filter}.x` }));
  const outcome = vetoes.length === 0 ? 'ordered' : 'vetoed';
  const record = { instrumentId: 'BTCUSDT', timeMs, signal, verdicts, outcome, refusal: null, ...more };
  const row = { timeMs, instrumentId: 'BTCUSDT', timeframe: '6h', outcome, signal: 'enter-long' };
  return { ...row, recordJson: JSON.stringify(record) };
}

async function run(): Promise<void> {
  const running = service.run(NEVER_ABORTED);
  for (let turn = 0; turn < 40; turn += 1) await time.advance(20);
  await running;
}

describe('the worth of filters in a running service', () => {
  it('is unknown before the first run', () => {
    expect(service.newest()).toMatchObject({ timeframe: '6h', judgedMs: null, filters: [] });
  });

  it('rests on the last word that was stored of each signal', async () => {
    await store.addDecisions([decision(9, ['trend']), decision(9, []), decision(5, ['trend', 'scope'])]);
    await store.addDecisions([decision(3, ['trend'])]);
    await run();
    expect(priced.map(({ timeMs }) => (NOW_MS - timeMs) / SIX_HOURS)).toEqual([5, 3]);
    const { blocked, pending, filters } = service.newest();
    expect([blocked, pending]).toEqual([2, 0]);
    expect(filters.find(({ filter }) => filter === 'trend')).toMatchObject({
      verdict: 'not-enough-data',
      alone: { trades: 1, totalSavedUsdt: 1 },
      shared: { trades: 1, totalSavedUsdt: 1 },
    });
  });

  it('leaves out what was refused for another reason, except that nobody trades the coin', async () => {
    const refusedBy = (code: string) => ({ refusal: { code } });
    await store.addDecisions([
      decision(5, ['trend'], refusedBy('engine.entry.foreign-position')),
      decision(3, ['trend'], refusedBy('engine.entry.no-bot')),
    ]);
    await run();
    expect(service.newest().blocked).toBe(1);
  });

  it('prices each entry once, an unfinished one again when more candles are there', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    isOpen = true;
    await run();
    await store.addDecisions([decision(3, ['trend'])]);
    await run();
    expect(priced).toHaveLength(2);
    isOpen = false;
    await time.advance(13 * SIX_HOURS);
    await run();
    await run();
    expect(priced).toHaveLength(4);
  });

  it('waits for the candle an entry would have been filled in', async () => {
    await store.addDecisions([decision(1, ['trend'])]);
    await run();
    expect([priced.length, service.newest().pending]).toEqual([0, 1]);
    await time.advance(SIX_HOURS);
    await run();
    expect([priced.length, service.newest().pending]).toEqual([1, 0]);
  });

  it('starts anew with other settings or another timeframe', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await run();
    version = 2;
    await run();
    expect(priced).toHaveLength(2);
    timeframe = '1h';
    expect(service.newest()).toMatchObject({ timeframe: '1h', judgedMs: null });
    await run();
    expect([priced.length, service.newest().blocked]).toEqual([2, 0]);
  });

  it('forgets signals of which the candles are no longer held', async () => {
    await store.addDecisions([decision(751, ['trend']), decision(749, ['trend'])]);
    await run();
    expect(service.newest().blocked).toBe(1);
  });

  it('stops pricing when it is told to end', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await service.run(AbortSignal.abort());
    expect([priced.length, service.newest().judgedMs]).toEqual([0, null]);
  });
});
