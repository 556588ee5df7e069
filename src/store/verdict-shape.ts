import { assert } from '../core/base/assert.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Verdict } from '../core/domain/verdict.ts';
import { keptNumber } from './number-column.ts';

/** How a margin is kept: not there, value less threshold, threshold less value, or a number of its own. */
type MarginRule = 'none' | 'over' | 'under' | 'own';

/** What stands for a value or threshold: nothing, a number of its column, the instrument's id, or `=` and the text. */
type Part = null | '#' | '@' | `=${string}`;

/** A verdict without its numbers: most of a close share theirs. Written as it is into the head of a packed close. */
export type VerdictShape = readonly [
  filter: string,
  code: string,
  kind: Verdict['kind'],
  unit: string,
  value: Part,
  threshold: Part,
  margin: MarginRule,
];

/** The numbers a shape leaves out; null for none. */
export interface VerdictNumbers {
  readonly value: number | null;
  readonly threshold: number | null;
  readonly margin: number | null;
}

/** Puts a verdict together from its shape and its numbers. */
export function joinVerdict(shape: VerdictShape, numbers: VerdictNumbers, id: InstrumentId): Verdict {
  const [filter, code, kind, unit, value, threshold, margin] = shape;
  return {
    filter,
    code,
    kind,
    value: wholeOf(value, numbers.value, id),
    threshold: wholeOf(threshold, numbers.threshold, id),
    margin: marginOf(margin, numbers),
    unit,
  };
}

function wholeOf(part: Part, number: number | null, id: InstrumentId): number | string | null {
  if (part === null) return null;
  if (part === '#') return number;
  return part === '@' ? id : part.slice(1);
}

function marginOf(rule: MarginRule, { value, threshold, margin }: VerdictNumbers): number | null {
  if (rule === 'none') return null;
  if (rule === 'own' || value === null || threshold === null) return margin;
  return rule === 'over' ? value - threshold : threshold - value;
}

/** Places are two bytes, and the first is nothing's. */
const SHAPES_MAX = 0xff_ff;

/** The different shapes of a close, each once, by their order of coming. */
export class ShapeList {
  readonly values: VerdictShape[] = [];
  /** Few shapes have one code, and comparing them is cheaper than making one. */
  private readonly placesByCode = new Map<string, number[]>();

  /** The place of a verdict's shape. */
  placeOf(verdict: Verdict, id: InstrumentId): number {
    const rule = marginRule(verdict);
    const places = this.placesOf(verdict.code);
    for (const place of places) {
      const shape = this.values[place];
      if (shape !== undefined && hasShape(shape, verdict, { id, rule })) return place;
    }
    const added = this.values.length;
    assert(added < SHAPES_MAX, 'A packed row can point to every shape of its close.');
    this.values.push(shapeOf(verdict, { id, rule }));
    places.push(added);
    return added;
  }

  private placesOf(code: string): number[] {
    const known = this.placesByCode.get(code);
    if (known !== undefined) return known;
    const places: number[] = [];
    this.placesByCode.set(code, places);
    return places;
  }
}

/** True for a shape whose verdicts have a margin that neither value nor threshold gives. */
export function ownsMargin(shape: VerdictShape | undefined): boolean {
  return shape?.[6] === 'own';
}

interface Around {
  readonly id: InstrumentId;
  readonly rule: MarginRule;
}

function shapeOf(verdict: Verdict, { id, rule }: Around): VerdictShape {
  const { filter, code, kind, unit, value, threshold } = verdict;
  return [filter, code, kind, unit, partOf(value, id), partOf(threshold, id), rule];
}

function hasShape(shape: VerdictShape, verdict: Verdict, { id, rule }: Around): boolean {
  const [filter, code, kind, unit, value, threshold, margin] = shape;
  const isAlike = code === verdict.code && filter === verdict.filter && kind === verdict.kind;
  if (!isAlike || unit !== verdict.unit || margin !== rule) return false;
  return standsFor(value, verdict.value, id) && standsFor(threshold, verdict.threshold, id);
}

function partOf(value: number | string | null, id: InstrumentId): Part {
  if (value === null) return null;
  if (typeof value === 'number') return '#';
  return value === id ? '@' : `=${value}`;
}

function standsFor(part: Part, value: number | string | null, id: InstrumentId): boolean {
  if (value === null) return part === null;
  if (typeof value === 'number') return part === '#';
  if (value === id) return part === '@';
  return part !== null && part[0] === '=' && part.length === value.length + 1 && part.endsWith(value);
}

/** The margin is left out only where what is kept of value and threshold gives it back on the same side of nothing. */
function marginRule({ value, threshold, margin }: Verdict): MarginRule {
  if (margin === null) return 'none';
  if (typeof value !== 'number' || typeof threshold !== 'number') return 'own';
  const isOver = margin === value - threshold;
  if (!isOver && margin !== threshold - value) return 'own';
  const seen = [
    keptNumber(value) - keptNumber(threshold),
    keptNumber(value) - threshold,
    value - keptNumber(threshold),
  ];
  const side = isOver ? Math.sign(margin) : 0 - Math.sign(margin);
  if (seen.some((over) => Math.sign(over) !== side)) return 'own';
  return isOver ? 'over' : 'under';
}
