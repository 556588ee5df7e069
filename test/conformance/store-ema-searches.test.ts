import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import type { SqlStore } from '../../src/store/sql-store.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { EmaSearchRow } from '../../src/store/store.ts';

let store: SqlStore;
beforeEach(() => {
  store = openStore({ file: ':memory:', time: new VirtualTime(1) });
});
afterEach(() => store.close());

function search(change: Partial<EmaSearchRow> = {}): EmaSearchRow {
  return {
    instrumentId: 'BTCUSDT',
    timeframe: '6h',
    verdict: 'better',
    shortLength: 21,
    longLength: 55,
    settingsHash: 'abc',
    lastMs: 100,
    searchedMs: 200,
    evidenceJson: '{"pairsTried":3}',
    ...change,
  };
}

it('searches of one timeframe are listed in order of instrument', async () => {
  const sol = search({ instrumentId: 'SOLUSDT', verdict: 'not-enough', shortLength: null, longLength: null });
  for (const row of [sol, search(), search({ timeframe: '1h' })]) await store.emaSearches.save(row);
  expect(await store.emaSearches.list('6h')).toEqual([search(), sol]);
  expect(await store.emaSearches.list('1d')).toEqual([]);
});

it('a later search of an instrument and timeframe takes the place of the one before', async () => {
  await store.emaSearches.save(search());
  const later = search({ verdict: 'no-better', shortLength: 9, lastMs: 101, searchedMs: 300 });
  await store.emaSearches.save(later);
  expect(await store.emaSearches.list('6h')).toEqual([later]);
});
