import type { z } from 'zod';
import type {
  coinSettingsSchema,
  settingsVersionDetailSchema,
  settingsVersionSchema,
} from '../api/settings.ts';
import type { SettingsChange, SettingsDocument } from '../core/engine/settings-document.ts';
import type { SettingsFault } from '../core/engine/settings-fault.ts';
import type { Actor, PageRequest, Rows } from './caller.ts';

/** What a person may do to the settings. Coins as typed; patches and documents as sent, judged by the service. */
export type ApiSettingsEdit =
  | { readonly kind: 'replace-global' | 'patch-global'; readonly patch: unknown }
  | { readonly kind: 'replace-coin'; readonly symbol: string; readonly patch: unknown }
  | { readonly kind: 'clear-coin'; readonly symbol: string }
  | { readonly kind: 'copy-coin'; readonly symbol: string; readonly to: readonly string[] }
  | { readonly kind: 'configure-bot'; readonly symbol: string; readonly patch: unknown }
  | {
      readonly kind: 'list';
      readonly list: 'whitelist' | 'blacklist';
      readonly change: 'replace' | 'add' | 'remove';
      readonly symbols: readonly string[];
    }
  | { readonly kind: 'preset'; readonly name: string }
  | { readonly kind: 'rollback'; readonly version: number }
  | { readonly kind: 'import'; readonly document: unknown };

/** Who changes settings, why, and on what condition. */
export interface EditTerms {
  readonly actor: Actor;
  readonly reason: string;
  /** The version the person saw; another one in force is a refusal. Null: whatever is in force. */
  readonly expectedVersion: number | null;
  /** Only say what would change. */
  readonly dryRun: boolean;
}

/** What came of an edit. `version` in a refusal is the one in force. */
export type EditResult =
  | {
      readonly ok: true;
      /** In force now; unchanged after a dry run or when there was nothing to change. */
      readonly version: number;
      readonly changes: readonly SettingsChange[];
      /** What a person should know of what was set. */
      readonly warnings: readonly SettingsFault[];
      readonly message: string;
    }
  | { readonly ok: false; readonly kind: 'invalid'; readonly faults: readonly SettingsFault[] }
  | { readonly ok: false; readonly kind: 'version-changed'; readonly version: number }
  | {
      readonly ok: false;
      readonly kind: 'not-found' | 'conflict';
      readonly code: string;
      readonly detail: string;
    };

/** The settings and their history, as HTTP sees them. */
export interface SettingsApi {
  version(): number;
  document(): SettingsDocument;
  /** Null: not a cursor this list gave. */
  versions(page: PageRequest): Promise<Rows<z.infer<typeof settingsVersionSchema>> | null>;
  /** Null: no such version. */
  versionOf(version: number): Promise<z.infer<typeof settingsVersionDetailSchema> | null>;
  /** What holds for a coin, and where each value comes from; null: no such coin. */
  coin(symbol: string): z.infer<typeof coinSettingsSchema> | null;
  edit(edit: ApiSettingsEdit, terms: EditTerms): Promise<EditResult>;
}
