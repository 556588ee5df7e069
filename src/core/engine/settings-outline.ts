import { z } from 'zod';
import { DEFAULT_TRADING_SETTINGS, tradingSettingsSchema } from './settings.ts';
import { SETTINGS_PATHS, settingAt } from './settings-fault.ts';

/** A key as people read it. */
export interface SettingDescription {
  readonly path: string;
  /** `%`, `ms`, `candles` and the like; empty where the value has none. */
  readonly unit: string;
  readonly default: unknown;
  /** `5 to 200`, `true or false`, `all, whitelist or blacklist`. */
  readonly range: string;
}

/** Units by the words of a name, the first that fits: they stand last in it, before what bounds them. */
const UNITS: readonly (readonly [word: RegExp, unit: string])[] = [
  [/Pct/, '%'],
  [/Usdt/, 'USDT'],
  [/Ms$/, 'ms'],
  [/Minutes/, 'minutes'],
  [/Hours/, 'hours'],
  [/Days/, 'days'],
  [/Candles|Length/, 'candles'],
  [/Multiple|leverage/, '×'],
  [/Rate/, 'ratio'],
  [/^rsi|Rsi/, 'RSI points'],
];

const fieldSchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
});
type Field = z.infer<typeof fieldSchema>;
const groupSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

/** Every key there is, in the order of the schema, out of the schema itself. */
export function describeSettings(): readonly SettingDescription[] {
  const root = groupSchema.parse(z.toJSONSchema(tradingSettingsSchema));
  return SETTINGS_PATHS.map((path) => {
    const [group = '', key] = path.split('.');
    const field =
      key === undefined ? root.properties[group] : groupSchema.parse(root.properties[group]).properties[key];
    const value = settingAt(DEFAULT_TRADING_SETTINGS, path);
    const range = rangeOf(field);
    const unit = typeof value === 'number' || range.includes(' to ') ? unitOf(key ?? group) : '';
    return { path, unit, default: value, range };
  });
}

function unitOf(key: string): string {
  return UNITS.find(([word]) => word.test(key))?.[1] ?? '';
}

function rangeOf(value: unknown): string {
  const parsed = fieldSchema.safeParse(value);
  return parsed.success ? rangeOfField(parsed.data) : '';
}

function rangeOfField(field: Field): string {
  if (field.enum !== undefined) return orList(field.enum.map(String));
  if (field.anyOf !== undefined) return orList(field.anyOf.map(rangeOf));
  const types = [field.type ?? []].flat();
  const names = types.map((type) => rangeOfType(type, field)).filter((name) => name !== '');
  return orList(names);
}

function rangeOfType(type: string, field: Field): string {
  if (type === 'boolean') return 'true or false';
  if (type === 'array') return 'a list';
  if (type !== 'number' && type !== 'integer') return type === 'null' ? 'null' : 'a text';
  const whole = type === 'integer' ? 'whole, ' : '';
  const low =
    field.exclusiveMinimum === undefined ? String(field.minimum) : `above ${field.exclusiveMinimum}`;
  return `${whole}${low} to ${field.maximum}`;
}

function orList(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
