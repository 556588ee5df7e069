import { describe, expect, it } from 'vitest';
import { type VenueClient, venueClient } from '../../test/fixture/venue-client.ts';

const category = 'linear';
const symbol = 'BTCUSDT';
const HOUR_MS = 3_600_000;
const limit = { category, symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: '59000' };

async function listed(client: VenueClient, path: string, query = {}) {
  const { result } = await client.get(path, { category, symbol, limit: 50, ...query });
  return (result.list ?? []).map((row) => row['orderLinkId']);
}

/** Days pass on a market that stands still. */
async function later(client: VenueClient, ms: number): Promise<void> {
  client.venue.stop();
  await client.time.advance(ms);
}

describe('what the venue remembers of orders', () => {
  it('forgets a cancelled order without a fill after a day, and keeps every filled one', async () => {
    const client = venueClient({ limits: { isOn: false } });
    await client.post('/v5/order/create', { ...limit, orderLinkId: 'cancelled' });
    await client.post('/v5/order/cancel', { category, symbol, orderLinkId: 'cancelled' });
    await client.post('/v5/order/create', { ...limit, orderLinkId: 'filled', price: '60100' });
    expect(await listed(client, '/v5/order/history')).toEqual(['filled', 'cancelled']);
    await later(client, 24 * HOUR_MS - 1000);
    expect(await listed(client, '/v5/order/history')).toEqual(['filled', 'cancelled']);
    await later(client, 2000);
    expect(await listed(client, '/v5/order/history')).toEqual(['filled']);
  });

  it('keeps a cancelled order that was filled in part', async () => {
    const client = venueClient({
      prepare: (market) => market.setPrice(market.instruments()[0]!.id, 60_000, { top: 0.01 }),
    });
    const order = { ...limit, qty: '0.05', price: '60000.1', timeInForce: 'IOC', orderLinkId: 'part' };
    await client.post('/v5/order/create', order);
    await later(client, 25 * HOUR_MS);
    expect(await listed(client, '/v5/order/history')).toEqual(['part']);
  });

  it('lists seven days by default, and older ones only in a window of their own', async () => {
    const client = venueClient();
    await client.post('/v5/order/create', { ...limit, price: '60100', orderLinkId: 'old' });
    const startTime = client.time.nowMs();
    await later(client, 7 * 24 * HOUR_MS + 1000);
    expect(await listed(client, '/v5/order/history')).toEqual([]);
    expect(await listed(client, '/v5/order/history', { startTime: startTime - 1000 })).toEqual(['old']);
  });

  it('shows the five hundred orders closed last among the recent ones', async () => {
    const client = venueClient({ limits: { isOn: false } });
    for (let count = 0; count < 501; count += 1) {
      const orderLinkId = `closed-${count}`;
      await client.post('/v5/order/create', { ...limit, orderLinkId });
      await client.post('/v5/order/cancel', { category, symbol, orderLinkId });
    }
    const named = (orderLinkId: string) => listed(client, '/v5/order/realtime', { orderLinkId });
    expect(await named('closed-1')).toEqual(['closed-1']);
    expect(await named('closed-0')).toEqual([]);
  });

  it('loses the recent orders when their service is started again, but no open one', async () => {
    const client = venueClient();
    await client.post('/v5/order/create', { ...limit, orderLinkId: 'open' });
    await client.post('/v5/order/create', { ...limit, price: '60100', orderLinkId: 'filled' });
    await client.time.advance(10);
    expect(client.venue.faults.add({ name: 'recent-orders-lost' }).ok).toBe(true);
    expect(await listed(client, '/v5/order/realtime', { openOnly: 1 })).toEqual([]);
    expect(await listed(client, '/v5/order/realtime')).toEqual(['open']);
    expect(await listed(client, '/v5/order/history')).toEqual(['filled']);
  });
});
