import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { instrument, instrumentId } from '../fixture/scripted-market.ts';
import { type VenueClient, venueClient } from '../fixture/venue-client.ts';

const ROOT = join(process.env['INFOBOT_TEST_DATA'] ?? '', 'fixtures', 'bybit-docs');

interface DocumentedPage {
  readonly endpoint: readonly (readonly [string, string])[];
  readonly requests: readonly { readonly bodies: readonly Record<string, unknown>[] | null }[];
}

/** A market on which the documented examples make sense, with a position in each contract. */
async function documentedVenue(): Promise<VenueClient> {
  const fine = { tickSize: decimal('0.01'), quantityStep: decimal('0.01'), quantityMin: decimal('0.01') };
  const prices: Readonly<Record<string, number>> = {
    BTCUSDT: 27_000,
    ETHPERP: 1100,
    BTCPERP: 27_000,
    XRPUSDT: 0.5,
  };
  const client = venueClient({
    instruments: Object.keys(prices).map((name) => instrument(name, fine)),
    prepare: (market) => {
      for (const [name, price] of Object.entries(prices)) {
        market.setPrice(instrumentId(name), price, { top: 1000, spread: 0.01 });
      }
    },
  });
  for (const [symbol, qty] of [
    ['BTCUSDT', '2'],
    ['XRPUSDT', '100'],
  ]) {
    const order = { category: 'linear', symbol, side: 'Buy', orderType: 'Market', qty };
    expect(await client.post('/v5/order/create', order)).toMatchObject({ retCode: 0 });
  }
  return client;
}

/** The bodies a page shows for contracts. */
function bodiesOf(page: string): readonly (readonly [string, Record<string, unknown>])[] {
  const { endpoint, requests }: DocumentedPage = JSON.parse(readFileSync(join(ROOT, `${page}.json`), 'utf8'));
  const path = endpoint[0]?.[1] ?? '';
  return requests
    .flatMap(({ bodies }) => bodies ?? [])
    .filter((body) => body['category'] === 'linear')
    .map((body) => [path, body]);
}

describe('documented requests for contracts', () => {
  it.each([
    ['order__create-order', [0, 0]],
    ['order__amend-order', [110001]],
    ['order__cancel-order', [110001]],
    ['position__trading-stop', [0]],
    ['position__leverage', [0]],
  ])('of %s are understood', async (page, codes) => {
    const client = await documentedVenue();
    const answered: number[] = [];
    for (const [path, body] of bodiesOf(page)) answered.push((await client.post(path, body)).retCode);
    expect(answered).toEqual(codes);
  });

  it('of trading-stop rests two limit stops for a part', async () => {
    const client = await documentedVenue();
    for (const [path, body] of bodiesOf('position__trading-stop')) await client.post(path, body);
    const { result } = await client.get('/v5/order/realtime', { category: 'linear', symbol: 'XRPUSDT' });
    expect(result.list).toMatchObject([
      { stopOrderType: 'PartialStopLoss', qty: '50.00', price: '0.21', triggerBy: 'IndexPrice' },
      { stopOrderType: 'PartialTakeProfit', qty: '50.00', price: '0.57', triggerBy: 'MarkPrice' },
    ]);
  });
});
