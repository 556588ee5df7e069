import type { Instrument } from '../../src/core/domain/instrument.ts';
import { systemTime } from '../../src/platform/time.ts';
import { startVenueServer, type VenueServer } from '../../src/venue/server.ts';
import { createVenue, type Venue, type VenueOptions } from '../../src/venue/venue.ts';
import { instrument, ScriptedMarket } from '../fixture/scripted-market.ts';

export const API_KEY = 'testkey';
export const API_SECRET = 'testsecret';
export const ADMIN_TOKEN = 'auditor';
/** Of a person who may look at the product, not behind the venue's counter. */
export const VIEWER_TOKEN = 'viewer-token';
export const CONTROL_TOKEN = 'troublemaker';

export interface RunningVenue {
  readonly market: ScriptedMarket;
  readonly venue: Venue;
  readonly server: VenueServer;
  readonly http: string;
  readonly ws: string;
  stop(): Promise<void>;
}

/** What differs from the usual venue. */
export interface VenueSetting {
  readonly limits?: VenueOptions['limits'];
  readonly accounts?: VenueOptions['accounts'];
  /** The first stands at 60,000, the others at 3,000. */
  readonly instruments?: readonly Instrument[];
}

/** The venue on a free loopback port: BTCUSDT at 60,000 and ETHUSDT at 3,000, one account of 10,000 USDT. */
export async function runVenue(setting: VenueSetting = {}): Promise<RunningVenue> {
  const instruments = setting.instruments ?? [instrument('BTCUSDT'), instrument('ETHUSDT')];
  const market = new ScriptedMarket(systemTime.nowMs(), instruments, 60_000);
  for (const each of instruments.slice(1)) market.setPrice(each.id, 3000);
  const venue = createVenue({
    market,
    time: systemTime,
    accounts: setting.accounts ?? [
      { apiKey: API_KEY, apiSecret: API_SECRET, uid: '1001', walletUsdt: 10_000 },
    ],
    limits: setting.limits ?? {},
    seed: 1,
  });
  venue.start();
  const server = await startVenueServer({
    venue,
    host: '127.0.0.1',
    port: 0,
    rightOf: (token) => {
      if (token === CONTROL_TOKEN) return 'control';
      if (token === VIEWER_TOKEN) return 'known';
      return token === ADMIN_TOKEN ? 'look' : 'none';
    },
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
