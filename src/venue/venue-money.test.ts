import { describe, expect, it } from 'vitest';
import { instrument, instrumentId } from '../../test/fixture/scripted-market.ts';
import { START_MS, type VenueClient, venueClient } from '../../test/fixture/venue-client.ts';

const HOUR_MS = 3_600_000;
const btcId = instrumentId('BTCUSDT');
const ethId = instrumentId('ETHUSDT');
const category = 'linear';
const buy = (client: VenueClient, symbol: string, qty: string) =>
  client.post('/v5/order/create', { category, symbol, side: 'Buy', orderType: 'Market', qty });

describe('funding', () => {
  it('falls due at the interval of each instrument, at the rate shown before', async () => {
    const client = venueClient({
      instruments: [instrument('BTCUSDT'), instrument('ETHUSDT')],
      prepare: (market) => {
        market.setFunding(btcId, 0.001, START_MS + HOUR_MS);
        market.setFunding(ethId, -0.002, START_MS + 2 * HOUR_MS);
      },
    });
    await buy(client, 'BTCUSDT', '0.01');
    await buy(client, 'ETHUSDT', '0.01');
    await client.time.advance(HOUR_MS + 200);
    const read = () => client.get('/v5/account/transaction-log', { type: 'SETTLEMENT' });
    // 0.01 x 60,000 at 0.1 %: a buyer pays a positive rate.
    expect((await read()).result.list).toMatchObject([
      { symbol: 'BTCUSDT', side: 'Buy', funding: '-0.6', feeRate: '0.001', cashFlow: '0', change: '-0.6' },
    ]);
    await client.time.advance(HOUR_MS);
    expect((await read()).result.list).toMatchObject([
      { symbol: 'ETHUSDT', side: 'Buy', funding: '1.2', feeRate: '-0.002' },
      { symbol: 'BTCUSDT' },
    ]);
  });

  it('is signed by the side of the position', async () => {
    const client = venueClient({
      prepare: (market) => market.setFunding(btcId, 0.001, START_MS + HOUR_MS),
    });
    const order = { category, symbol: 'BTCUSDT', side: 'Sell', orderType: 'Market', qty: '0.01' };
    await client.post('/v5/order/create', order);
    await client.time.advance(HOUR_MS + 200);
    const log = await client.get('/v5/account/transaction-log', { type: 'SETTLEMENT' });
    expect(log.result.list).toMatchObject([
      { side: 'Sell', funding: '0.6', feeRate: '-0.001', size: '-0.010' },
    ]);
  });
});

describe('delivery', () => {
  it('settles at the mean index price of the last half hour', async () => {
    const client = venueClient();
    await buy(client, 'BTCUSDT', '0.01');
    client.venue.faults.add({ name: 'delisting', symbol: 'BTCUSDT', in: '1h' });
    await client.move(btcId, 61_000);
    await client.time.advance(HOUR_MS / 2);
    await client.move(btcId, 63_000);
    await client.time.advance(HOUR_MS / 4);
    await client.move(btcId, 65_000);
    await client.time.advance(HOUR_MS / 4 + 1000);
    const fills = await client.get('/v5/execution/list', { category, symbol: 'BTCUSDT' });
    expect(fills.result.list?.[0]).toMatchObject({ execType: 'Delivery' });
    expect(Number(fills.result.list?.[0]?.['execPrice'])).toBeCloseTo(64_000, -1);
  });
});

describe('money that moves', () => {
  it('is a whole number of the last place of a wallet, though a seventh of a position is bound', async () => {
    const client = venueClient();
    const leverage = { category, symbol: 'BTCUSDT', buyLeverage: '7', sellLeverage: '7' };
    await client.post('/v5/position/set-leverage', leverage);
    const order = { category, symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.1' };
    await client.post('/v5/order/create', order);
    client.venue.faults.add({ name: 'money-moves', kind: 'withdrawal', amount: 1_000_000 });
    const gone = client.venue.ledger().accounts[0]?.postings.at(-1);
    expect(gone).toMatchObject({ kind: 'withdrawal' });
    expect(gone?.amount).toMatch(/^-\d+\.\d{1,8}$/);
  });
});

describe('a key', () => {
  it('that expires is no longer let into the private stream', async () => {
    const client = venueClient();
    expect((await client.privateChannel(['order'])).messages[0]).toMatchObject({ op: 'auth', success: true });
    client.venue.faults.add({ name: 'key-expires' });
    expect((await client.privateChannel(['order'])).messages[0]).toMatchObject({
      op: 'auth',
      success: false,
    });
  });

  it('bound to another address is not let in either', async () => {
    const client = venueClient();
    client.venue.faults.add({ name: 'key-bound', ip: '203.0.113.5' });
    expect((await client.privateChannel(['order'])).messages[0]).toMatchObject({ success: false });
    client.venue.faults.add({ name: 'key-bound', ip: 'in-process' });
    expect((await client.privateChannel(['order'])).messages[0]).toMatchObject({ success: true });
  });
});

describe('the ban of an address', () => {
  it('lasts ten minutes', async () => {
    const client = venueClient({ limits: { ipRequests: 3 } });
    const ask = async () => {
      const outcome = await client.send('GET', '/v5/market/time', '');
      return outcome.kind === 'answered' ? outcome.status : 0;
    };
    for (let at = 0; at < 3; at += 1) expect(await ask()).toBe(200);
    expect(await ask()).toBe(403);
    await client.time.advance(9 * 60_000);
    expect(await ask()).toBe(403);
    await client.time.advance(61_000);
    expect(await ask()).toBe(200);
  });
});
