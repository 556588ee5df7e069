import { join } from 'node:path';
import { settingsDoneSchema } from '../api/settings.ts';
import { problemSchema } from '../api/wire-values.ts';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import type { LayeredSettings } from '../core/engine/own-settings.ts';
import type { SettingsDocument } from '../core/engine/settings-document.ts';
import { isThere } from '../platform/files.ts';
import { prepareHome } from '../platform/home.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { Store } from '../store/store.ts';
import { askBots } from './bots-request.ts';
import type { AppConfig } from './config.ts';
import { parseRemembered } from './remembered-state.ts';
import { currentSettings, readVersion, type VersionedSettings } from './settings-history.ts';
import { type ChangeResult, SettingsService } from './settings-service.ts';

const TIMEOUT_MS = 10_000;

/** A document to be stored as the next version. */
export interface DocumentChange {
  readonly document: SettingsDocument;
  readonly reason: string;
  readonly expectedVersion: number;
  readonly dryRun: boolean;
}

/** The settings of this home, wherever they can be reached: in the database, or by way of the service that holds it. */
export interface ConfigDesk {
  readonly store: Store;
  /** What bots set for themselves, as the trading state last stored says. */
  readonly bots: LayeredSettings['bots'];
  current(): Promise<VersionedSettings>;
  change(change: DocumentChange): Promise<ChangeResult>;
}

/** Lends the settings for looking at them, which makes no home where there is none: then it rejects and says so. */
export async function withStoredConfig<T>(
  config: AppConfig,
  accountId: string | null,
  work: (desk: ConfigDesk) => Promise<T>,
): Promise<T> {
  const { home } = config;
  if (await isThere(join(home, 'trading.db'))) return withConfigDesk(config, accountId, work);
  throw new Error(
    `There are no settings in ${home}: InfoBot has not run with this home. ` +
      'Start it there once, or name its home with INFOBOT_HOME.',
  );
}

/**
 * Lends the settings to `work`. With the bots service down its database is opened under the service's own lock;
 * with it up the database is only read, and changes go through the service, which puts them in force at once.
 * Bots are those of the account; null for the one that traded last.
 */
export async function withConfigDesk<T>(
  config: AppConfig,
  accountId: string | null,
  work: (desk: ConfigDesk) => Promise<T>,
): Promise<T> {
  await prepareHome(config.home);
  const lock = takeProcessLock(join(config.home, 'bots.lock'));
  const file = join(config.home, 'trading.db');
  try {
    const store = openStore({ file, time: systemTime, readOnly: lock === null });
    try {
      const bots = await storedBots(store, accountId);
      return await work(lock === null ? deskOfService(config, store, bots) : await deskOfStore(store, bots));
    } finally {
      await store.close();
    }
  } finally {
    lock?.release();
  }
}

async function deskOfStore(store: Store, bots: LayeredSettings['bots']): Promise<ConfigDesk> {
  const current = await currentSettings(store, systemTime.nowMs(), null);
  const service = new SettingsService({
    store,
    nowMs: () => systemTime.nowMs(),
    current,
    bots: () => bots,
    listed: () => [],
    putInForce: () => ({ accepted: true, message: '' }),
  });
  return {
    store,
    bots,
    current: async () => service.current(),
    change: ({ document, ...terms }) =>
      service.change({ kind: 'replace', document }, { ...terms, author: 'command line' }),
  };
}

async function storedBots(store: Store, named: string | null): Promise<LayeredSettings['bots']> {
  const accountId = named ?? (await store.newestAccount());
  const remembered = accountId === null ? null : await store.loadTradingState(accountId);
  if (remembered === null) return [];
  return parseRemembered(remembered).trading.bots.flatMap(({ instrumentId, settings }) => {
    const id = parseInstrumentId(instrumentId);
    return id === null ? [] : [{ instrumentId: id, settings }];
  });
}

function deskOfService(config: AppConfig, store: Store, bots: LayeredSettings['bots']): ConfigDesk {
  return {
    store,
    bots,
    current: async () => {
      const row = await store.latestSettings();
      if (row === null)
        throw new Error('The bots service has stored no settings yet; ask again in a moment.');
      return readVersion(row);
    },
    change: (change) => sendChange(config, change),
  };
}

async function sendChange(config: AppConfig, change: DocumentChange): Promise<ChangeResult> {
  const { document, reason, expectedVersion, dryRun } = change;
  const query = new URLSearchParams({ reason, dryRun: String(dryRun) });
  const response = await askBots(config, {
    method: 'POST',
    path: `/api/auto-bot/config/import?${query}`,
    body: document,
    headers: { 'if-match': `"${expectedVersion}"` },
    timeoutMs: TIMEOUT_MS,
  });
  const answer: unknown = await response.json();
  return response.ok ? doneOf(answer) : refusalOf(answer, response.headers.get('etag'));
}

function doneOf(answer: unknown): ChangeResult {
  const { version, changes, warnings } = settingsDoneSchema.parse(answer);
  return changes.length === 0 ? { kind: 'unchanged', version } : { kind: 'done', version, changes, warnings };
}

function refusalOf(answer: unknown, etag: string | null): ChangeResult {
  const problem = problemSchema.parse(answer);
  if (problem.code === 'settings.version-changed') {
    return { kind: 'version-changed', version: Number(etag?.replaceAll('"', '')) };
  }
  if (problem.errors !== undefined) return { kind: 'invalid', faults: problem.errors };
  throw new Error(problem.detail);
}
