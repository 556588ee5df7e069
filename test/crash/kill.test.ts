import { afterEach, describe, expect, it } from 'vitest';
import { OPEN_FILTERS } from '../fixture/open-filters.ts';
import { endProducts, isAlive, type Product, startProduct, until } from './product.ts';

afterEach(endProducts);

/** Signals at every RSI, one position each for three coins: entries come with the next entry pass. */
const EAGER = {
  signal: { rsiLongMax: 50, rsiShortMin: 50 },
  filter: OPEN_FILTERS,
  risk: { positionsMax: 3, positionNotionalUsdt: 100 },
  // No exit while the test looks.
  exit: {
    stopLossPct: 50,
    takeProfitPct: null,
    trailingActivationPct: null,
    breakEvenTriggerPct: null,
    rsiExitLongWithTrend: 99,
    rsiExitLongAgainstTrend: 99,
    rsiExitShortWithTrend: 1,
    rsiExitShortAgainstTrend: 1,
  },
};

async function withPositions(): Promise<Product> {
  const product = await startProduct();
  await until('trading is ready', async () => (await product.api('GET', '/api/status'))['mode'] === 'ready');
  await product.api('PATCH', '/api/auto-bot/config?reason=test', EAGER);
  await product.api('POST', '/api/auto-bot/enable', { reason: 'test' });
  await until('three positions are open with their stops', async () => {
    const rows = await venuePositions(product);
    return rows.length === 3 && rows.every(({ stopLoss }) => Number(stopLoss) > 0);
  });
  await until('the bots service knows all three, with the stops it wants', async () => {
    const rows = await openPositions(product);
    return rows.length === 3 && rows.every((row) => row['exchangeStopPrice'] === row['stopPrice']);
  });
  return product;
}

async function venuePositions(product: Product): Promise<readonly Record<string, string>[]> {
  const rows = await product.venueRows('/v5/position/list', 'category=linear&settleCoin=USDT');
  return rows.filter(({ size }) => Number(size) > 0);
}

async function openPositions(product: Product): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await product.api('GET', '/api/positions');
  return Array.isArray(rows) ? rows.filter((row) => row.state === 'open') : [];
}

/** What must not change while nobody trades: who, which way, how much, and the stop that rests there. */
function facts(rows: readonly Record<string, string>[]): readonly string[] {
  return rows.map(({ symbol, side, size, stopLoss }) => `${symbol} ${side} ${size} stop ${stopLoss}`).sort();
}

/** The same of a position as our own API tells it. */
function known({
  symbol,
  direction,
  quantity,
  stopPrice,
  exchangeStopPrice,
}: Record<string, unknown>): string {
  return JSON.stringify({ symbol, direction, quantity, stopPrice, exchangeStopPrice });
}

describe('the bots service is killed with positions open and Auto Bot on', () => {
  it('comes back to the same positions, stops in place, nothing doubled, Auto Bot off', async () => {
    const product = await withPositions();
    const before = facts(await venuePositions(product));
    const knownBefore = (await openPositions(product)).map(known).sort();
    const ordersBefore = await entryOrders(product);
    const victim = product.services().get('bots') ?? 0;
    process.kill(victim, 'SIGKILL');

    await until('a fresh bots service runs', () => {
      const pid = product.services().get('bots');
      return !isAlive(victim) && pid !== undefined && pid !== victim;
    });
    expect(facts(await venuePositions(product))).toEqual(before);
    await until('it has reconciled', async () => (await modeOf(product)) === 'ready');

    expect((await openPositions(product)).map(known).sort()).toEqual(knownBefore);
    expect(await product.api('GET', '/api/auto-bot')).toMatchObject({ enabled: false, slots: { used: 3 } });
    const { rows } = await product.api('GET', '/api/events');
    expect(JSON.stringify(rows)).toContain('Auto Bot stays off until a person turns it on');
    // Auto Bot off: several entry passes and account reads later, nothing was added.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(facts(await venuePositions(product))).toEqual(before);
    expect(await entryOrders(product)).toEqual(ordersBefore);
    expect(product.output()).toMatch(/bots ended \(SIGKILL\); starting it again in 0\.5 s/);
  });
});

describe('the demo exchange is killed with positions open and Auto Bot on', () => {
  it('comes back with its books: the same positions, stops and orders, nothing doubted, trading on', async () => {
    const product = await withPositions();
    const before = facts(await venuePositions(product));
    const ordersBefore = await entryOrders(product);
    const pricesBefore = await lastPrices(product);
    expect((await closedOrders(product)).length).toBeGreaterThan(0);
    const victim = product.services().get('venue') ?? 0;
    process.kill(victim, 'SIGKILL');

    await until('a fresh venue runs', () => {
      const pid = product.services().get('venue');
      return !isAlive(victim) && pid !== undefined && pid !== victim;
    });
    await until('it serves', async () => (await venuePositions(product).catch(() => [])).length === 3);
    expect(facts(await venuePositions(product))).toEqual(before);
    expect(await entryOrders(product)).toEqual(ordersBefore);
    // As on a real exchange: what had ended is in the history alone.
    expect(await closedOrders(product)).toEqual([]);
    // The same market goes on: another one would begin at the prices of other days.
    const pricesAfter = await lastPrices(product);
    for (const [symbol, price] of pricesBefore) {
      expect(Math.abs((pricesAfter.get(symbol) ?? 0) / price - 1)).toBeLessThan(0.2);
    }
    await until('trading is ready again', async () => (await modeOf(product)) === 'ready');
    expect((await openPositions(product)).length).toBe(3);
    expect(await told(product, 'engine.position.doubtful')).toBe(0);
  });
});

/** Orders of the recent list that have ended. */
function closedOrders(product: Product): Promise<readonly Record<string, string>[]> {
  return product.venueRows('/v5/order/realtime', 'category=linear&settleCoin=USDT&openOnly=1');
}

async function lastPrices(product: Product): Promise<ReadonlyMap<string, number>> {
  const rows = await product.venueRows('/v5/market/tickers', 'category=linear');
  return new Map(rows.map(({ symbol = '', lastPrice }) => [symbol, Number(lastPrice)]));
}

/** How many of the newest events carry a code. */
async function told(product: Product, code: string): Promise<number> {
  const { rows } = await product.api('GET', '/api/events');
  return Array.isArray(rows) ? rows.filter((row) => row.code === code).length : 0;
}

async function modeOf(product: Product): Promise<unknown> {
  try {
    return (await product.api('GET', '/api/status'))['mode'];
  } catch {
    return 'not serving';
  }
}

/** Ids of all orders that could add exposure. */
async function entryOrders(product: Product): Promise<readonly (string | undefined)[]> {
  const rows = await product.venueRows('/v5/order/history', 'category=linear&limit=50');
  return rows
    .filter(({ orderLinkId }) => orderLinkId !== '')
    .map(({ orderLinkId }) => orderLinkId)
    .sort();
}
