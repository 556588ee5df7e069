import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { candlesOf, randomCloses, wavyCloses } from '../../test/fixture/searched-candles.ts';
import type { SearchedCandles } from '../backtest/optimal-ema/signals.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import { type SignalSettings, signalSettingsSchema } from '../core/signal/settings.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { SqlStore } from '../store/sql-store.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { OptimalEmaService } from './optimal-ema-service.ts';

const WAVY = 'WAVYUSDT' as InstrumentId;
const DICE = 'DICEUSDT' as InstrumentId;
const DEAF = 'DEAFUSDT' as InstrumentId;
const SIX_HOURS = 21_600_000;
const NEVER_ABORTED = new AbortController().signal;

let time: VirtualTime;
let store: SqlStore;
let candles: Map<InstrumentId, SearchedCandles>;
let signal: SignalSettings;
let told: number;
let mayRead: boolean;
let service: OptimalEmaService;

beforeEach(() => {
  time = new VirtualTime(1_000);
  store = openStore({ file: ':memory:', time });
  signal = signalSettingsSchema.parse({ rsiLength: 5 });
  told = 0;
  mayRead = true;
  candles = new Map([
    [WAVY, candlesOf(wavyCloses(3_000, 1))],
    [DICE, candlesOf(randomCloses(2_500, 1))],
  ]);
  service = serviceOn();
});
afterEach(() => store.close());

function serviceOn(): OptimalEmaService {
  return new OptimalEmaService({
    log: store.emaSearches,
    time,
    timeframe: () => '6h',
    instruments: () => [...candles.keys()],
    newestMs: (id) => {
      const known = candles.get(id);
      return known === undefined ? null : (known.count - 1) * SIX_HOURS;
    },
    history: async (id) => (id === DEAF ? null : (candles.get(id) ?? null)),
    mayRead: () => mayRead,
    signalOf: () => signal,
    onPairs: async () => {
      told += 1;
    },
  });
}

/** A run of the background job; pauses pass in virtual time. */
async function run(of: OptimalEmaService = service): Promise<void> {
  const ended = of.searchStale(NEVER_ABORTED);
  await time.advance(1_000);
  await ended;
}

const searchedMs = async () =>
  Object.fromEntries((await service.list()).map((row) => [row.instrumentId, row.searchedMs]));

describe('the background search', () => {
  it('searches what was never searched, and keeps the evidence', async () => {
    await run();
    const rows = await service.list();
    expect(rows.map(({ instrumentId, verdict }) => [instrumentId, verdict])).toEqual([
      [DICE, 'no-better'],
      [WAVY, 'better'],
    ]);
    expect(JSON.parse(rows[1]?.evidenceJson ?? '{}')).toMatchObject({ candles: 3_000, firstMs: 0 });
    expect(await store.emaSearches.list('6h')).toEqual(rows);
    expect(told, 'what was stored before, then what was found').toBe(2);
  });

  it('gives only the pairs that proved better, and after a restart from the store', async () => {
    await run();
    const [, wavy] = await service.list();
    const pairs = [[WAVY, { shortLength: wavy?.shortLength, longLength: wavy?.longLength }]];
    expect([...service.pairs()]).toEqual(pairs);
    const next = serviceOn();
    expect([...next.pairs()]).toEqual([]);
    await next.list();
    expect([...next.pairs()]).toEqual(pairs);
  });

  it('leaves a fresh result alone and searches again after 28 candles', async () => {
    await run();
    const first = await searchedMs();
    candles.set(DICE, candlesOf(randomCloses(2_527, 1)));
    await run();
    expect(await searchedMs()).toEqual(first);
    candles.set(DICE, candlesOf(randomCloses(2_528, 1)));
    await run();
    const last = await searchedMs();
    expect(last[WAVY]).toBe(first[WAVY]);
    expect(last[DICE]).toBeGreaterThan(first[DICE] ?? Number.NaN);
  });

  it('drops a pair at once when the settings it was searched under have changed, and searches again', async () => {
    await run();
    const first = await searchedMs();
    signal = signalSettingsSchema.parse({ rsiLength: 6 });
    expect([...service.pairs()]).toEqual([]);
    await run();
    expect((await searchedMs())[WAVY]).toBeGreaterThan(first[WAVY] ?? Number.NaN);
  });

  it('asks the exchange for nothing while it may not, and leaves what cannot be read for later', async () => {
    mayRead = false;
    await run();
    expect(await service.list()).toEqual([]);
    mayRead = true;
    candles.set(DEAF, candlesOf(randomCloses(2_500, 2)));
    await run();
    expect((await service.list()).map(({ instrumentId }) => instrumentId)).toEqual([DICE, WAVY]);
  });

  it('ends between two instruments when it is asked to', async () => {
    const abort = new AbortController();
    abort.abort();
    await service.searchStale(abort.signal);
    expect(await service.list()).toEqual([]);
  });
});

describe('a search by a person', () => {
  it('gives the fresh result there is unless it is forced', async () => {
    const first = await service.search(DICE, false);
    await time.advance(5);
    expect(await service.search(DICE, false)).toEqual(first);
    expect((await service.search(DICE, true))?.searchedMs).toBe(1_005);
  });

  it('of an instrument without candles finds nothing', async () => {
    expect(await service.search('XRPUSDT' as InstrumentId, true)).toBeNull();
    expect(await service.of(DICE)).toBeNull();
  });
});
