import { parseInstrumentId } from '../../src/core/domain/instrument.ts';
import { parseInstrumentPatch } from '../../src/core/engine/effective-settings.ts';
import { DEFAULT_TRADING_SETTINGS } from '../../src/core/engine/settings.ts';
import {
  diffDocuments,
  EMPTY_DOCUMENT,
  type SettingsDocument,
} from '../../src/core/engine/settings-document.ts';
import { editDocument, type SettingsEdit } from '../../src/core/engine/settings-edit.ts';
import type { SettingsFault } from '../../src/core/engine/settings-fault.ts';
import type { PageRequest } from '../../src/http/caller.ts';
import type { ApiSettingsEdit, EditResult, EditTerms, SettingsApi } from '../../src/http/settings-api.ts';

export interface SentEdit {
  readonly edit: ApiSettingsEdit;
  readonly terms: EditTerms;
}

/** Settings at version 3: judges patches with the product's own rules and records what it would have stored. */
export class FakeSettings implements SettingsApi {
  readonly edits: SentEdit[] = [];
  content: SettingsDocument = EMPTY_DOCUMENT;
  /** Told with every change. */
  readonly warnings: SettingsFault[] = [];
  /** Answers in place of the product's judgement. */
  answer: EditResult | null = null;

  version(): number {
    return 3;
  }

  document(): SettingsDocument {
    return this.content;
  }

  async versions({ cursor }: PageRequest): ReturnType<SettingsApi['versions']> {
    if (cursor === 'foreign') return null;
    return { rows: [{ version: 3, author: 'maria', reason: 'calmer', createdMs: 1 }], nextCursor: null };
  }

  async versionOf(version: number): ReturnType<SettingsApi['versionOf']> {
    if (version > 3) return null;
    const document = version === 3 ? this.content : EMPTY_DOCUMENT;
    return { version, author: 'maria', reason: '', createdMs: 1, document: { ...document } };
  }

  coin(symbol: string): ReturnType<SettingsApi['coin']> {
    if (!/^btc/i.test(symbol)) return null;
    const settings = DEFAULT_TRADING_SETTINGS;
    return {
      symbol: 'BTCUSDT',
      version: 3,
      settings,
      origins: { timeframe: 'default' },
      patch: {},
      botPatch: {},
    };
  }

  async edit(edit: ApiSettingsEdit, terms: EditTerms): Promise<EditResult> {
    if (this.answer !== null) return this.answer;
    const judged = judge(this.content, edit);
    if (!judged.ok) return { ok: false, kind: 'invalid', faults: judged.error };
    this.edits.push({ edit, terms });
    const changes = 'document' in judged.value ? diffDocuments(this.content, judged.value.document) : [];
    return { ok: true, version: 4, changes, warnings: this.warnings, message: 'done' };
  }
}

function judge(content: SettingsDocument, edit: ApiSettingsEdit) {
  switch (edit.kind) {
    case 'replace-global':
    case 'patch-global':
      return editDocument(content, edit);
    case 'import':
      return editDocument(content, { kind: 'replace', document: edit.document });
    case 'replace-coin':
      return editDocument(content, ofCoin(edit.symbol, edit.patch));
    case 'configure-bot':
      return parseInstrumentPatch(edit.patch);
    default:
      return { ok: true, value: {} } as const;
  }
}

function ofCoin(symbol: string, patch: unknown): SettingsEdit {
  const id = parseInstrumentId(symbol.toUpperCase());
  return { kind: 'replace-instruments', instrumentIds: id === null ? [] : [id], patch };
}
