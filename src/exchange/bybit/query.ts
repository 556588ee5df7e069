import type { z } from 'zod';
import { known, type Reading } from '../../core/domain/reading.ts';
import type { BybitClient, ReadCall } from './client.ts';
import { cursorPage, parse } from './schema.ts';

/** A list read of several pages. */
export interface ListCall extends Omit<ReadCall, 'query'> {
  readonly parameters: Readonly<Record<string, string>>;
}

/** 50 pages of 1,000 instruments, 200 positions, 100 fills or 50 orders: more is a cursor that never ends. */
const PAGES_MAX = 50;
/** Cursors arrive percent-encoded and go back as they came; anything else in them would break the query. */
const SENDABLE_CURSOR = /^(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+$/;

/** Query text in the order of the parameters. */
export function queryText(parameters: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.join('&');
}

/** Every row of every page, dated by the first page. One page that cannot be read makes the whole unknown. */
export async function readPages(client: BybitClient, call: ListCall): Promise<Reading<readonly unknown[]>> {
  const rows: unknown[] = [];
  let asOfMs: number | null = null;
  let cursor = '';
  for (let count = 0; count < PAGES_MAX; count += 1) {
    const page = await readPage(client, call, cursor);
    if (page.kind === 'unknown') return page;
    const { list, nextPageCursor } = page.value;
    asOfMs ??= page.asOfMs;
    for (const row of list) rows.push(row);
    if (nextPageCursor === '') return known(rows, asOfMs, call.path);
    if (nextPageCursor === cursor)
      return client.badAnswer(`${call.path}: result.nextPageCursor: repeats itself`);
    cursor = nextPageCursor;
  }
  return client.badAnswer(`${call.path}: more than ${PAGES_MAX} pages`);
}

async function readPage(
  client: BybitClient,
  { parameters, ...rest }: ListCall,
  cursor: string,
): Promise<Reading<z.infer<typeof cursorPage>>> {
  const text = queryText(parameters);
  const query = cursor === '' ? text : `${text}&cursor=${cursorText(cursor)}`;
  const reading = await client.read({ ...rest, query });
  if (reading.kind === 'unknown') return reading;
  const page = parse(cursorPage, reading.value);
  if (!page.ok) return client.badAnswer(`${rest.path}: result.${page.error}`);
  return known(page.value, reading.asOfMs, rest.path);
}

function cursorText(cursor: string): string {
  return SENDABLE_CURSOR.test(cursor) ? cursor : encodeURIComponent(cursor);
}
