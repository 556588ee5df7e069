import { expect, it } from 'vitest';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';

const NOW_MS = 1_767_312_000_000;

const settings = {
  settingsJson: '{"global":{}}',
  author: 'maria',
  reason: 'brought along',
  createdMs: NOW_MS,
};
const search = {
  instrumentId: 'BTCUSDT',
  timeframe: '6h',
  verdict: 'not-enough',
  shortLength: 20,
  longLength: 60,
  settingsHash: 'elsewhere',
  lastMs: 0,
  searchedMs: NOW_MS,
  evidenceJson: '{}',
} as const;

it('what is brought from elsewhere is stored in one commit', async () => {
  const store = openStore({ file: ':memory:', time: new VirtualTime(NOW_MS) });
  const lease = { accountId: 'demo', epoch: await store.takeEpoch('demo', NOW_MS) };
  const state = { lease, stateJson: '"brought"', savedMs: NOW_MS };
  expect(await store.addImported({ settings, state, emaSearches: [search] })).toBe(1);
  expect(await store.latestSettings()).toEqual({ version: 1, ...settings });
  expect(await store.loadTradingState('demo')).toBe('"brought"');
  expect(await store.emaSearches.list('6h')).toEqual([search]);
  expect(await store.addImported({ settings: null, state: null, emaSearches: [] })).toBeNull();
  await store.close();
});

it('nothing of it is stored when the account is another’s now', async () => {
  const store = openStore({ file: ':memory:', time: new VirtualTime(NOW_MS) });
  const old = { accountId: 'demo', epoch: await store.takeEpoch('demo', NOW_MS) };
  await store.takeEpoch('demo', NOW_MS);
  const state = { lease: old, stateJson: '"brought"', savedMs: NOW_MS };
  await expect(store.addImported({ settings, state, emaSearches: [search] })).rejects.toMatchObject({
    kind: 'lease-lost',
  });
  expect(await store.latestSettings()).toBeNull();
  expect(await store.loadTradingState('demo')).toBeNull();
  expect(await store.emaSearches.list('6h')).toEqual([]);
  await store.close();
});
