import { instrumentIdOf } from '../../core/domain/typed-name.ts';
import { settingAt } from '../../core/engine/settings-fault.ts';
import type { Fields } from './json-text.ts';
import { type KeyRule, namesIn, numberIn, type RuleReading, repeated, textNote } from './key-rule.ts';

interface Plain {
  readonly path: string;
  /** The name that is written first, older ones after it. */
  readonly names: readonly [string, ...string[]];
}

/** How one value goes in and out. */
interface Carrying {
  readonly how: string;
  readonly read: (value: unknown) => { readonly value: unknown; readonly change: string | null };
  readonly write: (value: unknown) => unknown;
}

/** The value as it is. */
export function same(path: string, ...names: [string, ...string[]]): KeyRule {
  const read = (value: unknown) => ({ value: numberIn(value), change: textNote(value) });
  return carried({ path, names }, { how: 'as it is', read, write: (value) => value });
}

/** The value as it is, but never above the most we allow. */
export function atMost(max: number, path: string, ...names: [string, ...string[]]): KeyRule {
  const read = (stored: unknown) => {
    const value = numberIn(stored);
    if (typeof value !== 'number' || value <= max) return { value, change: textNote(stored) };
    return { value: max, change: `${value} is above the most that is allowed here, ${max}` };
  };
  return carried({ path, names }, { how: `at most ${max}`, read, write: (value) => value });
}

/** The value as it is, but never below the least there is. */
export function atLeast(min: number, path: string, name: string): KeyRule {
  const read = (stored: unknown) => {
    const value = numberIn(stored);
    if (typeof value !== 'number' || value >= min || value < 0) return { value, change: textNote(stored) };
    return { value: min, change: `${value} is below the least there is here, ${min}` };
  };
  return carried({ path, names: [name] }, { how: `at least ${min}`, read, write: (value) => value });
}

/** 0 there is none at all, for which there is a switch of its own here. */
export function zeroIsNone(path: string, name: string, instead: string): KeyRule {
  const rule = same(path, name);
  const ignored = [{ key: name, detail: `0 is none: ${instead} decides here` }];
  return {
    ...rule,
    how: `0 is not taken: ${instead} decides`,
    read: (fields, base) => (numberIn(fields[name]) === 0 ? { taken: [], ignored } : rule.read(fields, base)),
  };
}

/** 0 there, null here: off. */
export function zeroIsOff(path: string, name: string): KeyRule {
  const read = (stored: unknown) => {
    const value = numberIn(stored);
    return value === 0 ? { value: null, change: '0 is off' } : { value, change: textNote(stored) };
  };
  return carried({ path, names: [name] }, { how: '0 is null: off', read, write: (value) => value ?? 0 });
}

/** Seconds there, milliseconds here. */
export function seconds(path: string, name: string): KeyRule {
  const read = (stored: unknown) => {
    const value = numberIn(stored);
    if (typeof value !== 'number') return { value, change: null };
    return { value: Math.round(value * 1000), change: `${value} s` };
  };
  const write = (value: unknown) => (typeof value === 'number' ? value / 1000 : value);
  return carried({ path, names: [name] }, { how: 'seconds are milliseconds', read, write });
}

/** A list of coins, `BTC` there and `BTCUSDT` here. */
export function coinList(path: string, name: string): KeyRule {
  return {
    names: [name],
    paths: [path],
    how: 'coins by their whole names, each once',
    read: (fields) => readCoins(name, path, fields[name]),
    write: (settings) => {
      const members = settingAt(settings, path);
      return { [name]: Array.isArray(members) ? members.map((id) => shortName(String(id))) : [] };
    },
  };
}

/** `BTC` for `BTCUSDT`; a name that would come back as another stays whole. */
export function shortName(instrumentId: string): string {
  const short = instrumentId.replace(/USDT$/, '');
  return instrumentIdOf(short) === instrumentId ? short : instrumentId;
}

function carried({ path, names }: Plain, { how, read, write }: Carrying): KeyRule {
  return {
    names,
    paths: [path],
    how,
    read: (fields: Fields): RuleReading => {
      const [key = ''] = namesIn(names, fields);
      const { value, change } = read(fields[key]);
      return { taken: [{ key, path, value, change }], ignored: repeated(names, fields) };
    },
    write: (settings) => ({ [names[0]]: write(settingAt(settings, path)) }),
  };
}

function readCoins(key: string, path: string, stored: unknown): RuleReading {
  if (!Array.isArray(stored)) return { taken: [], refused: [{ key, detail: 'it takes a list of coins' }] };
  const ids = stored.map((name: unknown) => (typeof name === 'string' ? instrumentIdOf(name) : null));
  const wrong = stored.filter((_, index) => ids[index] === null);
  if (wrong.length > 0) {
    const named = wrong.map((name: unknown) => JSON.stringify(name)).join(', ');
    return { taken: [], refused: [{ key, detail: `no name of a coin: ${named}` }] };
  }
  const value = [...new Set(ids)];
  const change = value.length < stored.length ? 'coins named twice are kept once' : null;
  return { taken: [{ key, path, value, change }] };
}
