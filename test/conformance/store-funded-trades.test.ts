import { expect, test } from 'vitest';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import type { LedgerEntry } from '../../src/store/ledger-row.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { TradeRow } from '../../src/store/trade-row.ts';
import { trade } from './store-rows.ts';

const HOUR = 3_600_000;

function settlement(timeMs: number, paid: string, change: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    ...{ movementId: `${change.instrumentId ?? 'BTCUSDT'} ${timeMs}`, kind: 'funding', word: 'SETTLEMENT' },
    ...{ timeMs, instrumentId: 'BTCUSDT', fillId: null, change: `-${paid}`, cashFlow: null },
    ...{ funding: `-${paid}`, fee: null, heldAfter: '1', postings: [] },
    ...change,
  };
}

function held(tradeId: string, fromMs: number, toMs: number, change: Partial<TradeRow> = {}): TradeRow {
  const steps = [
    { fillId: `${tradeId}-in`, timeMs: fromMs, held: '1' },
    { fillId: `${tradeId}-out`, timeMs: toMs, held: '0' },
  ];
  const result = { quantity: '1', grossPnl: '10', fees: '0', tradedPnl: '10' };
  return trade({ tradeId, openedMs: fromMs, closedMs: toMs, steps, ...result, ...change });
}

/** Funding of each, by books from `openedMs` on that equalled the wallet long after all of them. */
async function fundingOf(
  openedMs: number,
  trades: readonly TradeRow[],
  entries: readonly LedgerEntry[],
  limit = 50,
): Promise<Record<string, string | null>> {
  const store = openStore({ file: ':memory:', time: new VirtualTime(0) });
  for (const row of trades) await store.addTrade(row);
  await store.ledger.book('a', entries, { openedMs, readToMs: 99 * HOUR, agreedMs: 99 * HOUR });
  const { rows } = await store.listTrades({ limit, cursor: null });
  await store.close();
  return Object.fromEntries(rows.map(({ tradeId, funding }) => [tradeId, funding]));
}

test('a settlement of the moment one ended as the next began is not charged to the next, whatever the books know of the first', async () => {
  const next = held('next', 8 * HOUR + 1_000, 9 * HOUR);
  const charged = [settlement(8 * HOUR, '0.5')];
  const before = held('before', HOUR, 8 * HOUR);
  expect(await fundingOf(2 * HOUR, [before, next], charged)).toEqual({ before: null, next: '0' });
  expect(await fundingOf(0, [before, next], charged, 1)).toEqual({ next: '0' });
  const others = held('before', HOUR, 8 * HOUR, { accountId: 'b' });
  expect(await fundingOf(0, [others, next], charged)).toEqual({ before: null, next: '0.5' });
});

test('each instrument is charged what was charged on it, while it was held', async () => {
  const trades = [
    held('long-held', HOUR, 30 * HOUR),
    held('eth', 10 * HOUR, 12 * HOUR, { instrumentId: 'ETHUSDT' }),
  ];
  const entries = [9, 11, 13].flatMap((hour) => [
    settlement(hour * HOUR, '0.25'),
    settlement(hour * HOUR, '3', { instrumentId: 'ETHUSDT' }),
  ]);
  expect(await fundingOf(0, trades, entries)).toEqual({ 'long-held': '0.75', eth: '3' });
});
