import { assertNever } from '../base/assert.ts';
import { err, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import {
  applyPatch,
  mergePatches,
  parseInstrumentPatch,
  parseSettingsPatch,
  patchBetween,
  withoutPath,
} from './effective-settings.ts';
import { DEFAULT_TRADING_SETTINGS, type InstrumentPatch, type SettingsPatch } from './settings.ts';
import {
  type CheckedDocument,
  checkDocument,
  parseSettingsDocument,
  type SettingsDocument,
} from './settings-document.ts';
import { SETTINGS_PATHS, type SettingsFault, unknownSetting } from './settings-fault.ts';

/**
 * What a person may do to the settings. Patches and documents come as they were sent. `unset` gives a key back
 * to the layer below; an empty patch in place of an instrument's own takes all of them back.
 */
export type SettingsEdit =
  | { readonly kind: 'replace'; readonly document: unknown }
  | { readonly kind: 'replace-global' | 'patch-global'; readonly patch: unknown }
  | {
      readonly kind: 'replace-instruments' | 'patch-instruments';
      readonly instrumentIds: readonly InstrumentId[];
      readonly patch: unknown;
    }
  | { readonly kind: 'unset'; readonly path: string; readonly instrumentId: InstrumentId | null }
  | ListEdit;

/** Who is traded or not. */
export interface ListEdit {
  readonly kind: 'list';
  readonly list: 'whitelist' | 'blacklist';
  readonly change: 'replace' | 'add' | 'remove';
  readonly instrumentIds: readonly InstrumentId[];
}

type Edited = Result<CheckedDocument, readonly SettingsFault[]>;

/** The document after an edit, whole and sound; nothing has changed when it is refused. */
export function editDocument(document: SettingsDocument, edit: SettingsEdit): Edited {
  switch (edit.kind) {
    case 'replace':
      return parseSettingsDocument(edit.document);
    case 'replace-global':
    case 'patch-global':
      return editGlobal(document, edit.kind === 'patch-global', edit.patch);
    case 'replace-instruments':
    case 'patch-instruments':
      return editInstruments(document, edit);
    case 'unset':
      return unset(document, edit.path, edit.instrumentId);
    case 'list':
      return withGlobal(document, editList(document.global, edit));
    default:
      return assertNever(edit);
  }
}

function editGlobal(document: SettingsDocument, merge: boolean, sent: unknown): Edited {
  const patch = parseSettingsPatch(sent);
  if (!patch.ok) return patch;
  if (merge) return withGlobal(document, mergePatches(document.global, patch.value));
  // Whole settings, as they were read, come back here: what says the same as the default sets nothing.
  const whole = applyPatch(DEFAULT_TRADING_SETTINGS, patch.value);
  return whole.ok ? withGlobal(document, patchBetween(DEFAULT_TRADING_SETTINGS, whole.value)) : whole;
}

function editInstruments(
  document: SettingsDocument,
  edit: Extract<SettingsEdit, { kind: 'replace-instruments' | 'patch-instruments' }>,
): Edited {
  const patch = parseInstrumentPatch(edit.patch);
  if (!patch.ok) return patch;
  let { instruments } = document;
  for (const id of edit.instrumentIds) {
    const own = edit.kind === 'patch-instruments' ? (instruments[id] ?? {}) : {};
    instruments = withInstrument(instruments, id, mergePatches(own, patch.value));
  }
  return checkDocument({ ...document, instruments });
}

function unset(document: SettingsDocument, path: string, id: InstrumentId | null): Edited {
  if (!SETTINGS_PATHS.includes(path)) return err([unknownSetting(path)]);
  if (id === null) return withGlobal(document, withoutPath(document.global, path));
  const own = withoutPath(document.instruments[id] ?? {}, path);
  return checkDocument({ ...document, instruments: withInstrument(document.instruments, id, own) });
}

function editList(global: SettingsPatch, { list, change, instrumentIds }: ListEdit): SettingsPatch {
  const before: readonly string[] = global.filter?.[list] ?? [];
  const named: readonly string[] = instrumentIds;
  const after = change === 'remove' ? before.filter((id) => !named.includes(id)) : named;
  const members = change === 'add' ? [...before, ...named] : after;
  return mergePatches(global, { filter: { [list]: [...new Set(members)] } });
}

function withGlobal(document: SettingsDocument, global: SettingsPatch): Edited {
  return checkDocument({ ...document, global });
}

function withInstrument(
  instruments: SettingsDocument['instruments'],
  id: InstrumentId,
  patch: InstrumentPatch,
): SettingsDocument['instruments'] {
  const { [id]: _before, ...others } = instruments;
  return Object.keys(patch).length === 0 ? others : { ...others, [id]: patch };
}
