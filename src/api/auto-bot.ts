import { z } from 'zod';
import { tradingSettingsSchema } from '../core/engine/settings.ts';
import { directionSchema } from './coin.ts';
import { coinPatchBody } from './settings.ts';
import { timeMs } from './wire-values.ts';

/** The whole configuration: PUT replaces it. */
export const autoBotConfigSchema = tradingSettingsSchema.meta({ id: 'AutoBotConfig' });

/** Whether Auto Bot is on, who said so, and how many slots are taken. */
export const autoBotStateSchema = z
  .object({
    enabled: z.boolean(),
    /** Who turned it to where it stands, when and why; null since start. */
    changed: z.object({ actor: z.string(), timeMs, reason: z.string() }).nullable(),
    slots: z.object({ max: z.number().int(), used: z.number().int() }),
    entriesAllowed: z.object({ allowed: z.boolean(), reason: z.string() }),
    configVersion: z.number().int(),
  })
  .meta({ id: 'AutoBotState' });
export type AutoBotState = z.infer<typeof autoBotStateSchema>;

/** The configuration in force and its version. */
export const autoBotConfigViewSchema = z.object({
  version: z.number().int(),
  config: autoBotConfigSchema,
});

/** A bot: a running pairing of a coin and the rules. */
export const botSchema = z
  .object({
    /** Equal to `symbol`: one bot per coin. */
    id: z.string(),
    symbol: z.string(),
    origin: z.enum(['manual', 'auto']),
    status: z.enum(['running', 'paused', 'entering', 'in-position-long', 'in-position-short', 'closing']),
    /** Paused by a person, or by a position at the exchange that is not ours. */
    pauseReason: z.enum(['person', 'conflict']).nullable(),
    /** It came with one entry or adoption by a person, and goes with that position unless they started or paused it. */
    single: z.boolean(),
    direction: directionSchema.nullable(),
    createdMs: timeMs,
    /** What the bot does otherwise than its coin. */
    settings: coinPatchBody,
  })
  .meta({ id: 'Bot' });

/** All bots, in the order they were made. */
export const botListSchema = z.object({ rows: z.array(botSchema) });

/** Body of an entry by hand. Whoever overrides the filters says why. */
export const enterSchema = z
  .strictObject({
    direction: directionSchema,
    /** True: whatever the filters say; slots and risk limits hold. False: only where signal and filters agree. */
    force: z.boolean().default(false),
    reason: z.string().max(500).default(''),
  })
  .refine(({ force, reason }) => !force || reason.trim() !== '', {
    path: ['reason'],
    message: 'a forced entry takes a reason',
  });

/** Body of a request for a manual bot. */
export const createBotSchema = z.strictObject({
  symbol: z.string().regex(/^[A-Za-z0-9]{1,40}$/),
  /** Trade only this direction; null or left out for both. */
  direction: directionSchema.nullable().default(null),
  /** What the bot does otherwise than its coin; takes the admin role, as all settings do. */
  settings: coinPatchBody.prefault({}),
});

/** Body of a change of a bot's own settings: they replace those it had. */
export const changeBotSchema = z.strictObject({
  settings: coinPatchBody,
  reason: z.string().max(500).default(''),
});
