import { expect, it } from 'vitest';
import { scanCandlePage } from '../../src/exchange/bybit/candle-scan.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { createInProcessLink } from '../../src/venue/in-process.ts';
import { createVenue } from '../../src/venue/venue.ts';
import { instrument, ScriptedMarket } from '../fixture/scripted-market.ts';
import { settled } from './exchange-scripted-transport.ts';

const START_MS = 1_800_000_000_000;
const HOURS = 20;

it('the venue writes candles in the form that is read without JSON', async () => {
  const time = new VirtualTime(START_MS);
  const market = new ScriptedMarket(START_MS, [instrument('BTCUSDT')], 60_000);
  const venue = createVenue({ market, time, accounts: [], seed: 1 });
  const link = createInProcessLink({ venue, time, latencyMs: 0 });
  const query = `category=linear&symbol=BTCUSDT&interval=60&limit=${HOURS}`;
  const request = { method: 'GET', path: '/v5/market/kline', query, body: '', headers: {} } as const;
  const answer = await settled(time, link.request({ ...request, timeoutMs: 5000 }));
  if (answer.kind !== 'answered') expect.fail(answer.detail);
  const scanned = scanCandlePage(answer.body);
  expect(scanned?.result.symbol).toBe('BTCUSDT');
  expect(scanned?.result.cells.length).toBeGreaterThan(0);
});
