import { describe, expect, it } from 'vitest';
import { DEFAULT_TRADING_SETTINGS } from '../core/engine/settings.ts';
import { EMPTY_DOCUMENT } from '../core/engine/settings-document.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { currentSettings } from './settings-history.ts';

function memoryStore() {
  return openStore({ file: ':memory:', time: new VirtualTime(1_000) });
}

describe('currentSettings', () => {
  it('stores the defaults as version 1 on the first start', async () => {
    const store = memoryStore();
    expect(await currentSettings(store, 5, null)).toEqual({
      version: 1,
      document: EMPTY_DOCUMENT,
      settings: DEFAULT_TRADING_SETTINGS,
      instruments: new Map(),
    });
    expect((await store.latestSettings())?.reason).toBe('first start');
  });

  it('keeps the stored version when nothing else is asked for', async () => {
    const store = memoryStore();
    await currentSettings(store, 5, '1m');
    expect((await currentSettings(store, 6, '1m')).version).toBe(1);
    expect((await currentSettings(store, 7, null)).settings.timeframe).toBe('1m');
  });

  it('adds a version when another timeframe is asked for', async () => {
    const store = memoryStore();
    await currentSettings(store, 5, null);
    const changed = await currentSettings(store, 6, '1h');
    expect(changed).toMatchObject({ version: 2, settings: { ...DEFAULT_TRADING_SETTINGS, timeframe: '1h' } });
    expect(changed.document.global).toEqual({ timeframe: '1h' });
  });

  it('reads whole settings, as they were stored before there were layers', async () => {
    const store = memoryStore();
    const whole = { ...DEFAULT_TRADING_SETTINGS, risk: { positionNotionalUsdt: 50, leverage: 1 } };
    const row = { author: 'x', reason: '', createdMs: 1 };
    await store.addSettings({ ...row, settingsJson: JSON.stringify(whole) });
    expect(await currentSettings(store, 5, null)).toMatchObject({
      version: 1,
      document: { global: { risk: { positionNotionalUsdt: 50 } }, instruments: {} },
      settings: { risk: { positionNotionalUsdt: 50, positionsMax: 5 } },
    });
  });

  it('refuses to replace settings it cannot read by defaults', async () => {
    const store = memoryStore();
    await store.addSettings({ settingsJson: '{"timeframe":"7h"}', author: 'x', reason: '', createdMs: 1 });
    await expect(currentSettings(store, 5, null)).rejects.toThrow('Version 1 of the settings cannot be read');
  });
});
