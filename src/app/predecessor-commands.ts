import { join } from 'node:path';
import { ensure } from '../core/base/assert.ts';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import type { Bot } from '../core/engine/bot.ts';
import { Engine } from '../core/engine/engine.ts';
import {
  type CheckedDocument,
  checkDocument,
  diffDocuments,
  EMPTY_DOCUMENT,
  type SettingsChange,
  type SettingsDocument,
} from '../core/engine/settings-document.ts';
import { SNAPSHOT_VERSION, type TradingSnapshot } from '../core/engine/snapshot.ts';
import { prepareHome } from '../platform/home.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { EmaSearchRow, ImportedRows, Store } from '../store/store.ts';
import type { AppConfig } from './config.ts';
import { readFolder, writeFolder } from './predecessor/folder.ts';
import type { ReportLine } from './predecessor/import-report.ts';
import { SEARCHED_TIMEFRAME } from './predecessor/optimal-ema-file.ts';
import { type ImportPlan, planImport } from './predecessor/plan-import.ts';
import { writeFiles } from './predecessor/write-files.ts';
import { parseRemembered } from './remembered-state.ts';
import { readVersion } from './settings-history.ts';

const AUTHOR = 'legacy import';
/** What `infobot bots` calls its account where none is named. */
const FIRST_ACCOUNT = 'demo';
const STATE_LOST =
  'the trading state of this account is lost while its journal has entries: start the bots service once, it rebuilds the state, and import again';

/** Whose state, and whether anything is stored. */
export interface ImportTerms {
  /** Null: the account that was saved last, or that of `infobot bots` where none was. */
  readonly account: string | null;
  readonly dryRun: boolean;
}

/** What came of an import. */
export interface ImportOutcome {
  readonly lines: readonly ReportLine[];
  readonly changes: readonly SettingsChange[];
  /** Coins that got a paused bot. */
  readonly bots: readonly string[];
  /** Coins whose pair of averages is kept to be seen. */
  readonly pairs: readonly string[];
  /** The settings version that was stored; null without one. */
  readonly version: number | null;
  readonly dryRun: boolean;
}

/** What came of an export. */
export interface ExportOutcome {
  readonly files: readonly string[];
  /** Settings the predecessor has no word for. */
  readonly unsaid: readonly string[];
}

/**
 * Takes over the predecessor's files: all that is sound in one commit, or nothing when that fails. It needs the bots
 * service stopped, for what that one holds in memory would overwrite it; a dry run does not.
 */
export function importPredecessor(
  config: AppConfig,
  folder: string,
  terms: ImportTerms,
): Promise<ImportOutcome> {
  return withStore(config, async ({ store, locked }) => {
    if (!locked && !terms.dryRun) {
      throw new Error(
        'A bots service runs on this home: stop it and import again, or look with --dry-run what would change.',
      );
    }
    const { texts, lines } = await readFolder(folder);
    const account = await accountOf(store, terms.account);
    const own = await readOwn(store, account);
    const plan = planImport(texts, {
      document: own.document,
      bots: own.trading === null ? [] : botsOf(own.trading),
      botsBlocked: own.lost ? STATE_LOST : null,
      searches: own.searches,
      nowMs: systemTime.nowMs(),
    });
    const changes = diffDocuments(own.document, plan.document);
    const version = terms.dryRun ? null : await storePlan(store, { plan, own, changes, account });
    return {
      lines: [...lines, ...plan.lines],
      changes,
      bots: plan.bots.map(({ instrumentId }) => instrumentId),
      pairs: plan.searches.map(({ instrumentId }) => instrumentId),
      version,
      dryRun: terms.dryRun,
    };
  });
}

/** Writes our state in the predecessor's files, into a folder that holds none of them. Works with services up. */
export function exportPredecessor(
  config: AppConfig,
  folder: string,
  account: string | null,
): Promise<ExportOutcome> {
  return withStore(config, async ({ store }) => {
    const own = await readOwn(store, await accountOf(store, account));
    const [close = null] = await store.closes.newest(1, null);
    const { files, unsaid } = writeFiles({ ...own, close, nowMs: systemTime.nowMs() });
    await writeFolder(folder, files);
    return { files: [...files.keys()], unsaid };
  });
}

interface OwnStored {
  readonly document: SettingsDocument;
  /** 0: none is stored, the defaults hold. */
  readonly version: number;
  readonly trading: TradingSnapshot | null;
  readonly lost: boolean;
  readonly searches: readonly EmaSearchRow[];
}

async function accountOf(store: Store, named: string | null): Promise<string> {
  return named ?? (await store.newestAccount()) ?? FIRST_ACCOUNT;
}

async function readOwn(store: Store, account: string): Promise<OwnStored> {
  const row = await store.latestSettings();
  const stored = await store.loadTradingState(account);
  return {
    document: row === null ? EMPTY_DOCUMENT : readVersion(row).document,
    version: row?.version ?? 0,
    trading: stored === null ? null : parseRemembered(stored).trading,
    lost: stored === null && (await store.lastEntries(account)).length > 0,
    searches: await store.emaSearches.list(SEARCHED_TIMEFRAME),
  };
}

interface Storing {
  readonly account: string;
  readonly plan: ImportPlan;
  readonly own: OwnStored;
  readonly changes: readonly SettingsChange[];
}

/** Gives the number of the settings version; null when the settings stay. */
async function storePlan(store: Store, { plan, own, changes, account }: Storing): Promise<number | null> {
  const nowMs = systemTime.nowMs();
  const settingsJson = JSON.stringify(plan.document);
  const reason = `files of the predecessor: ${changes.length} changes, ${plan.bots.length} paused bots`;
  const settings = changes.length === 0 ? null : { settingsJson, author: AUTHOR, reason, createdMs: nowMs };
  const checked = checkDocument(plan.document);
  const sound = ensure(checked.ok ? checked.value : null, 'A plan holds settings that fit together.');
  const version = own.version + (settings === null ? 0 : 1);
  const state = plan.bots.length === 0 ? null : stateWithBots(own.trading, { plan, sound, version, nowMs });
  if (settings === null && state === null && plan.searches.length === 0) return null;
  const imported: ImportedRows = {
    settings,
    state: state === null ? null : await underLease(store, { account, state, nowMs }),
    emaSearches: plan.searches,
  };
  return store.addImported(imported);
}

/** The state with the bots in it, tried on an engine first: one that cannot be restored would keep the service down. */
function stateWithBots(
  trading: TradingSnapshot | null,
  parts: {
    readonly plan: ImportPlan;
    readonly sound: CheckedDocument;
    readonly version: number;
    readonly nowMs: number;
  },
): string {
  const { settings, instruments } = parts.sound;
  const engine = new Engine({ settings, settingsVersion: parts.version });
  const before = trading ?? { ...engine.tradingSnapshot(), timeMs: parts.nowMs };
  const after: TradingSnapshot = {
    ...before,
    settings,
    settingsVersion: parts.version,
    instrumentSettings: [...instruments],
    bots: [...before.bots, ...parts.plan.bots],
  };
  const stateJson = JSON.stringify({ version: SNAPSHOT_VERSION, trading: after, market: null });
  engine.restore(parseRemembered(stateJson));
  return stateJson;
}

async function underLease(
  store: Store,
  { account, state, nowMs }: { readonly account: string; readonly state: string; readonly nowMs: number },
): Promise<ImportedRows['state']> {
  const epoch = await store.takeEpoch(account, nowMs);
  return { lease: { accountId: account, epoch }, stateJson: state, savedMs: nowMs };
}

function botsOf(trading: TradingSnapshot): readonly Pick<Bot, 'instrumentId' | 'settings'>[] {
  return trading.bots.map(({ instrumentId, settings }) => {
    const id = ensure(parseInstrumentId(instrumentId), 'A stored bot names its instrument.');
    return { instrumentId: id, settings };
  });
}

/** Lends the database; `locked` says that no bots service runs and it may be written. */
async function withStore<T>(
  config: AppConfig,
  work: (parts: { readonly store: Store; readonly locked: boolean }) => Promise<T>,
): Promise<T> {
  await prepareHome(config.home);
  const lock = takeProcessLock(join(config.home, 'bots.lock'));
  try {
    const file = join(config.home, 'trading.db');
    const store = openStore({ file, time: systemTime, readOnly: lock === null });
    try {
      return await work({ store, locked: lock !== null });
    } finally {
      await store.close();
    }
  } finally {
    lock?.release();
  }
}
