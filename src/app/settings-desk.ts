import { ensure } from '../core/base/assert.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import { instrumentIdOf } from '../core/domain/typed-name.ts';
import { effectiveSettings, parseInstrumentPatch } from '../core/engine/effective-settings.ts';
import { SETTINGS_PRESETS } from '../core/engine/presets.ts';
import type { InstrumentPatch } from '../core/engine/settings.ts';
import type { SettingsDocument } from '../core/engine/settings-document.ts';
import type { SettingsEdit } from '../core/engine/settings-edit.ts';
import type { PageRequest } from '../http/caller.ts';
import type { ApiSettingsEdit, EditResult, EditTerms, SettingsApi } from '../http/settings-api.ts';
import { StoreError } from '../store/store.ts';
import type { CommandAnswer } from './command-answers.ts';
import type { ChangeResult, SettingsService } from './settings-service.ts';

export interface SettingsDeskOptions {
  readonly service: SettingsService;
  /** The coin a person typed; null when none of that name is listed. */
  readonly find: (symbol: string) => InstrumentId | null;
  /** What the bot of an instrument sets; empty without a bot. */
  readonly hasBot: (id: InstrumentId) => boolean;
  readonly botPatch: (id: InstrumentId) => InstrumentPatch;
  /** What a search found for an instrument and nobody has set otherwise; empty without one. */
  readonly searchedPatch: (id: InstrumentId) => InstrumentPatch;
  readonly configureBot: (
    id: InstrumentId,
    settings: InstrumentPatch,
    by: { readonly author: string; readonly reason: string },
  ) => CommandAnswer;
}

type Refusal = Extract<EditResult, { ok: false }>;
type Prepared = { readonly edit: SettingsEdit; readonly reason: string } | { readonly refused: Refusal };

/** The settings as HTTP sees them: names as typed, presets and versions by name, answers as sentences. */
export class SettingsDesk implements SettingsApi {
  private readonly options: SettingsDeskOptions;

  constructor(options: SettingsDeskOptions) {
    this.options = options;
  }

  version(): number {
    return this.options.service.current().version;
  }

  document(): SettingsDocument {
    return this.options.service.current().document;
  }

  async versions(page: PageRequest): ReturnType<SettingsApi['versions']> {
    try {
      const { rows, nextCursor } = await this.options.service.list(page);
      const told = rows.map(({ version, author, reason, createdMs }) => ({
        version,
        author,
        reason,
        createdMs,
      }));
      return { rows: told, nextCursor };
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'cursor') return null;
      throw error;
    }
  }

  async versionOf(version: number): ReturnType<SettingsApi['versionOf']> {
    const found = await this.options.service.versionOf(version);
    if (found === null) return null;
    const { author, reason, createdMs, document } = found;
    return { version, author, reason, createdMs, document: { ...document } };
  }

  coin(symbol: string): ReturnType<SettingsApi['coin']> {
    const id = this.options.find(symbol);
    if (id === null) return null;
    const { global, instruments } = this.document();
    const patch = instruments[id] ?? {};
    const botPatch = this.options.botPatch(id);
    const search = this.options.searchedPatch(id);
    const effective = effectiveSettings({ global, search, instrument: patch, bot: botPatch });
    const held = ensure(effective.ok ? effective.value : null, 'Settings in force fit together.');
    return { symbol: id, version: this.version(), ...held, origins: { ...held.origins }, patch, botPatch };
  }

  async edit(edit: ApiSettingsEdit, terms: EditTerms): Promise<EditResult> {
    if (edit.kind === 'configure-bot') return this.configureBot(edit.symbol, edit.patch, terms);
    const prepared = await this.prepare(edit, terms.reason);
    if ('refused' in prepared) return prepared.refused;
    const result = await this.options.service.change(prepared.edit, {
      author: terms.actor.name,
      reason: prepared.reason,
      expectedVersion: terms.expectedVersion,
      dryRun: terms.dryRun,
    });
    return answerOf(result, terms.dryRun);
  }

  /** Runs what the settings must not change under, in its turn with changes of them. */
  inTurn<T>(work: () => T): Promise<T> {
    return this.options.service.exclusively(work);
  }

  private async configureBot(symbol: string, sent: unknown, terms: EditTerms): Promise<EditResult> {
    const id = this.options.find(symbol);
    if (id === null) return unknownCoin(symbol);
    if (!this.options.hasBot(id))
      return { ok: false, kind: 'not-found', code: 'bot.unknown', detail: `There is no bot named ${id}.` };
    const patch = parseInstrumentPatch(sent);
    if (!patch.ok) return { ok: false, kind: 'invalid', faults: patch.error };
    const by = { author: terms.actor.name, reason: terms.reason };
    // In turn with changes of the layers below: one must not make the other contradict itself.
    const answer = await this.inTurn(() => {
      const { expectedVersion } = terms;
      const isStale = expectedVersion !== null && expectedVersion !== this.version();
      return isStale ? null : this.options.configureBot(id, patch.value, by);
    });
    if (answer === null) return { ok: false, kind: 'version-changed', version: this.version() };
    if (answer.accepted)
      return { ok: true, version: this.version(), changes: [], warnings: [], message: answer.message };
    return { ok: false, kind: 'conflict', code: 'command.refused', detail: answer.message };
  }

  private async prepare(
    edit: Exclude<ApiSettingsEdit, { kind: 'configure-bot' }>,
    reason: string,
  ): Promise<Prepared> {
    switch (edit.kind) {
      case 'replace-coin':
        return this.ofCoins([edit.symbol], edit.patch, reason);
      case 'copy-coin':
        return this.copy(edit.symbol, edit.to, reason);
      case 'clear-coin':
        return this.clear(edit.symbol, reason);
      case 'list':
        return this.list(edit, reason);
      case 'preset':
        return preset(edit.name, reason);
      case 'rollback':
        return this.rollback(edit.version, reason);
      case 'import':
        return { edit: { kind: 'replace', document: edit.document }, reason: reason || 'import' };
      default:
        return { edit, reason };
    }
  }

  private ofCoins(symbols: readonly string[], patch: unknown, reason: string): Prepared {
    const instrumentIds: InstrumentId[] = [];
    for (const symbol of symbols) {
      const id = this.options.find(symbol);
      if (id === null) return { refused: unknownCoin(symbol) };
      instrumentIds.push(id);
    }
    return { edit: { kind: 'replace-instruments', instrumentIds, patch }, reason };
  }

  private copy(symbol: string, to: readonly string[], reason: string): Prepared {
    const id = this.options.find(symbol);
    if (id === null) return { refused: unknownCoin(symbol) };
    return this.ofCoins(to, this.document().instruments[id] ?? {}, reason || `copied from ${id}`);
  }

  /** Also of a coin that is no longer listed. */
  private clear(symbol: string, reason: string): Prepared {
    const id = this.named(symbol);
    if (id === null || this.document().instruments[id] === undefined) {
      const detail = `${symbol} has no settings of its own.`;
      return { refused: { ok: false, kind: 'not-found', code: 'settings.coin-unset', detail } };
    }
    return { edit: { kind: 'replace-instruments', instrumentIds: [id], patch: {} }, reason };
  }

  /** A list may name a coin that is not listed now. */
  private list(edit: Extract<ApiSettingsEdit, { kind: 'list' }>, reason: string): Prepared {
    const { list, change, symbols } = edit;
    const instrumentIds: InstrumentId[] = [];
    for (const symbol of symbols) {
      const id = this.named(symbol);
      if (id === null) return { refused: unknownCoin(symbol) };
      instrumentIds.push(id);
    }
    return { edit: { kind: 'list', list, change, instrumentIds }, reason };
  }

  private async rollback(version: number, reason: string): Promise<Prepared> {
    const found = await this.options.service.versionOf(version);
    if (found === null) {
      const detail = `There is no version ${version} of the settings.`;
      return { refused: { ok: false, kind: 'not-found', code: 'settings.version-unknown', detail } };
    }
    return {
      edit: { kind: 'replace', document: found.document },
      reason: withReason(`rollback to ${version}`, reason),
    };
  }

  private named(symbol: string): InstrumentId | null {
    return this.options.find(symbol) ?? instrumentIdOf(symbol);
  }
}

function preset(name: string, reason: string): Prepared {
  const found = SETTINGS_PRESETS.find((candidate) => candidate.name === name);
  if (found !== undefined) {
    return {
      edit: { kind: 'patch-global', patch: found.patch },
      reason: withReason(`preset ${name}`, reason),
    };
  }
  const names = SETTINGS_PRESETS.map((candidate) => candidate.name).join(', ');
  const detail = `There is no preset ${name}; there are ${names}.`;
  return { refused: { ok: false, kind: 'not-found', code: 'settings.preset-unknown', detail } };
}

function answerOf(result: ChangeResult, dryRun: boolean): EditResult {
  switch (result.kind) {
    case 'invalid':
      return { ok: false, ...result };
    case 'version-changed':
      return { ok: false, ...result, kind: 'version-changed' };
    case 'not-in-force':
      return {
        ok: false,
        kind: 'conflict',
        code: 'settings.not-in-force',
        detail: `Version ${result.version} is stored and not in force: ${result.detail}`,
      };
    case 'unchanged':
      return {
        ok: true,
        version: result.version,
        changes: [],
        warnings: [],
        message: `Nothing to change: version ${result.version} says so already.`,
      };
    default:
      return { ok: true, ...result, message: doneMessage(result.version, result.changes.length, dryRun) };
  }
}

function doneMessage(version: number, keys: number, dryRun: boolean): string {
  return dryRun
    ? `${keys} ${keys === 1 ? 'key' : 'keys'} would change; nothing was stored.`
    : `Version ${version} of the configuration is in force.`;
}

/** What was done comes first: it is what one looks for in the history. */
function withReason(done: string, reason: string): string {
  return reason === '' ? done : `${done}: ${reason}`;
}

function unknownCoin(symbol: string): Refusal {
  const detail = `There is no coin ${symbol} here; GET /api/coins lists those there are.`;
  return { ok: false, kind: 'not-found', code: 'coin.unknown', detail };
}
