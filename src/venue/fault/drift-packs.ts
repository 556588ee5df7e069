import type { VenueRequest } from '../request.ts';
import { setsStop } from './order-faults.ts';

type Json = Readonly<Record<string, unknown>>;

/** A change of the exchange's contract that nobody was told of. */
export interface DriftPack {
  readonly name: string;
  readonly purpose: string;
  /** How answers under a path change. The envelope is given. */
  readonly answers?: { readonly path: string; readonly edit: (envelope: Json) => Json };
  /** How messages of a topic change. */
  readonly pushes?: { readonly topic: string; readonly edit: (message: Json) => Json };
  /** A path that is not served any more. */
  readonly gone?: string;
  /** A refusal of what was allowed before; null for what still is. */
  readonly refuses?: (request: VenueRequest) => readonly [number, string] | null;
}

const POSITIONS = '/v5/position/list';
const ORDERS = '/v5/order/realtime';
const FILLS = '/v5/execution/list';
const INSTRUMENTS = '/v5/market/instruments-info';

/** Derived from changes that exchanges have really made: fields renamed, types changed, endpoints moved. */
export const DRIFT_PACKS: readonly DriftPack[] = [
  {
    name: 'stop-type-refused',
    purpose: 'Stops are not taken by the order endpoints any more; another endpoint is named.',
    refuses: (request) =>
      setsStop(request) === null
        ? null
        : [10001, 'Order type not supported for this endpoint. Use the algo order API.'],
  },
  {
    name: 'stop-endpoint-moved',
    purpose: 'The endpoint that sets stops of a position is gone.',
    gone: '/v5/position/trading-stop',
  },
  {
    name: 'order-endpoint-moved',
    purpose: 'The endpoint that takes orders is gone.',
    gone: '/v5/order/create',
  },
  { name: 'position-endpoint-moved', purpose: 'The endpoint that lists positions is gone.', gone: POSITIONS },
  {
    name: 'position-size-renamed',
    purpose: 'A position tells its size under another name.',
    answers: { path: POSITIONS, edit: rows((row) => renamed(row, 'size', 'qty')) },
    pushes: { topic: 'position', edit: pushed((row) => renamed(row, 'size', 'qty')) },
  },
  {
    name: 'position-stop-renamed',
    purpose: 'A position tells its stop under another name.',
    answers: { path: POSITIONS, edit: rows((row) => renamed(row, 'stopLoss', 'stopLossPrice')) },
    pushes: { topic: 'position', edit: pushed((row) => renamed(row, 'stopLoss', 'stopLossPrice')) },
  },
  {
    name: 'side-upper-case',
    purpose: 'Sides are told in capitals.',
    answers: { path: '/v5/', edit: rows((row) => changed(row, 'side', upper)) },
    pushes: { topic: '', edit: pushed((row) => changed(row, 'side', upper)) },
  },
  {
    name: 'position-index-text',
    purpose: 'A number has become text.',
    answers: { path: POSITIONS, edit: rows((row) => changed(row, 'positionIdx', String)) },
    pushes: { topic: 'position', edit: pushed((row) => changed(row, 'positionIdx', String)) },
  },
  {
    name: 'order-status-added',
    purpose: 'A new order has a status that nobody knows.',
    answers: { path: ORDERS, edit: rows((row) => swapped(row, 'orderStatus', { New: 'Accepted' })) },
    pushes: { topic: 'order', edit: pushed((row) => swapped(row, 'orderStatus', { New: 'Accepted' })) },
  },
  {
    name: 'order-status-renamed',
    purpose: 'Filled orders are called completed.',
    answers: {
      path: '/v5/order/',
      edit: rows((row) => swapped(row, 'orderStatus', { Filled: 'Completed' })),
    },
    pushes: { topic: 'order', edit: pushed((row) => swapped(row, 'orderStatus', { Filled: 'Completed' })) },
  },
  {
    name: 'order-id-nested',
    purpose: 'The answer to an order has its ids one level deeper.',
    answers: {
      path: '/v5/order/create',
      edit: (envelope) => ({ ...envelope, result: { order: envelope['result'] } }),
    },
  },
  {
    name: 'fill-list-renamed',
    purpose: 'Fills are listed under another name.',
    answers: { path: FILLS, edit: result((value) => renamed(value, 'list', 'rows')) },
  },
  {
    name: 'fill-price-number',
    purpose: 'Prices of fills have become numbers.',
    answers: { path: FILLS, edit: rows((row) => changed(row, 'execPrice', Number)) },
    pushes: { topic: 'execution', edit: pushed((row) => changed(row, 'execPrice', Number)) },
  },
  {
    name: 'fill-type-added',
    purpose: 'Fills have a type that nobody knows.',
    answers: { path: FILLS, edit: rows((row) => swapped(row, 'execType', { Trade: 'Match' })) },
    pushes: { topic: 'execution', edit: pushed((row) => swapped(row, 'execType', { Trade: 'Match' })) },
  },
  {
    name: 'wallet-equity-dropped',
    purpose: 'The wallet does not tell its equity any more.',
    answers: { path: '/v5/account/wallet-balance', edit: rows((row) => dropped(row, 'totalEquity')) },
    pushes: { topic: 'wallet', edit: pushed((row) => dropped(row, 'totalEquity')) },
  },
  {
    name: 'instrument-filter-renamed',
    purpose: 'Trading rules of instruments are told under another name.',
    answers: { path: INSTRUMENTS, edit: rows((row) => renamed(row, 'lotSizeFilter', 'quantityFilter')) },
  },
  {
    name: 'instrument-status-added',
    purpose: 'Instruments that trade have a status that nobody knows.',
    answers: { path: INSTRUMENTS, edit: rows((row) => swapped(row, 'status', { Trading: 'Active' })) },
  },
  {
    name: 'candles-oldest-first',
    purpose: 'Candles are listed the other way round.',
    answers: {
      path: '/v5/market/kline',
      edit: result((value) =>
        changed(value, 'list', (list) => (Array.isArray(list) ? list.toReversed() : list)),
      ),
    },
  },
  {
    name: 'candle-confirm-text',
    purpose: 'Whether a candle has closed is told as text.',
    pushes: { topic: 'kline', edit: pushed((row) => changed(row, 'confirm', String)) },
  },
  {
    name: 'ticker-mark-dropped',
    purpose: 'Tickers do not tell the mark price any more.',
    answers: { path: '/v5/market/tickers', edit: rows((row) => dropped(row, 'markPrice')) },
    pushes: {
      topic: 'tickers',
      edit: (message) => changed(message, 'data', (row) => dropped(jsonOf(row), 'markPrice')),
    },
  },
  {
    name: 'code-renamed',
    purpose: 'The code of an answer has another name.',
    answers: { path: '/v5/', edit: (envelope) => renamed(envelope, 'retCode', 'code') },
  },
  {
    name: 'topics-renamed',
    purpose: 'Private messages come under other topics than were asked for.',
    pushes: {
      topic: 'order',
      edit: (message) => changed(message, 'topic', (topic) => `${String(topic)}.v6`),
    },
  },
];

function jsonOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function rows(edit: (row: Json) => Json): (envelope: Json) => Json {
  return result((value) => changed(value, 'list', (list) => editedList(list, edit)));
}

function pushed(edit: (row: Json) => Json): (message: Json) => Json {
  return (message) => changed(message, 'data', (list) => editedList(list, edit));
}

/** Rows that are arrays themselves have no names to change. */
function editedList(list: unknown, edit: (row: Json) => Json): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((row: unknown) => (Array.isArray(row) ? row : edit(jsonOf(row))));
}

function result(edit: (value: Json) => Json): (envelope: Json) => Json {
  return (envelope) => changed(envelope, 'result', (value) => edit(jsonOf(value)));
}

function renamed(row: Json, from: string, to: string): Json {
  if (!(from in row)) return row;
  const { [from]: value, ...rest } = row;
  return { ...rest, [to]: value };
}

function dropped(row: Json, field: string): Json {
  const { [field]: _, ...rest } = row;
  return rest;
}

function changed(row: Json, field: string, change: (value: unknown) => unknown): Json {
  return field in row ? { ...row, [field]: change(row[field]) } : row;
}

function swapped(row: Json, field: string, words: Readonly<Record<string, string>>): Json {
  return changed(row, field, (value) => words[String(value)] ?? value);
}

function upper(value: unknown): unknown {
  return typeof value === 'string' ? value.toUpperCase() : value;
}
