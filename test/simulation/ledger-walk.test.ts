import { describe, expect, it } from 'vitest';
import { decimal, decimalText, ZERO } from '../../src/core/base/decimal.ts';
import { rng } from '../../src/core/base/rng.ts';
import { createBybitExchange } from '../../src/exchange/bybit/bybit-exchange.ts';
import type { VirtualTime } from '../../src/platform/virtual-time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { LedgerKeeper } from '../../src/trading/ledger-keeper.ts';
import { createInProcessLink } from '../../src/venue/in-process.ts';
import type { Venue } from '../../src/venue/venue.ts';
import { ACCOUNTS, walkVenue } from './venue-walk.ts';

/** Steps without faults at the end: what a fault hid is found by then. */
const CALM_STEPS = 400;

/** Keeps the books of all accounts of a venue that is walked, over the wire. */
async function walked(options: { readonly seed: number; readonly steps: number; readonly faults: number }) {
  const notices: string[] = [];
  const drifts: string[] = [];
  let books: readonly LedgerKeeper[] = [];
  let current: Venue | null = null;
  let step = 0;
  let endMs = 0;
  const busy = new Set<LedgerKeeper>();
  const { seed, steps, faults: faultsPerMille } = options;
  const report = await walkVenue({
    ...{ seed, steps: steps + CALM_STEPS, faultsPerMille, restartsPerMille: 4 },
    look: (venue, time) => {
      current = venue;
      step += 1;
      endMs = time.nowMs();
      if (step > steps) venue.faults.removeAll();
      if (books.length === 0) books = keepersOf(time, () => current ?? venue, notices);
      for (const keeper of step % 10 === 0 ? books : []) {
        if (busy.has(keeper)) continue;
        busy.add(keeper);
        void keeper.keep().finally(() => busy.delete(keeper));
      }
      for (const keeper of books) drifts.push(...driftOf(keeper));
    },
  });
  return { report, keepers: books, notices, drifts, endMs };
}

function keepersOf(time: VirtualTime, venue: () => Venue, notices: string[]): readonly LedgerKeeper[] {
  const store = openStore({ file: ':memory:', time });
  return ACCOUNTS.map(({ apiKey, apiSecret, uid }) => {
    const exchange = createBybitExchange({
      transport: {
        request: (request) => createInProcessLink({ venue: venue(), time, latencyMs: 5 }).request(request),
        openChannel: () => {
          throw new Error('books need no channel');
        },
      },
      credentials: { apiKey, secret: apiSecret },
      ...{ time, rng: rng(1), share: 1, log: () => undefined },
    });
    return new LedgerKeeper({
      ...{ exchange, time, book: store.ledger, accountId: uid },
      newest: () => ({ balance: { equity: ZERO, walletBalance: decimal(-1), available: ZERO } }),
      tell: ({ code, message }) => notices.push(`${code} ${message}`),
      report: () => undefined,
    });
  });
}

function driftOf(keeper: LedgerKeeper): readonly string[] {
  const compared = keeper.comparison();
  if (compared === null || compared.ledger.equals(compared.exchange)) return [];
  return [`${keeper.accountId} ${decimalText(compared.exchange.minus(compared.ledger))}`];
}

describe('the ledger of a venue that is walked', () => {
  it('is the wallet at every reading, through flips, partial fills, funding and liquidations', async () => {
    const books = await walked({ seed: 11, steps: 1200, faults: 0 });
    expect(books.drifts).toEqual([]);
    expect(books.notices).toEqual([]);
    expect(Math.min(books.report.takeOvers, books.report.fundings)).toBeGreaterThan(0);
    expect(books.keepers.every((keeper) => keeper.comparison() !== null)).toBe(true);
  });

  it('is the wallet again when faults are over, deleveraged, delivered and killed in between', async () => {
    const books = await walked({ seed: 5, steps: 1000, faults: 40 });
    const late = books.keepers.filter((keeper) => books.endMs - (keeper.agreedAtMs() ?? 0) > 60_000);
    expect(late.map(({ accountId }) => accountId)).toEqual([]);
    expect(books.notices.filter((notice) => notice.startsWith('ledger.contradiction'))).toEqual([]);
    const { deleveragings, deliveries, restarts } = books.report;
    expect(Math.min(deleveragings, deliveries, restarts)).toBeGreaterThan(0);
  });
});
