import type { Instrument } from '../../core/domain/instrument.ts';
import { known, type Reading, unknown } from '../../core/domain/reading.ts';
import type { Counters } from '../counters.ts';
import type { Ticker } from '../exchange.ts';
import type { BybitClient } from './client.ts';
import type { InstrumentRegistry } from './instrument-registry.ts';
import { instrumentFrom, tickerFrom } from './mapper.ts';
import { queryText, readPages } from './query.ts';
import { listPage, parse, symbolHead } from './schema.ts';

export interface ReadContext {
  readonly client: BybitClient;
  readonly registry: InstrumentRegistry;
  readonly counters: Counters;
}

const INSTRUMENTS_PATH = '/v5/market/instruments-info';
const TICKERS_PATH = '/v5/market/tickers';
/** Without a status only trading contracts are listed; a position may stand in one that is being delivered. */
const LISTING_STATUSES: readonly string[] = ['', 'PreLaunch', 'Delivering'];
/** A few rows we cannot read leave those instruments out; more mean that the interface has changed. */
const BROKEN_ROWS_PCT_MAX = 2;

/** Every USDT perpetual that trades, is about to, or is being delivered. */
export async function readInstruments(context: ReadContext): Promise<Reading<readonly Instrument[]>> {
  const rows: unknown[] = [];
  let asOfMs = 0;
  for (const status of LISTING_STATUSES) {
    const parameters = { category: 'linear', ...(status === '' ? {} : { status }), limit: '1000' };
    const call = { path: INSTRUMENTS_PATH, parameters, signed: false, requestClass: 'reconcile' } as const;
    const reading = await readPages(context.client, call);
    if (reading.kind === 'unknown') return reading;
    asOfMs = reading.asOfMs;
    for (const row of reading.value) rows.push(row);
  }
  return instrumentsFrom(context, rows, asOfMs);
}

function instrumentsFrom(
  { client, registry, counters }: ReadContext,
  rows: readonly unknown[],
  asOfMs: number,
): Reading<readonly Instrument[]> {
  const byId = new Map<string, Instrument>();
  const faults: string[] = [];
  const others: string[] = [];
  for (const row of rows) {
    const mapped = instrumentFrom(row);
    if (!mapped.ok) faults.push(mapped.error);
    else if (mapped.value === null) others.push(symbolOf(row));
    else if (!byId.has(mapped.value.id)) byId.set(mapped.value.id, mapped.value);
  }
  for (const _ of faults) counters.add('instrument-unreadable');
  const [fault] = faults;
  if (byId.size === 0 || tooMany(faults.length, rows.length)) {
    return client.badAnswer(`${INSTRUMENTS_PATH}: ${fault ?? 'result.list: no perpetual in it'}`);
  }
  const instruments = [...byId.values()];
  registry.learn(instruments, others);
  return known(instruments, asOfMs, INSTRUMENTS_PATH);
}

/** Tickers of all instruments the last instrument lists named, in one call. */
export async function readTickers(context: ReadContext): Promise<Reading<readonly Ticker[]>> {
  const { client, registry } = context;
  if (registry.empty) return unknown('not-sent', `${TICKERS_PATH}: instruments were not read yet`);
  const query = queryText({ category: 'linear' });
  const reading = await client.read({ path: TICKERS_PATH, query, signed: false, requestClass: 'scan' });
  if (reading.kind === 'unknown') return reading;
  const page = parse(listPage, reading.value);
  if (!page.ok) return client.badAnswer(`${TICKERS_PATH}: result.${page.error}`);
  return tickersFrom(context, page.value.list, reading.asOfMs);
}

/** The ticker of one instrument; unknown without it. */
export async function readTicker(context: ReadContext, instrument: Instrument): Promise<Reading<Ticker>> {
  const query = queryText({ category: 'linear', symbol: instrument.exchangeSymbol });
  const reading = await context.client.read({
    path: TICKERS_PATH,
    query,
    signed: false,
    requestClass: 'entry',
  });
  if (reading.kind === 'unknown') return reading;
  const page = parse(listPage, reading.value);
  const row = page.ok
    ? page.value.list.find((listed) => symbolOf(listed) === instrument.exchangeSymbol)
    : null;
  const ticker = row === null || row === undefined ? null : tickerFrom(row, instrument.id);
  if (ticker?.ok === true) return known(ticker.value, reading.asOfMs, TICKERS_PATH);
  return context.client.badAnswer(
    `${TICKERS_PATH}: ${ticker?.error ?? `no ${instrument.exchangeSymbol} in it`}`,
  );
}

function tickersFrom(
  { client, registry, counters }: ReadContext,
  rows: readonly unknown[],
  asOfMs: number,
): Reading<readonly Ticker[]> {
  const tickers: Ticker[] = [];
  const faults: string[] = [];
  for (const row of rows) {
    const instrument = registry.get(symbolOf(row));
    if (instrument === null) continue;
    const ticker = tickerFrom(row, instrument.id);
    if (ticker.ok) tickers.push(ticker.value);
    else if (instrument.status === 'trading') faults.push(ticker.error);
  }
  for (const _ of faults) counters.add('ticker-unreadable');
  if (tickers.length === 0 || tooMany(faults.length, tickers.length + faults.length)) {
    return client.badAnswer(`${TICKERS_PATH}: ${faults[0] ?? 'result.list: no instrument of ours in it'}`);
  }
  return known(tickers, asOfMs, TICKERS_PATH);
}

function symbolOf(row: unknown): string {
  const head = parse(symbolHead, row);
  return head.ok ? head.value.symbol : '';
}

function tooMany(faults: number, rows: number): boolean {
  return faults * 100 > rows * BROKEN_ROWS_PCT_MAX;
}
