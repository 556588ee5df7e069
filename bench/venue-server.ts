import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure } from '../src/core/base/assert.ts';
import { systemTime } from '../src/platform/time.ts';
import { openSqliteBooks } from '../src/venue/books/sqlite-books.ts';
import type { MarketSource } from '../src/venue/market/market-source.ts';
import { syntheticMarket } from '../src/venue/market/synthetic.ts';
import { startVenueServer } from '../src/venue/server.ts';
import { createVenue } from '../src/venue/venue.ts';
import { VENUE_KEY } from './venue-key.ts';

/** CPU time the venue process has used, told when asked. */
export interface VenueUse {
  readonly microseconds: number;
}

/** What the bench's venue process tells when it serves. */
export interface VenueReady {
  readonly port: number;
  readonly symbols: readonly string[];
}

const STEP_MS = 100;

await main();

/** The venue on a port, its books in a file, with a market in which every ticker changes ten times a second. */
async function main(): Promise<void> {
  const instrumentCount = Number(process.argv[2]);
  const startMs = systemTime.nowMs();
  const market = lively(syntheticMarket({ seed: 7, instrumentCount, startMs, candleScale: 'real' }));
  const folder = mkdtempSync(join(tmpdir(), 'infobot-bench-'));
  const venue = createVenue({
    books: openSqliteBooks(join(folder, 'venue.db'), startMs),
    market,
    time: systemTime,
    accounts: [{ ...VENUE_KEY, uid: '1001', walletUsdt: 10_000 }],
    seed: 1,
  });
  const server = await startVenueServer({
    venue,
    host: '127.0.0.1',
    port: 0,
    rightOf: () => 'none',
    log: () => undefined,
  });
  venue.start();
  const symbols = market.instruments().map((instrument) => instrument.exchangeSymbol);
  const send = ensure(process.send?.bind(process), 'started by the bench as a child');
  send({ port: server.port, symbols } satisfies VenueReady);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    send({ microseconds: user + system } satisfies VenueUse);
  });
  process.on('disconnect', () => {
    rmSync(folder, { recursive: true });
    process.exit(0);
  });
}

/** The same market, looked at ten times a second: between two seconds the sizes at the best prices change. */
function lively(market: MarketSource): MarketSource {
  let steps = 0;
  return {
    name: market.name,
    stepMs: STEP_MS,
    instruments: () => market.instruments(),
    advance: (nowMs) => {
      market.advance(nowMs);
      steps += 1;
      return market.instruments().map((instrument) => instrument.id);
    },
    quote: (instrumentId) => {
      const quote = market.quote(instrumentId);
      return quote === null ? null : { ...quote, topQuantity: quote.topQuantity * (1 + (steps % 9)) };
    },
    candles: (range) => market.candles(range),
    trail: (instrumentId, fromMs) => market.trail(instrumentId, fromMs),
    state: () => market.state(),
  };
}
