import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Portfolio } from '../backtest/filter-worth/added-worth.ts';
import type { BlockedCandidate } from '../backtest/filter-worth/blocked-candidates.ts';
import { HeldTrades } from '../backtest/filter-worth/held-trades.ts';
import type { SoloTrade } from '../backtest/filter-worth/solo-trade.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
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
/** Of every instrument; the engine's is of each. */
let hash: string;
let portfolio: Portfolio;
let timeframe: Timeframe;
let service: FilterWorthService;

beforeEach(() => {
  time = new VirtualTime(NOW_MS);
  store = openStore({ file: ':memory:', time });
  priced = [];
  isOpen = false;
  version = 1;
  hash = 'a';
  portfolio = { held: new HeldTrades([]), positionsMax: 5, exposureMaxUsdt: 1_000 };
  timeframe = '6h';
  service = started();
});
afterEach(() => store.close());

/** A service over the store as it is. */
function started(): FilterWorthService {
  return new FilterWorthService({
    decisions: store,
    log: store.filterWorths,
    time,
    timeframe: () => timeframe,
    settingsVersion: () => version,
    settingsHash: () => hash,
    price,
    portfolio: async () => portfolio,
  });
}

/** A loss of one that lasts a candle. */
function price(candidate: BlockedCandidate): SoloTrade {
  priced.push(candidate);
  return { pnlUsdt: -1, notionalUsdt: 10, endMs: candidate.timeMs + SIX_HOURS, isOpen };
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
  it('is unknown before the first run', async () => {
    expect(await service.newest()).toMatchObject({ timeframe: '6h', judgedMs: null, filters: [] });
  });

  it('rests on the last word that was stored of each signal', async () => {
    await store.addDecisions([decision(9, ['trend']), decision(9, []), decision(5, ['trend', 'scope'])]);
    await store.addDecisions([decision(3, ['trend'])]);
    await run();
    expect(priced.map(({ timeMs }) => (NOW_MS - timeMs) / SIX_HOURS)).toEqual([5, 3]);
    const { blocked, pending, filters } = await service.newest();
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
    expect((await service.newest()).blocked).toBe(1);
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
    expect([priced.length, (await service.newest()).pending]).toEqual([0, 1]);
    await time.advance(SIX_HOURS);
    await run();
    expect([priced.length, (await service.newest()).pending]).toEqual([1, 0]);
  });

  it('prices anew what other settings concern, and says that it is old until then', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await run();
    version = 2;
    expect(await service.newest()).toMatchObject({ blocked: 1, settingsVersion: 1, stale: true });
    await run();
    expect(priced).toHaveLength(1);
    expect(await service.newest()).toMatchObject({ settingsVersion: 2, stale: false });
    [version, hash] = [3, 'b'];
    await run();
    expect(priced).toHaveLength(2);
  });

  it('begins anew with another timeframe, and knows the first one when it comes back', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await run();
    timeframe = '1h';
    expect(await service.newest()).toMatchObject({ timeframe: '1h', judgedMs: null });
    await run();
    expect([priced.length, (await service.newest()).blocked]).toEqual([1, 0]);
    timeframe = '6h';
    expect((await service.newest()).blocked).toBe(1);
    await run();
    expect([priced.length, (await service.newest()).blocked]).toEqual([1, 1]);
  });

  it('survives a start: what was judged is there at once, and nothing is priced again', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await run();
    const before = await service.newest();
    service = started();
    expect(await service.newest()).toEqual(before);
    await store.addDecisions([decision(3, ['trend'])]);
    await run();
    expect(priced.map(({ timeMs }) => (NOW_MS - timeMs) / SIX_HOURS)).toEqual([5, 3]);
    expect((await service.newest()).blocked).toBe(2);
  });

  it('outlasts the candles it was priced on, not a year', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await run();
    await time.advance(900 * SIX_HOURS);
    await run();
    expect([priced.length, (await service.newest()).blocked]).toEqual([1, 1]);
    hash = 'b';
    await run();
    expect([priced.length, (await service.newest()).blocked]).toEqual([1, 0]);
    expect(await store.filterWorths.trades('6h')).toEqual([]);
  });

  it('forgets a signal that was ordered after all', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await run();
    await store.addDecisions([decision(5, [])]);
    await run();
    expect((await service.newest()).blocked).toBe(0);
    expect(await store.filterWorths.trades('6h')).toEqual([]);
  });

  it('tells what each entry would have changed beside what was traded', async () => {
    const taken = {
      instrumentId: 'ETHUSDT' as InstrumentId,
      openedMs: NOW_MS - 4.5 * SIX_HOURS,
      closedMs: NOW_MS - 2 * SIX_HOURS,
      notionalUsdt: 10,
      pnlUsdt: 6,
    };
    portfolio = { held: new HeldTrades([taken]), positionsMax: 1, exposureMaxUsdt: 1_000 };
    await store.addDecisions([decision(5, ['trend']), decision(3, ['trend'])]);
    await run();
    const { filters } = await service.newest();
    // The first lost 1 and kept out the 6; the second found no slot.
    expect(filters[0]?.added).toMatchObject({ entered: 1, noRoom: 1, displaced: 1, totalSavedUsdt: 7 });
    expect(filters[0]?.alone).toMatchObject({ trades: 2, totalSavedUsdt: 2 });
  });

  it('forgets signals of which the candles are no longer held', async () => {
    await store.addDecisions([decision(751, ['trend']), decision(749, ['trend'])]);
    await run();
    expect((await service.newest()).blocked).toBe(1);
  });

  it('stops pricing when it is told to end', async () => {
    await store.addDecisions([decision(5, ['trend'])]);
    await service.run(AbortSignal.abort());
    expect([priced.length, (await service.newest()).judgedMs]).toEqual([0, null]);
  });
});
