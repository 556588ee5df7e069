import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { intent } from '../../test/conformance/store-rows.ts';
import { PREDECESSOR, predecessorTexts } from '../../test/fixture/predecessor-files.ts';
import { ensure } from '../core/base/assert.ts';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import { Engine } from '../core/engine/engine.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';
import { exportPredecessor, importPredecessor } from './predecessor-commands.ts';
import { parseRemembered } from './remembered-state.ts';

const terms = { account: 'demo', dryRun: false };
let config: AppConfig;
let folder: string;
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'infobot-predecessor-'));
  folder = join(root, 'old');
  mkdirSync(folder);
  config = {
    home: join(root, 'home'),
    host: '127.0.0.1',
    webPort: 1,
    botsPort: 1,
    venuePort: 1,
    logLevel: 'error',
    logFormat: 'json',
    journalDays: 7,
    journalMb: 2_048,
  };
});

function write(files: Parameters<typeof predecessorTexts>[0] = PREDECESSOR): void {
  for (const [file, text] of predecessorTexts(files)) writeFileSync(join(folder, file), text);
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore({ file: join(config.home, 'trading.db'), time: systemTime });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What a start of the bots service would remember. */
async function remembered(): Promise<Engine | null> {
  const stored = await withStore((store) => store.loadTradingState('demo'));
  if (stored === null) return null;
  const engine = new Engine({ settings: parseRemembered(stored).trading.settings, settingsVersion: 0 });
  engine.restore(parseRemembered(stored));
  return engine;
}

describe('an import', () => {
  it('stores one version with its author, paused bots and pairs to be seen, and nothing that trades', async () => {
    write();
    const outcome = await importPredecessor(config, folder, terms);
    expect(outcome).toMatchObject({ bots: ['SOLUSDT'], pairs: ['BTCUSDT', 'ETHUSDT'], version: 1 });
    const row = await withStore((store) => store.latestSettings());
    expect(row).toMatchObject({ version: 1, author: 'legacy import' });
    expect(JSON.parse(row?.settingsJson ?? '')).toMatchObject({ global: { risk: { positionsMax: 7 } } });
    const engine = await remembered();
    expect(engine?.tradingSnapshot()).toMatchObject({
      settingsVersion: 1,
      autoBot: { enabled: false },
      bots: [{ instrumentId: 'SOLUSDT', paused: true, origin: 'manual' }],
      positions: [],
      orders: [],
    });
    const id = ensure(parseInstrumentId('SOLUSDT'), 'a name');
    expect(engine?.settings(id).risk).toMatchObject({ positionNotionalUsdt: 15, leverage: 3 });
    const searches = await withStore((store) => store.emaSearches.list('6h'));
    expect(searches.map(({ verdict }) => verdict)).toEqual(['not-enough', 'not-enough']);
  });

  it('a second time stores nothing more', async () => {
    write();
    await importPredecessor(config, folder, terms);
    const before = (await remembered())?.tradingSnapshot();
    expect(await importPredecessor(config, folder, terms)).toMatchObject({
      version: null,
      changes: [],
      bots: [],
    });
    expect((await remembered())?.tradingSnapshot()).toEqual(before);
    expect((await withStore((store) => store.latestSettings()))?.version).toBe(1);
  });

  it('leaves everything else of the trading state as it was', async () => {
    write();
    await importPredecessor(config, folder, terms);
    const before = ensure((await remembered())?.tradingSnapshot() ?? null, 'a state');
    const streak: [string, { count: number; closedMs: number }] = ['ADAUSDT', { count: 2, closedMs: 5 }];
    const held = { ...before, coolDowns: [['ADAUSDT', 9] satisfies [string, number]], lossStreaks: [streak] };
    await withStore(async (store) => {
      const lease = { accountId: 'demo', epoch: await store.takeEpoch('demo', 1) };
      await store.saveTradingState(lease, JSON.stringify({ version: 1, trading: held, market: null }), 1);
    });
    writeFileSync(join(folder, 'bots_state.json'), '{"bots": {"ADA": {}}}');
    await importPredecessor(config, folder, terms);
    const after = (await remembered())?.tradingSnapshot();
    expect(after?.bots.map(({ instrumentId }) => instrumentId)).toEqual(['SOLUSDT', 'ADAUSDT']);
    expect({ ...after, bots: [] }).toEqual({ ...held, bots: [] });
  });

  it('without the wish to store stores nothing, and says the same', async () => {
    write();
    const dry = await importPredecessor(config, folder, { ...terms, dryRun: true });
    expect(await withStore((store) => store.latestSettings())).toBeNull();
    expect(await remembered()).toBeNull();
    const done = await importPredecessor(config, folder, terms);
    expect({ ...done, version: null, dryRun: true }).toEqual(dry);
  });

  it('is refused while the bots service runs; looking is not', async () => {
    write();
    await importPredecessor(config, folder, { ...terms, dryRun: true });
    const lock = ensure(takeProcessLock(join(config.home, 'bots.lock')), 'the lock is free');
    try {
      await expect(importPredecessor(config, folder, terms)).rejects.toThrow('stop it and import again');
      expect(await importPredecessor(config, folder, { ...terms, dryRun: true })).toMatchObject({
        version: null,
      });
    } finally {
      lock.release();
    }
    expect(await withStore((store) => store.latestSettings())).toBeNull();
  });

  it('of a folder with none of the files says so', async () => {
    await expect(importPredecessor(config, folder, terms)).rejects.toThrow('none of the files');
    await expect(importPredecessor(config, join(folder, 'nowhere'), terms)).rejects.toThrow(
      'none of the files',
    );
  });

  it('takes no bots over a trading state that is lost, but settings', async () => {
    write();
    await importPredecessor(config, folder, { ...terms, dryRun: true });
    await withStore((store) => store.addIntent(intent({ clientOrderId: 'a', accountId: 'demo' }), null));
    const outcome = await importPredecessor(config, folder, terms);
    expect(outcome.bots).toEqual([]);
    expect(outcome.lines).toContainEqual(
      expect.objectContaining({ file: 'bots_state.json', place: 'bots', kind: 'refused' }),
    );
    expect(outcome.version).toBe(1);
    expect(await remembered()).toBeNull();
  });

  it('reports a file that cannot be read and takes the others', async () => {
    write();
    writeFileSync(join(folder, 'auto_bot_config.json'), '{"max_concurrent": 3');
    const outcome = await importPredecessor(config, folder, terms);
    expect(outcome.lines.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { file: 'auto_bot_config.json', place: 'line 1' },
    ]);
    expect(outcome.changes.map(({ path }) => path)).toContain('signal.divergenceCandles');
    expect(outcome.changes.map(({ path }) => path)).not.toContain('risk.positionsMax');
  });
});

describe('an export', () => {
  it('writes every file, which comes back as what it was', async () => {
    write();
    await importPredecessor(config, folder, terms);
    const out = join(folder, 'out');
    const { files } = await exportPredecessor(config, out, 'demo');
    expect(readdirSync(out).sort()).toEqual([...files].sort());
    expect(await importPredecessor(config, out, { ...terms, dryRun: true })).toMatchObject({
      changes: [],
      bots: [],
    });
  });

  it('overwrites nothing', async () => {
    write({ 'rsi_cache.json': '{"mine": 1}' });
    await expect(exportPredecessor(config, folder, 'demo')).rejects.toThrow('nothing is overwritten');
    expect(readdirSync(folder)).toEqual(['rsi_cache.json']);
    expect(readFileSync(join(folder, 'rsi_cache.json'), 'utf8')).toBe('{"mine": 1}');
  });
});
