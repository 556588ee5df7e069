import { type Decimal, decimalText } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import type { ListedContract } from '../../market/instrument-table.ts';
import { INSTRUMENT_STATUSES } from './words.ts';

const MINUTE_MS = 60_000;

/** The row a table lists the contract with; only what has changed since is written anew. */
export function listedRow(
  { row, instrument: before }: ListedContract,
  now: Instrument,
): Record<string, unknown> {
  const number = (then: Decimal, value: Decimal, field: string): Record<string, string> =>
    then.equals(value) ? {} : { [field]: decimalText(value) };
  const lot = {
    ...number(before.quantityStep, now.quantityStep, 'qtyStep'),
    ...number(before.quantityMin, now.quantityMin, 'minOrderQty'),
    ...number(before.marketQuantityMax, now.marketQuantityMax, 'maxMktOrderQty'),
    ...number(before.notionalMin, now.notionalMin, 'minNotionalValue'),
  };
  const leverage = before.leverageMax === now.leverageMax ? {} : { maxLeverage: now.leverageMax.toFixed(2) };
  const funding =
    before.fundingIntervalMs === now.fundingIntervalMs
      ? {}
      : { fundingInterval: now.fundingIntervalMs / MINUTE_MS };
  return {
    ...row,
    symbol: now.exchangeSymbol,
    status: INSTRUMENT_STATUSES[now.status],
    deliveryTime: String(now.deliveryTimeMs ?? 0),
    ...funding,
    priceFilter: { ...part(row, 'priceFilter'), ...number(before.tickSize, now.tickSize, 'tickSize') },
    lotSizeFilter: { ...part(row, 'lotSizeFilter'), ...lot },
    leverageFilter: { ...part(row, 'leverageFilter'), ...leverage },
  };
}

function part(row: Readonly<Record<string, unknown>>, field: string): object {
  const value = row[field];
  return typeof value === 'object' && value !== null ? value : {};
}
