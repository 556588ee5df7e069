import { describe, expect, it } from 'vitest';
import { instrument } from '../../test/fixture/scripted-market.ts';
import { venueClient } from '../../test/fixture/venue-client.ts';

const FIVE_MINUTES_MS = 300_000;
const asked = { category: 'linear', symbol: 'BTCUSDT', intervalTime: '5min', limit: 4 };

describe('open interest of the past', () => {
  it('is what was held long at each full interval', async () => {
    const client = venueClient();
    const order = async (side: 'Buy' | 'Sell', qty: string): Promise<void> => {
      const wish = { category: 'linear', symbol: 'BTCUSDT', side, orderType: 'Market', qty };
      expect((await client.post('/v5/order/create', wish)).retCode).toBe(0);
      await client.time.advance(FIVE_MINUTES_MS);
    };
    await client.time.advance(FIVE_MINUTES_MS - (client.time.nowMs() % FIVE_MINUTES_MS) + 1000);
    await order('Buy', '0.03');
    await order('Sell', '0.01');
    await order('Sell', '0.05');
    const { result } = await client.get('/v5/market/open-interest', asked);
    expect(result.list?.map((row) => row['openInterest'])).toEqual(['0.000', '0.020', '0.030', '0.000']);
    const newest = Math.floor(client.time.nowMs() / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
    expect(result.list?.[0]).toMatchObject({ timestamp: String(newest) });
  });

  it('begins with the launch of the contract', async () => {
    const client = venueClient({
      instruments: [instrument('BTCUSDT', { launchTimeMs: Date.UTC(2100, 0, 1) })],
    });
    const { result } = await client.get('/v5/market/open-interest', asked);
    expect(result).toMatchObject({ list: [], nextPageCursor: '' });
  });
});
