import { z } from 'zod';
import { decimal, parseDecimal } from '../../core/base/decimal.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { canonicalId, parseBase } from '../../core/domain/exchange-name.ts';
import {
  type Instrument,
  type InstrumentId,
  parseExchangeSymbol,
  parseInstrumentId,
} from '../../core/domain/instrument.ts';
import type { ShownInstrument } from '../../core/matching/instrument-phase.ts';
import type { RuledInstrument } from '../../core/matching/order-rules.ts';
import type { TieredInstrument } from '../../core/matching/risk-tier.ts';
import { builtInTiers } from './built-in-tiers.ts';
import { QUOTE_CURRENCY } from './coin-instrument.ts';

/** How a table lists a contract, word for word, and what it came to. */
export interface ListedContract {
  readonly row: Readonly<Record<string, unknown>>;
  readonly baseCoin: string;
  readonly settleCoin: string;
  readonly instrument: Instrument;
}

/** An instrument out of a table, with everything the table states. */
export interface TabledInstrument extends RuledInstrument, TieredInstrument, ShownInstrument {
  readonly listedAs?: ListedContract;
}

const MINUTE_MS = 60_000;
/** Minutes; a contract without funding has positions of nobody here. */
const FUNDING_USUAL = 480;

const number = z.string().transform((text, context) => {
  const value = parseDecimal(text);
  if (value !== null) return value;
  context.addIssue({ code: 'custom', message: 'is not a number' });
  return z.NEVER;
});
const positive = number.refine((value) => value.greaterThan(0), 'is not above zero');

const rowInput = z.looseObject({
  symbol: z.string(),
  contractType: z.string(),
  status: z.enum(['PreLaunch', 'Trading', 'Delivering', 'Closed']),
  baseCoin: z.string(),
  quoteCoin: z.string(),
  settleCoin: z.string(),
  launchTime: number,
  deliveryTime: number,
  fundingInterval: z.number().min(0),
  leverageFilter: z.looseObject({ maxLeverage: positive }),
  priceFilter: z.looseObject({ tickSize: positive }),
  lotSizeFilter: z.looseObject({
    maxOrderQty: positive,
    postOnlyMaxOrderQty: positive,
    maxMktOrderQty: positive,
    minOrderQty: positive,
    qtyStep: positive,
    minNotionalValue: positive,
  }),
  riskParameters: z.looseObject({ priceLimitRatioX: positive, priceLimitRatioY: positive }),
});
type Row = z.output<typeof rowInput>;

/** The whole answer of `market/instruments-info`, its result, or the bare list. */
const tableInput = z.union([
  z.array(z.unknown()),
  z.looseObject({ list: z.array(z.unknown()) }).transform(({ list }) => list),
  z
    .looseObject({ result: z.looseObject({ list: z.array(z.unknown()) }) })
    .transform(({ result }) => result.list),
]);

const STATUSES = {
  PreLaunch: 'pre-launch',
  Trading: 'trading',
  Delivering: 'delivering',
  Closed: 'closed',
} as const;

/**
 * Reads a list of contracts as Bybit publishes it. Perpetuals settled in USDT can be traded; dated contracts and
 * those settled in other coins are shown only, for accounts here hold USDT. An error names row and field.
 */
export function parseInstrumentTable(text: string): Result<readonly TabledInstrument[], string> {
  const rows = tableInput.safeParse(jsonOf(text));
  if (!rows.success) return err('is no list of instruments');
  const instruments: TabledInstrument[] = [];
  const symbols = new Set<string>();
  for (const [at, row] of rows.data.entries()) {
    const read = rowInput.safeParse(row);
    if (!read.success) {
      const issue = read.error.issues[0];
      return err(`row ${at + 1}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is malformed'}`);
    }
    const instrument = instrumentOf(read.data, z.record(z.string(), z.unknown()).parse(row));
    if (instrument === null) return err(`row ${at + 1}: symbol ${read.data.symbol} makes no name`);
    if (symbols.has(instrument.id)) return err(`row ${at + 1}: ${read.data.symbol} is listed twice`);
    symbols.add(instrument.id);
    instruments.push(instrument);
  }
  return instruments.length === 0 ? err('lists no instrument') : ok(instruments);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function instrumentOf(row: Row, written: Readonly<Record<string, unknown>>): TabledInstrument | null {
  const isTraded =
    row.contractType === 'LinearPerpetual' &&
    row.quoteCoin === QUOTE_CURRENCY &&
    row.settleCoin === QUOTE_CURRENCY;
  const name = parseBase(row.baseCoin);
  const id = isTraded ? canonicalId(name, row.quoteCoin) : shownId(row.symbol);
  const exchangeSymbol = parseExchangeSymbol(row.symbol);
  if (id === null || exchangeSymbol === null) return null;
  const { leverageFilter, lotSizeFilter, priceFilter } = row;
  const leverageMax = leverageFilter.maxLeverage.toNumber();
  const instrument: Instrument = {
    id,
    exchangeSymbol,
    ...name,
    quote: row.quoteCoin,
    status: STATUSES[row.status],
    tickSize: priceFilter.tickSize,
    quantityStep: lotSizeFilter.qtyStep,
    quantityMin: lotSizeFilter.minOrderQty,
    marketQuantityMax: lotSizeFilter.maxMktOrderQty,
    notionalMin: lotSizeFilter.minNotionalValue,
    leverageMax,
    launchTimeMs: row.launchTime.toNumber(),
    deliveryTimeMs: row.deliveryTime.isZero() ? null : row.deliveryTime.toNumber(),
    fundingIntervalMs: (row.fundingInterval === 0 ? FUNDING_USUAL : row.fundingInterval) * MINUTE_MS,
  };
  return {
    ...instrument,
    ...(isTraded ? {} : { isOnlyShown: true }),
    riskTiers: builtInTiers(leverageMax),
    orderRules: {
      limitQuantityMax: lotSizeFilter.maxOrderQty,
      postOnlyQuantityMax: lotSizeFilter.postOnlyMaxOrderQty,
      priceLimitRate: decimal(row.riskParameters.priceLimitRatioX),
      priceLimitRateMax: decimal(row.riskParameters.priceLimitRatioY),
    },
    listedAs: { row: written, baseCoin: row.baseCoin, settleCoin: row.settleCoin, instrument },
  };
}

/** A name that no perpetual settled in USDT can have taken: its own spelling without the dashes. */
function shownId(symbol: string): InstrumentId | null {
  return parseInstrumentId(symbol.replaceAll('-', ''));
}
