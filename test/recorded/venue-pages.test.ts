import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES_SERVED, PUSHES_SERVED, tradedVenue } from './venue-pages.ts';
import { PAGES_NOT_SERVED } from './venue-pages-left-out.ts';

const ROOT = join(process.env['INFOBOT_TEST_DATA'] ?? '', 'fixtures', 'bybit-docs');

interface DocumentedField {
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  /** The category the table is about, where there is one for each. */
  readonly group?: string;
}

interface DocumentedPage {
  readonly endpoint: readonly (readonly [string, string])[];
  readonly response: readonly DocumentedField[];
}

interface Field extends DocumentedField {
  readonly children: Field[];
}

const PAGES: Readonly<Record<string, DocumentedPage>> = JSON.parse(
  readFileSync(join(ROOT, '_fields.json'), 'utf8'),
);

/** What the documents call a type, as JSON has it. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  int: 'number',
  long: 'number',
  number: 'number',
  boolean: 'boolean',
  bool: 'boolean',
  array: 'array',
  list: 'array',
  object: 'object',
  json: 'object',
  map: 'object',
};

describe('the documented pages', () => {
  it('are each served, pushed, or left out for a reason', () => {
    const known = [
      ...Object.keys(PAGES_SERVED),
      ...Object.keys(PUSHES_SERVED),
      ...Object.keys(PAGES_NOT_SERVED),
    ];
    expect(known.toSorted()).toEqual(Object.keys(PAGES).toSorted());
  });

  it.each(Object.entries(PAGES_SERVED))('%s is answered with every field and type', async (page, served) => {
    const answer = await served.ask(await tradedVenue());
    expect(answer, page).toMatchObject({ retCode: 0 });
    const fields = treeOf(PAGES[page]?.response ?? []);
    const root = fields.some((field) => field.name === 'result') ? answer : answer.result;
    expect(faults(fields, root, { path: '', exceptions: served })).toEqual([]);
  });

  it.each(Object.entries(PUSHES_SERVED))('%s is pushed with every field and type', async (page, served) => {
    const push = await served.push(await tradedVenue());
    const fields = treeOf(PAGES[page]?.response ?? []);
    expect(faults(fields, push, { path: '', exceptions: served })).toEqual([]);
  });
});

/** Fields stand in the order of reading, each with its depth; children follow their parent. */
function treeOf(fields: readonly DocumentedField[]): readonly Field[] {
  const root: Field[] = [];
  const branch: Field[] = [];
  for (const each of fields.filter(isOfContracts)) {
    const field: Field = { ...each, children: [] };
    branch.length = Math.min(branch.length, each.depth);
    (branch.at(-1)?.children ?? root).push(field);
    branch.push(field);
  }
  return root;
}

function isOfContracts({ group }: DocumentedField): boolean {
  return group === undefined || /linear/i.test(group);
}

interface Place {
  readonly path: string;
  readonly exceptions: { readonly spared?: readonly string[]; readonly mistyped?: readonly string[] };
}

/** What is missing or of another type, each with its path. */
function faults(fields: readonly Field[], value: unknown, at: Place): readonly string[] {
  return fields.flatMap((field) => {
    const path = at.path === '' ? field.name : `${at.path}.${field.name}`;
    if (at.exceptions.spared?.includes(path) === true) return [];
    const found = fieldOf(field.name, value);
    if (found === undefined) return [`${path} is missing`];
    if (found === null) return [];
    const wanted = KINDS[field.type.toLowerCase()];
    const isRight = wanted === undefined || kindOf(found) === wanted;
    if (!isRight && at.exceptions.mistyped?.includes(path) !== true) {
      return [`${path} is ${kindOf(found)}, not ${wanted}`];
    }
    if (field.children.length === 0) return [];
    if (Array.isArray(found) && found.length === 0) return [`${path} has no row to compare`];
    return faults(field.children, Array.isArray(found) ? found[0] : found, { ...at, path });
  });
}

/** Rows without names are documented by place: `list[0]: startTime`. */
function fieldOf(name: string, value: unknown): unknown {
  const place = /\[(\d+)\]/.exec(name)?.[1];
  if (place !== undefined) return Array.isArray(value) ? value[Number(place)] : undefined;
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
