import type { Result } from '../../core/base/result.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import type { MarginMode } from '../../core/domain/margin-mode.ts';
import { known, type Reading } from '../../core/domain/reading.ts';
import type { RequestClass, StatedPosition, WalletStatement } from '../exchange.ts';
import { balanceFrom, type IndexedPosition, type Mapped, positionFrom } from './mapper.ts';
import type { ReadContext } from './market-reads.ts';
import { type ListCall, queryText, readPages } from './query.ts';
import { accountRow, leverageRow, listPage, parse, positionHead } from './schema.ts';

const BALANCE_PATH = '/v5/account/wallet-balance';
const POSITIONS_PATH = '/v5/position/list';
const ACCOUNT_PATH = '/v5/account/info';
/** Accounts are read by settlement coin: one call for all instruments. */
export const USDT_LINEAR = { category: 'linear', settleCoin: 'USDT' } as const;

/** The account's money in USDT. */
export async function readBalance(
  { client }: ReadContext,
  requestClass: RequestClass,
): Promise<Reading<WalletStatement>> {
  const query = queryText({ accountType: 'UNIFIED', coin: 'USDT' });
  const reading = await client.read({ path: BALANCE_PATH, query, signed: true, requestClass });
  if (reading.kind === 'unknown') return reading;
  const page = parse(listPage, reading.value);
  if (!page.ok) return client.badAnswer(`${BALANCE_PATH}: result.${page.error}`);
  const balance = balanceFrom(page.value.list[0]);
  if (!balance.ok) return client.badAnswer(`${BALANCE_PATH}: result.list.0.${balance.error}`);
  return known(balance.value, reading.asOfMs, BALANCE_PATH);
}

/** Every open position of both position modes. The same position twice is a page that moved: unknown. */
export async function readPositions(
  context: ReadContext,
  requestClass: RequestClass,
): Promise<Reading<readonly IndexedPosition[]>> {
  const parameters = { ...USDT_LINEAR, limit: '200' };
  const call = { path: POSITIONS_PATH, parameters, signed: true, requestClass };
  const reading = await readRows(context, call, (row) =>
    positionFrom(row, (symbol) => context.registry.meaningOf(symbol)),
  );
  if (reading.kind === 'unknown') return reading;
  const seen = new Set<string>();
  for (const { position } of reading.value) {
    const key = `${position.instrumentId} ${position.direction}`;
    if (seen.has(key))
      return context.client.badAnswer(`${POSITIONS_PATH}: result.list: ${key} is in it twice`);
    seen.add(key);
  }
  return reading;
}

/**
 * What is held on one instrument. Asked by name the exchange answers with a row of size 0 where nothing is; an answer
 * without rows, or with those of another instrument, has told nothing.
 */
export async function readHeld(
  { client }: ReadContext,
  { id, exchangeSymbol: symbol }: Instrument,
  requestClass: RequestClass,
): Promise<Reading<readonly StatedPosition[]>> {
  const query = queryText({ category: 'linear', symbol });
  const reading = await client.read({ path: POSITIONS_PATH, query, signed: true, requestClass });
  if (reading.kind === 'unknown') return reading;
  const bad = (what: string) => client.badAnswer(`${POSITIONS_PATH}: result.${what}`);
  const page = parse(listPage, reading.value);
  if (!page.ok) return bad(page.error);
  if (page.value.list.length === 0) return bad(`list: no row of ${symbol}`);
  const held: StatedPosition[] = [];
  for (const [index, row] of page.value.list.entries()) {
    const head = parse(positionHead, row);
    if (!head.ok) return bad(`list.${index}.${head.error}`);
    if (head.value.symbol !== symbol) return bad(`list.${index}.symbol: not the one that was asked for`);
    const mapped = positionFrom(row, () => ({ kind: 'ours', id }));
    if (!mapped.ok) return bad(`list.${index}.${mapped.error}`);
    if (mapped.value !== null) held.push(mapped.value.position);
  }
  return known(held, reading.asOfMs, POSITIONS_PATH);
}

/** The leverage of an instrument in one-way mode, held or not. Two rows are hedge mode, which no entry of ours knows. */
export async function readLeverage(
  { client }: ReadContext,
  { exchangeSymbol: symbol }: Instrument,
): Promise<Reading<number>> {
  const query = queryText({ category: 'linear', symbol });
  const reading = await client.read({ path: POSITIONS_PATH, query, signed: true, requestClass: 'entry' });
  if (reading.kind === 'unknown') return reading;
  const page = parse(listPage, reading.value);
  if (!page.ok) return client.badAnswer(`${POSITIONS_PATH}: result.${page.error}`);
  const { list } = page.value;
  if (list.length !== 1)
    return client.badAnswer(`${POSITIONS_PATH}: result.list: ${list.length} rows, not one`);
  const row = parse(leverageRow, list[0]);
  if (!row.ok) return client.badAnswer(`${POSITIONS_PATH}: result.list.0.${row.error}`);
  if (row.value.symbol !== symbol)
    return client.badAnswer(`${POSITIONS_PATH}: result.list.0.symbol: not the one that was asked for`);
  return known(row.value.leverage, reading.asOfMs, POSITIONS_PATH);
}

const MARGIN_MODE = {
  REGULAR_MARGIN: 'cross',
  ISOLATED_MARGIN: 'isolated',
  PORTFOLIO_MARGIN: 'portfolio',
} as const satisfies Readonly<Record<string, MarginMode>>;

/** The margin mode of a unified account, which is one for all its instruments. */
export async function readMarginMode({ client }: ReadContext): Promise<Reading<MarginMode>> {
  const reading = await client.read({ path: ACCOUNT_PATH, query: '', signed: true, requestClass: 'entry' });
  if (reading.kind === 'unknown') return reading;
  const row = parse(accountRow, reading.value);
  if (!row.ok) return client.badAnswer(`${ACCOUNT_PATH}: result.${row.error}`);
  return known(MARGIN_MODE[row.value.marginMode], reading.asOfMs, ACCOUNT_PATH);
}

/** All pages, row by row; one row that cannot be read makes the whole unknown: it might be the position that matters. */
export async function readRows<T>(
  { client, counters }: ReadContext,
  call: ListCall,
  map: (row: unknown) => Mapped<T>,
): Promise<Reading<readonly T[]>> {
  const reading = await readPages(client, call);
  if (reading.kind === 'unknown') return reading;
  const values: T[] = [];
  for (const [index, row] of reading.value.entries()) {
    const mapped: Result<T | null, string> = map(row);
    if (!mapped.ok) return client.badAnswer(`${call.path}: result.list.${index}.${mapped.error}`);
    if (mapped.value === null) counters.add('row-left-out');
    else values.push(mapped.value);
  }
  return known(values, reading.asOfMs, call.path);
}
