import { z } from 'zod';
import {
  instrumentPatchSchema,
  settingsPatchSchema,
  tradingSettingsSchema,
} from '../core/engine/settings.ts';
import { coinParameter, timeMs } from './wire-values.ts';

/** A part of the settings for all coins: the keys named and no other. */
export const settingsPatchBody = settingsPatchSchema.meta({ id: 'SettingsPatch' });
/** What one coin or one bot sets otherwise. */
export const coinPatchBody = instrumentPatchSchema.meta({ id: 'CoinSettingsPatch' });

/** One version of the settings: what people set, and nothing that follows from it. */
const settingsDocumentSchema = z
  .object({ global: settingsPatchBody, instruments: z.record(z.string(), coinPatchBody) })
  .meta({ id: 'SettingsDocument' });

/** A document in a file, as `export` gives and `import` takes it. */
export const settingsFileSchema = z.object({
  format: z.literal('infobot-settings').optional(),
  formatVersion: z.literal(1).optional(),
  global: settingsPatchBody,
  instruments: z.record(z.string(), coinPatchBody).optional(),
});

/** Who stored a version, when and why. */
export const settingsVersionSchema = z
  .object({ version: z.number().int(), author: z.string(), reason: z.string(), createdMs: timeMs })
  .meta({ id: 'SettingsVersion' });

/** A version with its content. */
export const settingsVersionDetailSchema = settingsVersionSchema.extend({ document: settingsDocumentSchema });

/** A key that differs; a side left out does not set it, and the layer below speaks. */
const settingsChangeSchema = z
  .object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })
  .meta({ id: 'SettingsChange' });

/** What differs between two versions. */
export const settingsDiffSchema = z.object({
  from: z.number().int(),
  to: z.number().int(),
  changes: z.array(settingsChangeSchema),
});

/** The answer to a change of settings. */
export const settingsDoneSchema = z
  .object({
    done: z.literal(true),
    message: z.string(),
    /** In force now. */
    version: z.number().int(),
    changes: z.array(settingsChangeSchema),
    /** What a person should know of what was set: it is in force all the same. */
    warnings: z.array(z.object({ path: z.string(), message: z.string() })),
  })
  .meta({ id: 'SettingsDone' });

/** A named choice of settings; applying it leaves what it does not name. */
const presetSchema = z
  .object({ name: z.string(), sentence: z.string(), patch: settingsPatchBody })
  .meta({ id: 'SettingsPreset' });

/** All presets, from careful to bold. */
export const presetListSchema = z.object({ rows: z.array(presetSchema) });
/** A preset in a path. */
export const presetParametersSchema = z.strictObject({ name: z.string().regex(/^[a-z]{1,40}$/) });

/** What holds for one coin: every value, and the layer it comes from. */
export const coinSettingsSchema = z
  .object({
    symbol: z.string(),
    version: z.number().int(),
    settings: tradingSettingsSchema,
    /** By key, `filter.rsiTimeCandles`. */
    origins: z.record(z.string(), z.enum(['default', 'global', 'search', 'instrument', 'bot'])),
    /** What the coin sets for itself. */
    patch: coinPatchBody,
    /** What its bot sets; empty without a bot. */
    botPatch: coinPatchBody,
  })
  .meta({ id: 'CoinSettings' });

const version = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
/** A version in a path. */
export const versionParametersSchema = z.strictObject({ version });
/** Two versions to compare. */
export const diffQuerySchema = z.strictObject({ from: version, to: version });
/** Why, and whether only to say what would change. */
export const editQuerySchema = z.strictObject({
  reason: z.string().max(500).default(''),
  dryRun: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
});
/** Body of a return to an earlier version. */
export const rollbackBodySchema = z.strictObject({
  version: z.number().int().min(1),
  reason: z.string().max(500).default(''),
});
/** Body of a command that only says why. */
export const presetBodySchema = z.strictObject({ reason: z.string().max(500).default('') });
/** Body of a copy of a coin's own settings to others. */
export const copyBodySchema = z.strictObject({
  to: z.array(coinParameter).min(1).max(1000),
  reason: z.string().max(500).default(''),
});

/** The lists that say who is traded. */
export const coinListParametersSchema = z.strictObject({ list: z.enum(['whitelist', 'blacklist']) });
/** A coin of a list in a path. */
export const listMemberParametersSchema = z.strictObject({
  list: z.enum(['whitelist', 'blacklist']),
  symbol: coinParameter,
});
/** The coins of a list. */
export const listSymbolsSchema = z.object({ list: z.string(), symbols: z.array(z.string()) });
/** Body that replaces a list. */
export const listReplaceBodySchema = z.strictObject({ symbols: z.array(coinParameter).max(2000) });
/** Body that puts a coin on a list. */
export const listAddBodySchema = z.strictObject({
  symbol: coinParameter,
  reason: z.string().max(500).default(''),
});
