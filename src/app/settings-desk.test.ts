import { expect, it } from 'vitest';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import type { InstrumentPatch } from '../core/engine/settings.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { SettingsDesk } from './settings-desk.ts';
import { currentSettings } from './settings-history.ts';
import { SettingsService } from './settings-service.ts';

const maria = { name: 'maria', role: 'admin' } as const;

it("a bot's settings made for another version of the settings are refused and change nothing", async () => {
  const store = openStore({ file: ':memory:', time: new VirtualTime(1) });
  const configured: InstrumentPatch[] = [];
  const service = new SettingsService({
    store,
    nowMs: () => 1,
    current: await currentSettings(store, 1, null),
    bots: () => [],
    listed: () => [],
    putInForce: () => ({ accepted: true, message: '' }),
  });
  const desk = new SettingsDesk({
    service,
    find: parseInstrumentId,
    hasBot: () => true,
    botPatch: () => ({}),
    searchedPatch: () => ({}),
    configureBot: (_id, settings) => {
      configured.push(settings);
      return { accepted: true, message: 'done' };
    },
  });
  const patch = { risk: { leverage: 2 } };
  const configure = (expectedVersion: number | null) =>
    desk.edit(
      { kind: 'configure-bot', symbol: 'BTCUSDT', patch },
      { actor: maria, reason: '', expectedVersion, dryRun: false },
    );
  expect(await configure(9)).toEqual({ ok: false, kind: 'version-changed', version: 1 });
  expect(configured).toEqual([]);
  expect(await configure(1)).toMatchObject({ ok: true });
  expect(await configure(null)).toMatchObject({ ok: true });
  expect(configured).toEqual([patch, patch]);
  await store.close();
});
