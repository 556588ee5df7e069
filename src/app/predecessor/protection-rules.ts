import type { Fields } from './json-text.ts';
import {
  type KeyNote,
  type KeyRule,
  namesIn,
  numberIn,
  type RuleReading,
  repeated,
  type TakenKey,
  textNote,
} from './key-rule.ts';

const ACTIVATION = 'trailing_stop_activation';
const DISTANCE = 'trailing_stop_distance';
const TRIGGERS = ['break_even_trigger_percent', 'break_even_trigger'] as const;
const SWITCH = 'break_even_protection';
/** Written by our export, so that its own large numbers are not taken for the others. */
const UNIT = 'protection_percent_of';

/** From here on a number is no price move: a short cannot gain 100 %, a stop 50 % behind guards nothing. */
const PROFIT_PCT_OF_MARGIN_MIN = 100;
const DISTANCE_PCT_OF_PRICE_MAX = 50;

/** What both rules do with numbers of the other unit. */
const OF_MARGIN = `where the file has an activation from ${PROFIT_PCT_OF_MARGIN_MIN} % or a distance above ${DISTANCE_PCT_OF_PRICE_MAX} %, activation, distance and trigger are percent of margin and divided by its leverage; without one they are not taken`;

/**
 * The trailing stop. Its numbers and those of break-even were percent of the margin for a time and percent of the
 * price later, under the same names: numbers that can be no price move tell, and then all of them are divided.
 */
export const trailingRule: KeyRule = {
  names: [ACTIVATION, DISTANCE, UNIT],
  paths: ['exit.trailingActivationPct', 'exit.trailingDistancePct'],
  how: `a distance of 0 is null: off; ${OF_MARGIN}`,
  read: (fields) => readTrailing(fields, unitOf(fields)),
  write: ({ exit: { trailingActivationPct, trailingDistancePct } }) =>
    trailingActivationPct === null
      ? { [DISTANCE]: 0 }
      : { [ACTIVATION]: trailingActivationPct, [DISTANCE]: trailingDistancePct, [UNIT]: 'price' },
};

/** Break-even, in the same two units. */
export const breakEvenRule: KeyRule = {
  names: [...TRIGGERS, SWITCH, UNIT],
  paths: ['exit.breakEvenTriggerPct'],
  how: `${SWITCH} false is null: off; ${OF_MARGIN}. A trigger from ${PROFIT_PCT_OF_MARGIN_MIN} % beside other numbers that are price moves is not taken`,
  read: (fields) => readBreakEven(fields, unitOf(fields)),
  write: ({ exit: { breakEvenTriggerPct } }) =>
    breakEvenTriggerPct === null
      ? { [SWITCH]: false }
      : { [SWITCH]: true, [TRIGGERS[0]]: breakEvenTriggerPct, [UNIT]: 'price' },
};

/** Profit that closes, with its own switch. */
export const takeProfitRule: KeyRule = {
  names: ['take_profit_percent', 'close_at_profit_enabled'],
  paths: ['exit.takeProfitPct'],
  how: 'close_at_profit_enabled false is null: none',
  read: (fields) => {
    const [key, enabled] = ['take_profit_percent', 'close_at_profit_enabled'];
    const path = 'exit.takeProfitPct';
    const wrong = switchFault(enabled, fields);
    if (wrong !== null) return { taken: [], refused: [wrong] };
    if (fields[enabled] === false) {
      return { taken: [{ key: enabled, path, value: null, change: `${enabled} is false: off` }] };
    }
    if (!Object.hasOwn(fields, key)) return { taken: [] };
    return { taken: [{ key, path, value: numberIn(fields[key]), change: textNote(fields[key]) }] };
  },
  write: ({ exit: { takeProfitPct } }) =>
    takeProfitPct === null
      ? { close_at_profit_enabled: false }
      : { take_profit_percent: takeProfitPct, close_at_profit_enabled: true },
};

/** `price`; a number: percent of margin at this leverage; null: percent of margin, and the leverage is unknown. */
type Unit = 'price' | number | null;

/** The trailing stop's numbers tell: break-even's were offered up to 300 long after they were price moves. */
function unitOf(fields: Fields): Unit {
  const ofMargin =
    numberOrZero(fields[ACTIVATION]) >= PROFIT_PCT_OF_MARGIN_MIN ||
    numberOrZero(fields[DISTANCE]) > DISTANCE_PCT_OF_PRICE_MAX;
  if (!ofMargin || fields[UNIT] === 'price') return 'price';
  const leverage = numberOrZero(fields['leverage']);
  return leverage >= 1 ? leverage : null;
}

function numberOrZero(value: unknown): number {
  const number = numberIn(value);
  return typeof number === 'number' ? number : 0;
}

function readTrailing(fields: Fields, unit: Unit): RuleReading {
  if (numberIn(fields[DISTANCE]) === 0) {
    const off = { path: 'exit.trailingActivationPct', value: null };
    const noted = namesIn([ACTIVATION], fields).map((key) => ({ key, detail: `${DISTANCE} 0 is off` }));
    return { taken: [{ key: DISTANCE, ...off, change: '0 is off' }], ignored: noted };
  }
  const readings = [
    inPrice(namesIn([ACTIVATION], fields), 'exit.trailingActivationPct', { fields, unit }),
    inPrice(namesIn([DISTANCE], fields), 'exit.trailingDistancePct', { fields, unit }),
  ];
  return {
    taken: readings.flatMap(({ taken }) => taken),
    ignored: readings.flatMap(({ ignored = [] }) => ignored),
  };
}

function readBreakEven(fields: Fields, unit: Unit): RuleReading {
  const names = namesIn(TRIGGERS, fields);
  const path = 'exit.breakEvenTriggerPct';
  const wrong = switchFault(SWITCH, fields);
  if (wrong !== null) return { taken: [], refused: [wrong] };
  if (fields[SWITCH] === false) {
    const ignored = names.map((key) => ({ key, detail: `${SWITCH} is false` }));
    return { taken: [{ key: SWITCH, path, value: null, change: 'false is off' }], ignored };
  }
  const [key = ''] = names;
  if (unit === 'price' && fields[UNIT] !== 'price' && numberOrZero(fields[key]) >= PROFIT_PCT_OF_MARGIN_MIN) {
    const detail = `${numberIn(fields[key])} is hardly a price move, and nothing says percent of what it is: set ${path} yourself`;
    return { taken: [], ignored: [{ key, detail }, ...repeated(TRIGGERS, fields)] };
  }
  const read = inPrice(names, path, { fields, unit });
  return { ...read, ignored: [...(read.ignored ?? []), ...repeated(TRIGGERS, fields)] };
}

/** The first of the names as a price move. */
function inPrice(
  [key]: readonly string[],
  path: string,
  { fields, unit }: { readonly fields: Fields; readonly unit: Unit },
): RuleReading {
  if (key === undefined) return { taken: [] };
  const stored = fields[key];
  const value = numberIn(stored);
  const plain: TakenKey = { key, path, value, change: textNote(stored) };
  if (unit === 'price' || typeof value !== 'number') return { taken: [plain] };
  if (unit === null) {
    const detail = `${value} is percent of the margin, and the file names no leverage to turn it into a price move: set ${path} yourself`;
    return { taken: [], ignored: [{ key, detail }] };
  }
  const move = Number((value / unit).toPrecision(12));
  const change = `${value} % of the margin at ${unit}x is ${move} % of the price`;
  return { taken: [{ ...plain, value: move, change }] };
}

function switchFault(key: string, fields: Fields): KeyNote | null {
  const value = fields[key];
  return value === undefined || typeof value === 'boolean' ? null : { key, detail: 'it takes true or false' };
}
