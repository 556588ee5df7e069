import type { TradingSettings } from '../../core/engine/settings.ts';
import type { Fields } from './json-text.ts';
import { type KeyRule, namesIn, numberIn, type RuleReading, repeated, textNote } from './key-rule.ts';

type Sizing = TradingSettings['risk']['sizing'];
/** The ways the predecessor has words for. */
type SharedSizing = Exclude<Sizing, 'risk'>;

/** The setting that holds the size, by the way it is computed. */
const SIZE_KEYS = {
  notional: 'positionNotionalUsdt',
  equity: 'positionEquityPct',
  quantity: 'positionQuantity',
} as const satisfies Record<SharedSizing, keyof TradingSettings['risk']>;

/** Its words for them: the one that is written first, the others were used elsewhere for the same. */
const MODES: Readonly<Record<SharedSizing, readonly [string, ...string[]]>> = {
  notional: ['usdt', 'fixed_usdt'],
  equity: ['percent', 'percent_balance'],
  quantity: ['qty', 'fixed_qty'],
};

/** How large an entry is: a mode and a number whose unit depends on it. The first name of each is written. */
export function sizingRule(modeNames: readonly string[], sizeNames: readonly string[]): KeyRule {
  return {
    names: [...modeNames, ...sizeNames],
    paths: ['risk.sizing', ...Object.values(SIZE_KEYS).map((key) => `risk.${key}`)],
    how: 'usdt is notional, percent is % of equity, qty is base units; the number goes to the setting of its mode',
    read: (fields, base) => read({ modeNames, sizeNames, fields, base }),
    write: ({ risk }) => {
      const [mode, size] = [modeNames[0] ?? '', sizeNames[0] ?? ''];
      if (risk.sizing === 'risk') return {};
      return { [mode]: MODES[risk.sizing][0], [size]: risk[SIZE_KEYS[risk.sizing]] };
    },
  };
}

function read(parts: {
  readonly modeNames: readonly string[];
  readonly sizeNames: readonly string[];
  readonly fields: Fields;
  readonly base: TradingSettings;
}): RuleReading {
  const { modeNames, sizeNames, fields, base } = parts;
  const [modeKey] = namesIn(modeNames, fields);
  const [sizeKey] = namesIn(sizeNames, fields);
  const ignored = [...repeated(modeNames, fields), ...repeated(sizeNames, fields)];
  const sizing = modeKey === undefined ? base.risk.sizing : sizingOf(fields[modeKey]);
  if (sizing === null) {
    const known = Object.values(MODES).flat().join(', ');
    return { taken: [], ignored, refused: [{ key: modeKey ?? '', detail: `it takes one of: ${known}` }] };
  }
  const mode = { path: 'risk.sizing', value: sizing, change: null };
  const taken = modeKey === undefined ? [] : [{ ...mode, key: modeKey }];
  if (sizeKey === undefined) return { taken, ignored };
  if (sizing === 'risk') {
    const detail = 'sizes are computed from the stop here (risk.sizing), and it names no mode of its own';
    return { taken, ignored: [...ignored, { key: sizeKey, detail }] };
  }
  const stored = fields[sizeKey];
  const path = `risk.${SIZE_KEYS[sizing]}`;
  const size = { key: sizeKey, path, value: numberIn(stored), change: textNote(stored) };
  return { taken: [...taken, size], ignored };
}

/** Null for a word that is no mode. */
function sizingOf(word: unknown): SharedSizing | null {
  for (const sizing of ['notional', 'equity', 'quantity'] as const) {
    if (MODES[sizing].some((known) => known === word)) return sizing;
  }
  return null;
}
