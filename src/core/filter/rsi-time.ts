import type { Direction } from '../domain/order.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { SignalSettings } from '../signal/settings.ts';
import { type EntryContext, entryDirection } from './entry-context.ts';
import type { FilterSettings } from './settings.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'rsi-time';
const OFF = pass(FILTER, 'filter.rsi-time.off', NOTHING);
const PASS = pass(FILTER, 'filter.rsi-time.pass', NOTHING);

/** The search goes back this many times the calm asked for. */
const SEARCH_MULTIPLE = 3;
/** RSI values needed at least, and beyond twice the calm in the strict form. */
const VALUES_MIN = 30;
const STRICT_VALUES_EXTRA = 14;

/** How far RSI went and how far it may come back, for one direction, RSI points. */
export interface RsiTimeRule {
  readonly direction: Direction;
  /** RSI at or beyond this is an extreme. */
  readonly extreme: number;
  /** RSI beyond this, towards the middle, ends the calm. */
  readonly calm: number;
  readonly candles: number;
  readonly strict: boolean;
}

/** What became of the newest extreme. */
export interface RsiTimeReading {
  readonly kind: 'no-extreme' | 'missed' | 'wait' | 'calm';
  /** Candles since the extreme that counts; null without one. */
  readonly extremeCandlesAgo: number | null;
  /** Candles since then, it included, on which RSI stayed calm. */
  readonly calmCandles: number;
  /** RSI where the calm last broke; else the RSI nearest to the extreme. */
  readonly rsi: number;
}

/**
 * Vetoes an entry unless RSI reached its extreme and has stayed near it for `rsiTimeCandles` candles since.
 * Value: candles of calm; where there is no calm to count, the RSI that is why.
 */
export function rsiTime({ settings, signal, signalSettings, market }: EntryContext): Verdict {
  const direction = entryDirection(signal);
  if (!settings.rsiTimeEnabled) return OFF;
  if (direction === null) return PASS;
  const rule = ruleOf(settings, direction, signalSettings);
  const needed = valuesNeeded(rule);
  const held = market.scan.rsiHistory.length;
  if (!(held >= needed)) {
    const few = { value: held, threshold: needed, margin: held - needed, unit: 'candles' };
    return veto(FILTER, 'filter.rsi-time.too-few', few);
  }
  return verdictOf(readRsiTime(market.scan.rsiHistory.last(windowLength(rule)), rule), rule);
}

/**
 * Finds the extreme that counts in RSI values, oldest first, the newest last; only the window of the rule is
 * looked at. The calm begins with the first extreme after its last break, however often RSI touches the
 * extreme again. In the strict form the window is no longer than the calm asked for, it begins with the
 * first extreme inside, and any break after that ends it. What is no number breaks the calm.
 */
export function readRsiTime(values: ArrayLike<number>, rule: RsiTimeRule): RsiTimeReading {
  const start = Math.max(0, values.length - windowLength(rule));
  const lastBreak = lastBroken(values, start, rule);
  const first = firstExtreme(values, rule.strict ? start : lastBreak + 1, rule);
  if (first === -1 && firstExtreme(values, start, rule) === -1) {
    const rsi = nearest(values, start, rule);
    return { kind: 'no-extreme', extremeCandlesAgo: null, calmCandles: 0, rsi };
  }
  const broken = first === -1 || lastBreak >= first;
  const calmCandles = first === -1 ? 0 : countCalm(values, first, rule);
  return {
    kind: broken ? 'missed' : waitOrCalm(calmCandles, rule),
    extremeCandlesAgo: first === -1 ? null : values.length - 1 - first,
    calmCandles,
    rsi: broken ? at(values, lastBreak) : nearest(values, start, rule),
  };
}

/** Row of the newest value that breaks the calm; the row before `start` without one. */
function lastBroken(values: ArrayLike<number>, start: number, rule: RsiTimeRule): number {
  let row = values.length - 1;
  while (row >= start && !isBroken(at(values, row), rule)) row -= 1;
  return row;
}

/** Row of the oldest extreme from `start` on; -1 without one. */
function firstExtreme(values: ArrayLike<number>, start: number, rule: RsiTimeRule): number {
  for (let row = start; row < values.length; row += 1) if (isExtreme(at(values, row), rule)) return row;
  return -1;
}

function countCalm(values: ArrayLike<number>, first: number, rule: RsiTimeRule): number {
  let count = 0;
  for (let row = first; row < values.length; row += 1) if (!isBroken(at(values, row), rule)) count += 1;
  return count;
}

/** What is not there is no number, and breaks the calm. */
function at(values: ArrayLike<number>, row: number): number {
  return values[row] ?? Number.NaN;
}

function waitOrCalm(calmCandles: number, { candles }: RsiTimeRule): 'wait' | 'calm' {
  return calmCandles >= candles ? 'calm' : 'wait';
}

function ruleOf(settings: FilterSettings, direction: Direction, thresholds: SignalSettings): RsiTimeRule {
  const long = direction === 'long';
  return {
    direction,
    extreme: long ? thresholds.rsiLongMax : thresholds.rsiShortMin,
    calm: long ? settings.rsiTimeLower : settings.rsiTimeUpper,
    candles: settings.rsiTimeCandles,
    strict: settings.rsiTimeStrict,
  };
}

function windowLength({ candles, strict }: RsiTimeRule): number {
  return strict ? candles : SEARCH_MULTIPLE * candles;
}

function valuesNeeded(rule: RsiTimeRule): number {
  const look = rule.strict ? 2 * rule.candles + STRICT_VALUES_EXTRA : windowLength(rule);
  return Math.max(VALUES_MIN, look);
}

function isExtreme(rsi: number, { direction, extreme }: RsiTimeRule): boolean {
  return direction === 'long' ? rsi <= extreme : rsi >= extreme;
}

function isBroken(rsi: number, { direction, calm }: RsiTimeRule): boolean {
  return !(direction === 'long' ? rsi <= calm : rsi >= calm);
}

function nearest(values: ArrayLike<number>, start: number, { direction }: RsiTimeRule): number {
  let best = at(values, start);
  for (let row = start + 1; row < values.length; row += 1) {
    best = direction === 'long' ? Math.min(best, at(values, row)) : Math.max(best, at(values, row));
  }
  return best;
}

function verdictOf({ kind, calmCandles, rsi }: RsiTimeReading, rule: RsiTimeRule): Verdict {
  const calm = {
    value: calmCandles,
    threshold: rule.candles,
    margin: calmCandles - rule.candles,
    unit: 'candles',
  };
  if (kind === 'calm') return pass(FILTER, 'filter.rsi-time.pass', calm);
  if (kind === 'wait') return veto(FILTER, 'filter.rsi-time.wait', calm);
  const missed = kind === 'missed';
  const threshold = missed ? rule.calm : rule.extreme;
  const margin = rule.direction === 'long' ? threshold - rsi : rsi - threshold;
  return veto(FILTER, missed ? 'filter.rsi-time.missed' : 'filter.rsi-time.no-extreme', {
    value: rsi,
    threshold,
    margin,
    unit: 'RSI',
  });
}
