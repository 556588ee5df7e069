import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { instrumentFrom } from '../../src/exchange/bybit/mapper.ts';
import { instrumentRow } from '../../src/venue/dialect/bybit/market-row.ts';
import { parseInstrumentTable, type TabledInstrument } from '../../src/venue/market/instrument-table.ts';
import { tabledMarket } from '../../src/venue/market/synthetic.ts';

interface Normalised {
  readonly id: string;
  readonly type: string;
  readonly settle: string;
  readonly active: boolean;
  readonly created: number;
  readonly expiry: number | null;
  readonly contractSize: number;
  readonly precision: { readonly amount: number; readonly price: number };
  readonly limits: {
    readonly amount: { readonly min: number; readonly max: number };
    readonly leverage: { readonly min: number; readonly max: number };
  };
}

const text = (name: string): string =>
  readFileSync(join(process.env['INFOBOT_TEST_DATA'] ?? '', 'fixtures/passivbot-markets', name), 'utf8');
const RAW = text('bybit-instruments.raw.json');
const ROWS: readonly Record<string, unknown>[] = JSON.parse(RAW).result.list;
const ORACLE = new Map(
  Object.values<Normalised>(JSON.parse(text('bybit-instruments.ccxt-normalised.json'))).map((each) => [
    each.id,
    each,
  ]),
);

function table(): readonly TabledInstrument[] {
  const read = parseInstrumentTable(RAW);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

describe('the list of 293 real contracts', () => {
  it('is read whole: perpetuals in USDT to trade, dated contracts and those in USDC to look at', () => {
    const shown = table().filter((each) => each.isOnlyShown === true);
    expect(table()).toHaveLength(293);
    expect(shown).toHaveLength(29);
    for (const { exchangeSymbol, listedAs } of shown) {
      const other = ORACLE.get(exchangeSymbol);
      expect(other?.type === 'future' || listedAs?.settleCoin === 'USDC', exchangeSymbol).toBe(true);
    }
  });

  it('agrees on every contract with what another normaliser makes of it', () => {
    for (const each of table()) {
      const other = ORACLE.get(each.exchangeSymbol) ?? expect.fail(`${each.id} is not in the oracle`);
      expect(each.tickSize.equals(decimal(other.precision.price)), `${each.id} tick`).toBe(true);
      expect(each.quantityStep.equals(decimal(other.precision.amount)), `${each.id} step`).toBe(true);
      expect(each.quantityMin.equals(decimal(other.limits.amount.min)), `${each.id} least`).toBe(true);
      expect(each.orderRules?.limitQuantityMax.toNumber(), `${each.id} most`).toBe(other.limits.amount.max);
      expect(each.leverageMax, `${each.id} leverage`).toBe(other.limits.leverage.max);
      expect(each.launchTimeMs, `${each.id} launch`).toBe(other.created);
      expect(each.deliveryTimeMs, `${each.id} delivery`).toBe(other.expiry);
      expect(each.status === 'trading', `${each.id} status`).toBe(other.active);
      expect(each.listedAs?.settleCoin, `${each.id} settlement`).toBe(other.settle);
    }
  });

  it('agrees with what the adapter makes of the perpetuals in USDT', () => {
    const ours = table().filter((each) => each.isOnlyShown !== true);
    const adapters = ROWS.map((row) => instrumentFrom(row)).flatMap((one) =>
      one.ok && one.value !== null ? [one.value] : [],
    );
    expect(ours.map((each) => each.listedAs?.instrument)).toEqual(adapters);
  });

  it('is served word for word', () => {
    for (const [at, instrument] of table().entries()) {
      expect(instrumentRow(instrument)).toMatchObject(ROWS[at] ?? {});
    }
  });

  it('is played as a market in which every contract has prices on its tick', () => {
    const startMs = 1_795_000_000_000;
    const market = tabledMarket({ seed: 1, startMs, candleScale: 'real', table: table() });
    market.advance(startMs + 1000);
    expect(market.instruments()).toHaveLength(293);
    for (const { id, tickSize } of market.instruments()) {
      const quote = market.quote(id);
      expect(quote?.lastPrice, id).toBeGreaterThan(0);
      expect(
        decimal(quote?.lastPrice ?? 0)
          .modulo(tickSize)
          .isZero(),
        `${id} on its tick`,
      ).toBe(true);
      expect(quote?.askPrice ?? 0).toBeGreaterThan(quote?.bidPrice ?? 0);
    }
  });
});
