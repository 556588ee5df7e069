import { systemTime } from '../../src/platform/time.ts';
import { startVenueServer, type VenueServer } from '../../src/venue/server.ts';
import { createVenue, type Venue } from '../../src/venue/venue.ts';
import { instrument, ScriptedMarket } from '../fixture/scripted-market.ts';

export const API_KEY = 'testkey';
export const API_SECRET = 'testsecret';
export const ADMIN_TOKEN = 'auditor';

export interface RunningVenue {
  readonly market: ScriptedMarket;
  readonly venue: Venue;
  readonly server: VenueServer;
  readonly http: string;
  readonly ws: string;
  stop(): Promise<void>;
}

/** The venue on a free loopback port: BTCUSDT at 60,000 and ETHUSDT at 3,000, one account of 10,000 USDT. */
export async function runVenue(): Promise<RunningVenue> {
  const btc = instrument('BTCUSDT');
  const eth = instrument('ETHUSDT');
  const market = new ScriptedMarket(systemTime.nowMs(), [btc, eth], 60_000);
  market.setPrice(eth.id, 3000);
  const venue = createVenue({
    market,
    time: systemTime,
    accounts: [{ apiKey: API_KEY, apiSecret: API_SECRET, uid: '1001', walletUsdt: 10_000 }],
    seed: 1,
  });
  venue.start();
  const server = await startVenueServer({
    venue,
    host: '127.0.0.1',
    port: 0,
    verifyAdmin: (token) => token === ADMIN_TOKEN,
    log: () => undefined,
  });
  return {
    market,
    venue,
    server,
    http: `http://127.0.0.1:${server.port}`,
    ws: `ws://127.0.0.1:${server.port}`,
    stop: async () => {
      venue.stop();
      await server.close();
    },
  };
}
