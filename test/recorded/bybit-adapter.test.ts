import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { type InstrumentId, parseInstrumentId } from '../../src/core/domain/instrument.ts';
import { reactionToCode } from '../../src/exchange/bybit/error-codes.ts';
import { InstrumentRegistry } from '../../src/exchange/bybit/instrument-registry.ts';
import {
  balanceFrom,
  fillFrom,
  instrumentFrom,
  orderFrom,
  positionFrom,
  tickerFrom,
} from '../../src/exchange/bybit/mapper.ts';
import { pushedCandleFrom } from '../../src/exchange/bybit/push.ts';
import { acknowledgement, envelope, parse } from '../../src/exchange/bybit/schema.ts';
import { TickerBook } from '../../src/exchange/bybit/ticker-book.ts';
import { Counters } from '../../src/exchange/counters.ts';
import { instrument } from '../fixture/fake-exchange.ts';

const ROOT = join(process.env['INFOBOT_TEST_DATA'] ?? '', 'fixtures');
const registry = new InstrumentRegistry();
const meaningOf = (symbol: string) => registry.meaningOf(symbol);

interface Page {
  readonly responses: readonly {
    readonly json: { readonly result: { readonly list: unknown[] }; readonly data: unknown[] };
  }[];
}
interface Body {
  readonly result: { readonly list: Record<string, unknown>[] };
  readonly data: Record<string, unknown>[];
}

function json<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(ROOT, ...path), 'utf8')) as T;
}

function docs(page: string): readonly Body[] {
  return json<Page>('bybit-docs', `${page}.json`).responses.map(
    (response) => response.json as unknown as Body,
  );
}

function nautilus(name: string): Body {
  return json<Body>('nautilus_trader', 'bybit', `${name}.json`);
}

function idOf(text: string): InstrumentId {
  return parseInstrumentId(text) ?? expect.fail(`${text} is no id`);
}

/** Examples of the documentation are of other categories too; renamed, their rows are ours. */
function renamed(row: Record<string, unknown>): Record<string, unknown> {
  return { ...row, symbol: 'ETHUSDT' };
}

describe('examples of the documentation', () => {
  it('of instruments tell the perpetuals from the rest', () => {
    const rows = docs('market__instrument').flatMap(({ result }) => result.list);
    const perpetuals = rows
      .map((row) => instrumentFrom(row))
      .filter((mapped) => mapped.ok && mapped.value !== null);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(perpetuals).toHaveLength(rows.filter((row) => row['contractType'] === 'LinearPerpetual').length);
    expect(perpetuals.length).toBeGreaterThanOrEqual(2);
  });

  it('of positions, orders, executions, tickers and the wallet are read', () => {
    const rowsOf = (page: string) => docs(page).flatMap(({ result }) => result.list);
    const positions = rowsOf('position__position').map((row) => positionFrom(renamed(row), meaningOf));
    const orders = rowsOf('order__open-order').map((row) => orderFrom(renamed(row), meaningOf));
    const fills = rowsOf('order__execution').map((row) => fillFrom(renamed(row), meaningOf));
    const [ticker] = rowsOf('market__tickers').map((row) => tickerFrom(row, idOf('BTCUSD')));
    for (const mapped of [positions, orders, fills]) {
      expect(mapped).toHaveLength(1);
      expect(mapped[0]).toMatchObject({ ok: true });
      expect(mapped[0]?.ok === true && mapped[0].value).not.toBeNull();
    }
    expect(ticker).toMatchObject({
      ok: true,
      value: { lastPrice: 120635.5, bidPrice: 103401, priceChange24hPct: 14.2425 },
    });
    const [wallet] = rowsOf('account__wallet-balance');
    const coins = (wallet ?? expect.fail('no wallet'))['coin'] as Record<string, unknown>[];
    const usdt = coins.map((coin) => ({ ...coin, coin: 'USDT' }));
    expect(balanceFrom({ ...wallet, coin: usdt })).toMatchObject({ ok: true });
  });

  it('of pushes are read', () => {
    const orders = docs('websocket__private__order').flatMap(({ data }) => data ?? []);
    const fills = docs('websocket__private__execution').flatMap(({ data }) => data ?? []);
    const candles = docs('websocket__public__kline').flatMap(({ data }) => data ?? []);
    expect(orders.map((row) => orderFrom(renamed(row), meaningOf).ok)).toEqual([true]);
    expect(fills.map((row) => fillFrom(row, meaningOf).ok)).toEqual([true]);
    expect(candles.map((row) => pushedCandleFrom(row) !== null)).toEqual([true]);
  });

  it('of logins, subscriptions and pongs are acknowledgements', () => {
    const answers = docs('websocket__wss-authentication').filter(
      (message) => 'success' in message && 'op' in message,
    );
    expect(answers.length).toBeGreaterThanOrEqual(5);
    for (const answer of answers) expect(parse(acknowledgement, answer)).toMatchObject({ ok: true });
  });

  it('of the endpoints we call have the envelope we read', () => {
    const pages = [
      'market__instrument',
      'market__kline',
      'market__tickers',
      'market__time',
      'order__cancel-order',
      'order__create-order',
      'order__execution',
      'order__open-order',
      'position__leverage',
      'position__position',
      'position__position-mode',
      'position__trading-stop',
      'account__wallet-balance',
    ];
    const answers = pages.flatMap((name) => docs(name)).filter((body) => 'retCode' in body);
    const unread = answers.filter((body) => !parse(envelope, body).ok);
    expect(answers.length).toBeGreaterThanOrEqual(pages.length);
    expect(unread).toEqual([]);
  });

  it('of error codes of derivatives meet a reaction that never repeats a placement blindly', () => {
    const codes = json<Record<string, { section: string }>>('bybit-docs', '_error-codes.json');
    const ours = Object.entries(codes).filter(
      ([code, { section }]) => section === 'UTA' && /^110\d{3}$/.test(code),
    );
    const unclassified = ours
      .filter(([code]) => reactionToCode(Number(code)) === 'ambiguous')
      .map(([code]) => code);
    expect(ours.length).toBeGreaterThanOrEqual(120);
    expect(unclassified.length, 'codes of functions we never call stay ambiguous').toBeLessThan(25);
  });
});

describe("messages of another project's adapter", () => {
  it.each([
    ['ws_account_order', 1],
    ['ws_account_order_filled', 1],
    ['ws_account_order_stop_loss', 1],
    ['ws_account_order_take_profit', 1],
    ['ws_account_order_market_if_touched', 1],
    ['ws_account_order_sell_market_if_touched', 1],
  ])('%s is an order', (name, count) => {
    const mapped = nautilus(name).data.map((row) => orderFrom(row, meaningOf));
    expect(mapped).toHaveLength(count);
    for (const one of mapped)
      expect(one, JSON.stringify(one)).toMatchObject({
        ok: true,
        value: { instrumentId: expect.any(String) },
      });
  });

  it('http_get_orders_realtime_tp_sl holds untriggered orders with their trigger', () => {
    const mapped = nautilus('http_get_orders_realtime_tp_sl').result.list.map((row) =>
      orderFrom(row, meaningOf),
    );
    const told = mapped.map((one) =>
      one.ok ? [one.value?.status, String(one.value?.stopPrice)] : one.error,
    );
    expect(told).toEqual([
      ['untriggered', '55000'],
      ['untriggered', '48000'],
    ]);
  });

  it('http_get_orders_history_with_duplicate holds an open and a cancelled order', () => {
    const mapped = nautilus('http_get_orders_history_with_duplicate').result.list.map((row) =>
      orderFrom(row, meaningOf),
    );
    expect(mapped.map((one) => (one.ok ? [one.value?.status, one.value?.reason] : one.error))).toEqual([
      ['open', ''],
      ['cancelled', 'CancelByUser'],
    ]);
  });

  it('ws_account_execution is a fill', () => {
    const [mapped] = nautilus('ws_account_execution').data.map((row) => fillFrom(row, meaningOf));
    expect(mapped).toMatchObject({
      ok: true,
      value: { side: 'sell', maker: false, cause: 'user', instrumentId: 'BTCUSDT' },
    });
  });

  it('http_get_positions_with_open_time is a position', () => {
    const [mapped] = nautilus('http_get_positions_with_open_time').result.list.map((row) =>
      positionFrom(row, meaningOf),
    );
    expect(mapped).toMatchObject({
      ok: true,
      value: { position: { direction: 'long', leverage: 10, stopPrice: null } },
    });
  });

  it('ws_ticker_linear is a ticker', () => {
    const push = json<{ topic: string; type: string; data: unknown }>(
      'nautilus_trader',
      'bybit',
      'ws_ticker_linear.json',
    );
    const ticker = new TickerBook(new Counters()).apply(push, instrument());
    expect(ticker).toMatchObject({
      lastPrice: 17216,
      markPrice: 17217.33,
      askPrice: 17216,
      fundingRate: -0.000212,
    });
  });

  it.each(['ws_auth_success', 'ws_subscription_ack'])('%s is an acknowledgement', (name) => {
    expect(parse(acknowledgement, nautilus(name))).toMatchObject({ ok: true, value: { success: true } });
  });
});

describe('the instrument list of 2025-03-27', () => {
  interface Normalised {
    readonly id: string;
    readonly precision: { readonly amount: number; readonly price: number };
    readonly limits: {
      readonly leverage: { readonly max: number };
      readonly amount: { readonly min: number };
    };
    readonly contractSize: number;
    readonly swap: boolean;
    readonly settle: string;
    readonly base: string;
  }
  const rows = json<Body>('passivbot-markets', 'bybit-instruments.raw.json').result.list;
  const oracle = json<Record<string, Normalised>>(
    'passivbot-markets',
    'bybit-instruments.ccxt-normalised.json',
  );
  const wanted = Object.values(oracle).filter(({ swap, settle }) => swap && settle === 'USDT');
  const perpetuals = rows
    .map((row) => instrumentFrom(row))
    .flatMap((one) => (one.ok && one.value !== null ? [one.value] : []));

  it('has exactly the USDT perpetuals another normaliser finds, each under its own id', () => {
    expect(rows).toHaveLength(293);
    expect(perpetuals).toHaveLength(264);
    expect(wanted).toHaveLength(264);
    expect(new Set(perpetuals.map(({ id }) => id)).size).toBe(264);
  });

  it('agrees with it on tick, step, smallest quantity and leverage of every one', () => {
    const bySymbol = new Map(
      Object.values(oracle).map((one) => [(one as unknown as { id: string }).id, one]),
    );
    for (const one of perpetuals) {
      const other =
        bySymbol.get(one.exchangeSymbol) ?? expect.fail(`${one.exchangeSymbol} is not in the oracle`);
      expect(one.tickSize.equals(decimal(other.precision.price)), `${one.id} tick`).toBe(true);
      expect(one.quantityStep.equals(decimal(other.precision.amount)), `${one.id} step`).toBe(true);
      expect(one.quantityMin.equals(decimal(other.limits.amount.min)), `${one.id} smallest quantity`).toBe(
        true,
      );
      expect(one.leverageMax, `${one.id} leverage`).toBe(other.limits.leverage.max);
      if (one.multiplier === 1) expect(one.base).toBe(other.base);
      expect(other.contractSize).toBe(1);
    }
  });

  it('has a smallest notional of 5 USDT for every one', () => {
    for (const { id, notionalMin } of perpetuals) expect(notionalMin.toString(), id).toBe('5');
  });

  it('takes multipliers out of names', () => {
    const told = perpetuals
      .filter(({ multiplier }) => multiplier > 1)
      .map(({ exchangeSymbol, id }) => [exchangeSymbol, id]);
    expect(told).toContainEqual(['1000XUSDT', '1000XUSDT']);
    expect(told).toContainEqual(['10000000AIDOGEUSDT', '10000000AIDOGEUSDT']);
    expect(told.length).toBeGreaterThanOrEqual(10);
  });
});
