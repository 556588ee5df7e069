import { assert } from '../base/assert.ts';
import { rng } from '../base/rng.ts';
import type { Indicator } from './indicator.ts';

/** An indicator under examination, and how to feed it. */
export interface IndicatorSubject<Input, Output, State> {
  readonly make: () => Indicator<Input, Output, State>;
  /** Turns a series of positive closes into inputs, one each. */
  readonly inputs: (closes: readonly number[]) => readonly Input[];
  /** An input that is not a number. */
  readonly broken: Input;
  /** The batch form, one value an input, null in warm-up; left out where there is none. */
  readonly batch?: (inputs: readonly Input[]) => readonly (Output | null)[];
}

/** One promise of the family. `check` stops with a sentence when it is broken. */
export interface Promised {
  readonly title: string;
  readonly check: () => void;
}

const SERIES_LENGTH = 400;
const SEEDS = [1, 2, 3, 4, 5];

/**
 * The promises of `Indicator` as named checks, for a test to run one by one. Values are compared bit by bit
 * (`Object.is`), over seeded random walks with jumps and flat stretches.
 */
export function indicatorContract<Input, Output, State>(
  subject: IndicatorSubject<Input, Output, State>,
): readonly Promised[] {
  const walks = SEEDS.map((seed) => subject.inputs(randomCloses(seed)));
  const each = (check: (inputs: readonly Input[]) => void) => () => {
    for (const inputs of walks) check(inputs);
  };
  return [
    { title: 'is null in warm-up and never after it', check: each((walk) => warmsUp(subject, walk)) },
    { title: 'shows what update returned', check: each((walk) => showsUpdate(subject, walk)) },
    { title: 'peek tells the next value and changes nothing', check: each((walk) => peeks(subject, walk)) },
    { title: 'goes on bit-equal from a snapshot in JSON', check: each((walk) => goesOn(subject, walk)) },
    { title: 'stops on an input that is not a number', check: () => refusesBroken(subject) },
    { title: 'gives the same bits as a batch', check: each((walk) => agreesWithBatch(subject, walk)) },
  ];
}

/** A walk of positive closes: small steps, a jump now and then, and a stretch without a move. */
export function randomCloses(seed: number, length: number = SERIES_LENGTH): number[] {
  const dice = rng(seed);
  const closes: number[] = [];
  let close = 100 * 10 ** (dice.integer(9) - 4);
  for (let row = 0; row < length; row += 1) {
    const flat = row % 90 >= 70;
    const jump = dice.integer(40) === 0 ? 10 : 1;
    if (!flat) close *= Math.exp(dice.normal() * 0.01 * jump);
    closes.push(close);
  }
  return closes;
}

function warmsUp<I, O, S>({ make }: IndicatorSubject<I, O, S>, inputs: readonly I[]): void {
  const indicator = make();
  assert(indicator.value === null, 'The value is null before the first input.');
  for (const [row, input] of inputs.entries()) {
    const warm = row + 1 < indicator.warmUpLength;
    assert((indicator.update(input) === null) === warm, `Input ${row + 1} is null exactly in warm-up.`);
  }
}

function showsUpdate<I, O, S>({ make }: IndicatorSubject<I, O, S>, inputs: readonly I[]): void {
  const indicator = make();
  for (const input of inputs) {
    const returned = indicator.update(input);
    assert(sameBits(indicator.value, returned), 'value is what the last update returned.');
  }
}

function peeks<I, O, S>({ make }: IndicatorSubject<I, O, S>, inputs: readonly I[]): void {
  const indicator = make();
  for (const [row, input] of inputs.entries()) {
    const before = JSON.stringify([indicator.snapshot(), indicator.value]);
    for (const other of inputs.slice(0, 3)) indicator.peek(other);
    const told = indicator.peek(input);
    assert(
      JSON.stringify([indicator.snapshot(), indicator.value]) === before,
      'peek leaves the state alone.',
    );
    assert(sameBits(indicator.update(input), told), `peek at input ${row + 1} tells what update returns.`);
  }
}

function goesOn<I, O, S>({ make }: IndicatorSubject<I, O, S>, inputs: readonly I[]): void {
  const original = make();
  let copy = make();
  for (const [row, input] of inputs.entries()) {
    if (row % 7 === 0) {
      const stored: S = JSON.parse(JSON.stringify(original.snapshot()));
      copy = row % 2 === 0 ? make() : copy;
      copy.restore(stored);
      assert(sameBits(copy.value, original.value), `The copy restored at input ${row} shows the same value.`);
    }
    const [first, second] = [copy.update(input), original.update(input)];
    assert(sameBits(first, second), `The copy goes on bit-equal at input ${row}.`);
  }
}

function refusesBroken<I, O, S>({ make, inputs, broken }: IndicatorSubject<I, O, S>): void {
  for (const taken of [0, 1, 5, 100]) {
    const indicator = make();
    for (const input of inputs(randomCloses(9, taken))) indicator.update(input);
    assert(
      stops(() => indicator.update(broken)),
      `update stops on NaN after ${taken} inputs.`,
    );
    assert(
      stops(() => indicator.peek(broken)),
      `peek stops on NaN after ${taken} inputs.`,
    );
  }
}

function agreesWithBatch<I, O, S>({ make, batch }: IndicatorSubject<I, O, S>, inputs: readonly I[]): void {
  if (batch === undefined) return;
  for (const count of [0, 1, 2, make().warmUpLength - 1, make().warmUpLength, inputs.length]) {
    const part = inputs.slice(0, count);
    const indicator = make();
    const column = batch(part);
    assert(column.length === part.length, 'The batch has a value for every input.');
    for (const [row, input] of part.entries()) {
      const same = sameBits(indicator.update(input), column[row] ?? null);
      assert(same, `Row ${row} of ${count} is the same in batch and stream.`);
    }
  }
}

function stops(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

/** Equal to the last bit, field by field where a value has fields. */
function sameBits(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => sameBits(value, right.get(key)));
}
