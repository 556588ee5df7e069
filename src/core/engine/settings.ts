import { z } from 'zod';
import { TIMEFRAMES } from '../domain/timeframe.ts';
import { filterSettingsSchema } from '../filter/settings.ts';
import { exitSettingsSchema } from '../position/settings.ts';
import { entrySettingsSchema } from '../risk/entry-settings.ts';
import { ladderFault } from '../risk/ladder-agreement.ts';
import { riskSettingsSchema } from '../risk/settings.ts';
import { signalSettingsSchema } from '../signal/settings.ts';

/** Each group stands beside the code that reads it. */
const tradingFieldsSchema = z.strictObject({
  /** Timeframe of signals; open positions keep their own. */
  timeframe: z.enum(TIMEFRAMES).default('6h'),
  signal: signalSettingsSchema.prefault({}),
  filter: filterSettingsSchema.prefault({}),
  risk: riskSettingsSchema.prefault({}),
  entry: entrySettingsSchema.prefault({}),
  exit: exitSettingsSchema.prefault({}),
});

/** Everything a person can set about trading, with what must agree between the groups. */
export const tradingSettingsSchema = tradingFieldsSchema.superRefine(({ entry, signal, exit }, context) => {
  const { rsiLongMax, rsiShortMin } = signal;
  const fault = ladderFault({ entry, stopLossPct: exit.stopLossPct, rsiLongMax, rsiShortMin });
  if (fault !== null)
    context.addIssue({ code: 'custom', path: ['entry', fault.key], message: fault.message });
});

/** Settings in force: every key has its value. */
export type TradingSettings = z.infer<typeof tradingSettingsSchema>;

/** The shipped defaults. */
export const DEFAULT_TRADING_SETTINGS: TradingSettings = tradingSettingsSchema.parse({});

/** The groups of settings; `timeframe` stands beside them. */
export const SETTINGS_GROUPS = ['signal', 'filter', 'risk', 'entry', 'exit'] as const;
type Group = (typeof SETTINGS_GROUPS)[number];

/** What holds for all instruments at once: no instrument and no bot may set it for itself. */
export const GLOBAL_ONLY: ReadonlySet<string> = new Set([
  'timeframe',
  'filter.scope',
  'filter.whitelist',
  'filter.blacklist',
  'risk.marginMode',
  'risk.positionsMax',
  'risk.exposurePctMax',
  'risk.dailyLossPctMax',
  'risk.rollingLossPctMax',
  'risk.orderNotionalUsdtMax',
  'risk.instrumentNotionalUsdtMax',
  'risk.ordersPerSecondMax',
  'risk.ordersPerMinuteMax',
  'risk.ordersPerDayMax',
  'risk.priceBandPctMax',
  'risk.lossWaitMinutes',
]);

/** What an instrument or a bot sets otherwise: the keys it names and no other. */
export type InstrumentPatch = { readonly [G in Group]?: Readonly<Partial<TradingSettings[G]>> };

/** What a person set for all instruments: the keys named and no other; the rest are defaults. */
export interface SettingsPatch extends InstrumentPatch {
  readonly timeframe?: TradingSettings['timeframe'];
}

/** Shape and ranges of a global patch. What depends on several keys is judged when it is put over its base. */
export const settingsPatchSchema = patchSchema(() => true) as z.ZodType<SettingsPatch>;
/** The same without what holds for all instruments at once. */
export const instrumentPatchSchema = patchSchema(
  (path) => !GLOBAL_ONLY.has(path),
) as z.ZodType<InstrumentPatch>;

function patchSchema(has: (path: string) => boolean): z.ZodObject {
  const groups = SETTINGS_GROUPS.map((group) => [group, sparseGroup(group, has).optional()]);
  const shape = Object.fromEntries(groups);
  if (has('timeframe')) shape.timeframe = withoutDefault(tradingSettingsSchema.shape.timeframe).optional();
  return z.strictObject(shape);
}

function sparseGroup(group: Group, has: (path: string) => boolean): z.ZodObject {
  const fields = Object.entries<z.ZodType>(tradingSettingsSchema.shape[group].unwrap().shape)
    .filter(([key]) => has(`${group}.${key}`))
    .map(([key, field]) => [key, withoutDefault(field).optional()]);
  return z.strictObject(Object.fromEntries(fields));
}

/** An optional key with a default would be filled in, and a patch holds what was set and nothing else. */
function withoutDefault(field: z.ZodType): z.ZodType {
  const inner = field instanceof z.ZodDefault || field instanceof z.ZodPrefault ? field.unwrap() : field;
  return inner as z.ZodType;
}
