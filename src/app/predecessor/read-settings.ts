import { parseInstrumentPatch, parseSettingsPatch } from '../../core/engine/effective-settings.ts';
import { GLOBAL_ONLY, type SettingsPatch, type TradingSettings } from '../../core/engine/settings.ts';
import type { SettingsFault } from '../../core/engine/settings-fault.ts';
import type { FileReport } from './import-report.ts';
import { type Fields, isFields } from './json-text.ts';
import { type KeyRule, namesIn, type TakenKey } from './key-rule.ts';
import { KEYS_NOT_TAKEN } from './keys-not-taken.ts';

/** Where a set of keys stands and what it may say. */
export interface KeyScope {
  readonly rules: readonly KeyRule[];
  readonly report: FileReport;
  /** Before every key in the report: `bots.BTC.`; empty at the top of a file. */
  readonly prefix: string;
  /** False: all coins. True: one, which may not say what holds for all at once. */
  readonly ofOne: boolean;
  /** What holds without these keys. */
  readonly base: TradingSettings;
}

/** What keys set, and which key each setting came from. */
export interface ReadKeys {
  readonly patch: SettingsPatch;
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * The settings keys say, each key with its line in the report. Values out of range are refused there; the patch is
 * then empty.
 */
export function readSettings(fields: Fields, scope: KeyScope): ReadKeys {
  const { rules, report, prefix } = scope;
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  for (const key of Object.keys(fields)) {
    if (!Object.hasOwn(said, key)) report.note('ignored', prefix + key, 'null: not set');
  }
  const taken = rules.flatMap((rule) => readRule(rule, said, scope));
  const known = new Set(rules.flatMap(({ names }) => names));
  for (const key of Object.keys(said).filter((name) => !known.has(name))) {
    const reason = Object.hasOwn(KEYS_NOT_TAKEN, key) ? KEYS_NOT_TAKEN[key] : undefined;
    report.note('ignored', prefix + key, reason ?? 'no known key');
  }
  const read = judge(taken, scope);
  for (const key of Object.keys(said)) {
    if (!report.has(prefix + key)) report.note('taken', prefix + key, 'read with the keys beside it');
  }
  return read;
}

/** Notes what is wrong with settings at the keys they came from. */
export function refuse(
  faults: readonly SettingsFault[],
  keys: ReadonlyMap<string, string>,
  { report, prefix }: Pick<KeyScope, 'report' | 'prefix'>,
): void {
  for (const { path, message } of faults) {
    const found = [...keys].find(
      ([setting]) => path === setting || path.endsWith(`.${setting}`) || path.includes(`${setting}.`),
    );
    const place = prefix + (found?.[1] ?? '');
    report.note('refused', place.replace(/\.$/, ''), `${path}: ${message}`);
  }
}

function readRule(rule: KeyRule, said: Fields, { report, prefix, base }: KeyScope): readonly TakenKey[] {
  if (namesIn(rule.names, said).length === 0) return [];
  const { taken, ignored = [], refused = [] } = rule.read(said, base);
  for (const { key, detail } of ignored) report.note('ignored', prefix + key, detail);
  for (const { key, detail } of refused) report.note('refused', prefix + key, detail);
  return taken;
}

function judge(taken: readonly TakenKey[], scope: KeyScope): ReadKeys {
  const keys = new Map<string, string>();
  const sent: Record<string, unknown> = {};
  for (const one of taken) {
    if (!tell(one, scope)) continue;
    const { key, path, value } = one;
    keys.set(path, key);
    const [group = '', name] = path.split('.');
    sent[group] = name === undefined ? value : { ...groupIn(sent[group]), [name]: value };
  }
  const parsed = scope.ofOne ? parseInstrumentPatch(sent) : parseSettingsPatch(sent);
  if (parsed.ok) return { patch: parsed.value, keys };
  refuse(parsed.error, keys, scope);
  return { patch: {}, keys };
}

/** Notes a setting in the report; false for one that a single coin may not have. */
function tell({ key, path, value, change }: TakenKey, { report, prefix, ofOne }: KeyScope): boolean {
  if (ofOne && GLOBAL_ONLY.has(path)) {
    report.note('ignored', prefix + key, `${path} holds for all coins at once`);
    return false;
  }
  const detail = `${path} = ${JSON.stringify(value)}`;
  if (change === null) report.note('taken', prefix + key, detail);
  else report.note('changed', prefix + key, `${detail}: ${change}`);
  return true;
}

function groupIn(value: unknown): Fields {
  return isFields(value) ? value : {};
}
