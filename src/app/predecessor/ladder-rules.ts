import type { Fields } from './json-text.ts';
import { type KeyRule, namesIn, numberIn, type RuleReading } from './key-rule.ts';

const SWITCH = 'limit_orders_entry_enabled';
const STEPS = 'limit_orders_percent_steps';
const AMOUNTS = 'limit_orders_margin_amounts';
const METHOD_PATH = 'entry.entryMethod';
const RUNGS_PATH = 'entry.rungs';

/** Whether an entry is split over limit orders. */
export const ladderSwitchRule: KeyRule = {
  names: [SWITCH],
  paths: [METHOD_PATH],
  how: 'true is ladder, false is market',
  read: (fields) => {
    const stored = fields[SWITCH];
    if (typeof stored !== 'boolean') return refusedBoth([SWITCH], 'it takes true or false');
    const value = stored ? 'ladder' : 'market';
    return { taken: [{ key: SWITCH, path: METHOD_PATH, value, change: null }] };
  },
  write: ({ entry }) => ({ [SWITCH]: entry.entryMethod === 'ladder' }),
};

/** Two lists there, one list of pairs here. An amount was money; here it says in which proportion the size is split. */
export const ladderRungsRule: KeyRule = {
  names: [STEPS, AMOUNTS],
  paths: [RUNGS_PATH],
  how: 'both lists together; amounts are weights, and risk.sizing says how large all orders are together',
  read: readRungs,
  write: ({ entry }) => ({
    [STEPS]: entry.rungs.map(({ offsetPct }) => offsetPct),
    [AMOUNTS]: entry.rungs.map(({ weight }) => weight),
  }),
};

function readRungs(fields: Fields): RuleReading {
  const named = namesIn([STEPS, AMOUNTS], fields);
  if (!named.includes(STEPS)) {
    return { taken: [], ignored: [{ key: AMOUNTS, detail: `it means nothing without ${STEPS}` }] };
  }
  const steps = numbersIn(fields[STEPS]);
  const amounts = named.includes(AMOUNTS) ? numbersIn(fields[AMOUNTS]) : (steps?.map(() => 1) ?? null);
  if (steps === null || amounts === null) return refusedBoth(named, 'it takes a list of numbers');
  if (steps.length !== amounts.length) {
    return refusedBoth(named, `${steps.length} steps and ${amounts.length} amounts do not go together`);
  }
  const value = steps.map((offsetPct, index) => ({ offsetPct, weight: amounts[index] }));
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  const change = `the amounts, ${sum} in all, share the size of an entry that risk.sizing says`;
  return {
    taken: named.map((key) => ({ key, path: RUNGS_PATH, value, change: key === AMOUNTS ? change : null })),
  };
}

function refusedBoth(keys: readonly string[], detail: string): RuleReading {
  return { taken: [], refused: keys.map((key) => ({ key, detail })) };
}

/** Null for anything but a list of numbers, which may stand as texts. */
function numbersIn(stored: unknown): readonly number[] | null {
  if (!Array.isArray(stored)) return null;
  const values: readonly unknown[] = stored.map(numberIn);
  return values.every((value) => typeof value === 'number') ? values : null;
}
