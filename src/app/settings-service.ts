import { err, ok, type Result } from '../core/base/result.ts';
import type { Instrument } from '../core/domain/instrument.ts';
import { type LayeredSettings, ownSettings } from '../core/engine/own-settings.ts';
import { agreementFaults } from '../core/engine/settings-agreement.ts';
import {
  type CheckedDocument,
  diffDocuments,
  type SettingsChange,
} from '../core/engine/settings-document.ts';
import { editDocument, type SettingsEdit } from '../core/engine/settings-edit.ts';
import type { SettingsFault } from '../core/engine/settings-fault.ts';
import { settingsWarnings } from '../core/engine/settings-warnings.ts';
import type { SettingsVersionRow } from '../store/settings-row.ts';
import type { Page, PageRequest, Store } from '../store/store.ts';
import { readVersion, type VersionedSettings } from './settings-history.ts';

export interface SettingsServiceOptions {
  readonly store: Store;
  readonly nowMs: () => number;
  /** The version in force at start. */
  readonly current: VersionedSettings;
  /** What bots set for themselves now: a change that contradicts one of them is refused. */
  readonly bots: () => LayeredSettings['bots'];
  /** What the exchange lists; empty while that is not known. */
  readonly listed: () => readonly Instrument[];
  /** Of the account, USDT; null, or absent: not known. */
  readonly equity?: () => number | null;
  /** Puts a stored version in force. A refusal is a sentence: the version is stored and waits for the next start. */
  readonly putInForce: (
    settings: VersionedSettings,
    by: { readonly author: string; readonly reason: string },
  ) => { readonly accepted: boolean; readonly message: string };
}

/** Who changes what for which reason, and on what condition. */
export interface ChangeTerms {
  readonly author: string;
  readonly reason: string;
  /** The version the person saw; null for whatever is in force. */
  readonly expectedVersion: number | null;
  readonly dryRun: boolean;
}

/** What was changed, or would be, and what a person should know of it. */
export interface SettingsDone {
  readonly version: number;
  readonly changes: readonly SettingsChange[];
  readonly warnings: readonly SettingsFault[];
}

/** What came of a change; `version` is the one in force afterwards. */
export type ChangeResult =
  | ({ readonly kind: 'done' } & SettingsDone)
  | { readonly kind: 'unchanged' | 'version-changed'; readonly version: number }
  | { readonly kind: 'invalid'; readonly faults: readonly SettingsFault[] }
  | { readonly kind: 'not-in-force'; readonly version: number; readonly detail: string };

/**
 * The settings and their history: versions are immutable, and every change is a further one with its author,
 * time and reason. Changes go one after the other, each judged against what the one before it left.
 */
export class SettingsService {
  private readonly options: SettingsServiceOptions;
  private inForce: VersionedSettings;
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: SettingsServiceOptions) {
    this.options = options;
    this.inForce = options.current;
  }

  current(): VersionedSettings {
    return this.inForce;
  }

  /** Changes the document, or says why not; nothing is stored that could not be put in force. */
  change(edit: SettingsEdit, terms: ChangeTerms): Promise<ChangeResult> {
    return this.exclusively(() => this.changeNow(edit, terms));
  }

  /** Puts the version in force anew, for a reason of the system's own. A refusal leaves what is in force. */
  renew(reason: string): Promise<{ readonly accepted: boolean; readonly message: string }> {
    return this.exclusively(() => this.options.putInForce(this.inForce, { author: 'system', reason }));
  }

  /** Runs what the settings must not change under, in its turn. */
  exclusively<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Newest first. Rejects with `StoreError` `cursor` on a cursor of another list. */
  list(page: PageRequest): Promise<Page<SettingsVersionRow>> {
    return this.options.store.listSettings(page);
  }

  /** Null: no such version. */
  async versionOf(version: number): Promise<(SettingsVersionRow & CheckedDocument) | null> {
    const row = await this.options.store.settingsVersion(version);
    return row === null ? null : { ...row, ...readVersion(row) };
  }

  private async changeNow(edit: SettingsEdit, terms: ChangeTerms): Promise<ChangeResult> {
    const { version, document } = this.inForce;
    if (terms.expectedVersion !== null && terms.expectedVersion !== version)
      return { kind: 'version-changed', version };
    const edited = editDocument(document, edit);
    if (!edited.ok) return { kind: 'invalid', faults: edited.error };
    const fits = this.fits(edited.value);
    if (!fits.ok) return { kind: 'invalid', faults: fits.error };
    const changes = diffDocuments(document, edited.value.document);
    if (changes.length === 0) return { kind: 'unchanged', version };
    const warnings = this.warnings(edited.value);
    if (terms.dryRun) return { kind: 'done', version, changes, warnings };
    return this.store(edited.value, terms, { changes, warnings });
  }

  /** What is in force already stays allowed: it is for whoever changes it to mend. */
  private fits(edited: CheckedDocument): Result<unknown, readonly SettingsFault[]> {
    const faults = this.faultsOf(edited);
    if (!faults.ok) return faults;
    const before = this.faultsOf(this.inForce);
    const known = new Set(before.ok ? before.value.map(({ message }) => message) : []);
    const fresh = faults.value.filter(({ message }) => !known.has(message));
    return fresh.length === 0 ? ok(null) : err(fresh);
  }

  /** What was so before is not told again. */
  private warnings(edited: CheckedDocument): readonly SettingsFault[] {
    const listed = this.options.listed();
    const equity = this.options.equity?.() ?? null;
    const before = settingsWarnings(this.inForce, listed, equity);
    return settingsWarnings(edited, listed, equity).filter(
      ({ path, message }) => !before.some((known) => known.path === path && known.message === message),
    );
  }

  private faultsOf({
    settings,
    instruments,
  }: CheckedDocument): Result<readonly SettingsFault[], readonly SettingsFault[]> {
    const own = ownSettings({ settings, instruments, bots: this.options.bots() });
    return own.ok ? ok(agreementFaults(settings, own.value)) : own;
  }

  private async store(
    edited: CheckedDocument,
    { author, reason }: ChangeTerms,
    told: Omit<SettingsDone, 'version'>,
  ): Promise<ChangeResult> {
    const version = await this.options.store.addSettings({
      settingsJson: JSON.stringify(edited.document),
      author,
      reason,
      createdMs: this.options.nowMs(),
    });
    this.inForce = { version, ...edited };
    const answer = this.options.putInForce(this.inForce, { author, reason });
    return answer.accepted
      ? { kind: 'done', version, ...told }
      : { kind: 'not-in-force', version, detail: answer.message };
  }
}
