import { type KeyRule, numberIn, textNote } from './key-rule.ts';

/** One level for an exit whatever the trend at entry, as it was before there were two. Never written. */
export function exitPair(name: string, withTrend: Side, againstTrend: Side): KeyRule {
  return {
    names: [name],
    paths: [withTrend.path, againstTrend.path],
    how: 'both levels, where the file does not say each',
    read: (fields) => {
      const missing = [withTrend, againstTrend].filter(({ key }) => !Object.hasOwn(fields, key));
      const value = numberIn(fields[name]);
      const change = textNote(fields[name]);
      const taken = missing.map(({ path }) => ({ key: name, path, value, change }));
      const said = { key: name, detail: 'the file says the levels with and against the trend' };
      return { taken, ignored: missing.length === 0 ? [said] : [] };
    },
    write: () => ({}),
  };
}

/** A level with the name it has since. */
interface Side {
  readonly key: string;
  readonly path: string;
}
