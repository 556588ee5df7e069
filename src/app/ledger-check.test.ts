import { afterEach, beforeEach, expect, it } from 'vitest';
import { decimal } from '../core/base/decimal.ts';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import type { Movement } from '../core/domain/movement.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { SqlStore } from '../store/sql-store.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { TradeRow } from '../store/trade-row.ts';
import { entryOf } from '../trading/ledger-keeper.ts';
import { checkLedger } from './ledger-check.ts';

const MARK = { openedMs: 1_000, readToMs: 9_000, agreedMs: 9_000 };
let store: SqlStore;

beforeEach(() => {
  store = openStore({ file: ':memory:', time: new VirtualTime(0) });
});
afterEach(() => store.close());

function fill(id: string, timeMs: number, [cashFlow, fee]: readonly [string, string]): Movement {
  const change = decimal(cashFlow).minus(fee);
  const parts = { cashFlow: decimal(cashFlow), funding: null, fee: decimal(fee), heldAfter: null };
  const instrumentId = parseInstrumentId('BTCUSDT');
  return { id, kind: 'trade', word: 'TRADE', timeMs, instrumentId, fillId: id, change, ...parts };
}

function trade(changes: Partial<TradeRow>): TradeRow {
  return {
    ...{ tradeId: 't1', instrumentId: 'BTCUSDT', direction: 'long', timeframe: '1m', quantity: '1' },
    ...{
      entryPrice: '100',
      exitPrice: '105',
      grossPnl: '5',
      fees: '0.3',
      tradedPnl: '4.7',
      accountId: 'a',
      steps: [],
      openedMs: 2_000,
    },
    ...{ closedMs: 3_000, entryTrend: 'up', entryRsi: 30, exitReason: 'rsi', unprotectedMs: 0 },
    ...changes,
  };
}

it('finds no fault in books that follow from what was told, and trades that agree with them', async () => {
  await store.ledger.book(
    'a',
    [fill('in', 2_000, ['0', '0.1']), fill('out', 3_000, ['5', '0.2'])].map(entryOf),
    MARK,
  );
  await store.addTrade(trade({}));
  await store.addTrade(trade({ tradeId: 't0', openedMs: 500, closedMs: 900 }));
  const report = await checkLedger(store, 'a');
  expect(report).toMatchObject({
    ...{ sound: true, entries: 2, faults: [], balances: { wallet: '4.7', realised: '-5', fees: '0.3' } },
    trades: { agree: 1, differ: [], uncovered: 1 },
  });
});

it('names a posting that does not follow, and the balances it has spoiled', async () => {
  const forged = { ...entryOf(fill('in', 2_000, ['0', '0.1'])), postings: [] };
  await store.ledger.book('a', [forged], MARK);
  const report = await checkLedger(store, 'a');
  expect(report?.sound).toBe(false);
  expect(report?.faults).toEqual([
    'Entry in is booked otherwise.',
    'Account fees is 0.1 by its postings and stored as 0.',
    'Account wallet is -0.1 by its postings and stored as 0.',
  ]);
});

it('names a trade whose fees the exchange tells otherwise', async () => {
  await store.ledger.book(
    'a',
    [fill('in', 2_000, ['0', '0.1']), fill('out', 3_000, ['5', '0.7'])].map(entryOf),
    MARK,
  );
  await store.addTrade(trade({}));
  expect((await checkLedger(store, 'a'))?.trades.differ).toEqual([
    'Trade t1 of BTCUSDT: gross 5 and fees 0.3, by the ledger 5 and 0.8.',
  ]);
});

it('has nothing to say of an account without books', async () => {
  expect(await checkLedger(store, 'b')).toBeNull();
});

it('reads books of more than one page, newest first, and of one instrument alone', async () => {
  const fills = [3_000, 2_000, 3_000].map((timeMs, index) => fill(`f${index}`, timeMs, ['1', '0']));
  const gift = { ...fill('gift', 2_500, ['1', '0']), instrumentId: null };
  await store.ledger.book('a', [...fills, gift].map(entryOf), MARK);
  const found: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await store.ledger.list({ accountId: 'a', limit: 1, cursor });
    found.push(...page.rows.map(({ movementId }) => movementId));
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  expect(found).toEqual(['f2', 'f0', 'gift', 'f1']);
  const ofOne = await store.ledger.list({ accountId: 'a', limit: 9, cursor: null, instrumentId: 'BTCUSDT' });
  expect(ofOne.rows.map(({ movementId }) => movementId)).toEqual(['f2', 'f0', 'f1']);
});

function funding(id: string, timeMs: number, received: string): Movement {
  const amount = decimal(received);
  const parts = { change: amount, cashFlow: decimal(0), funding: amount, fee: decimal(0) };
  const instrumentId = parseInstrumentId('BTCUSDT');
  return {
    id,
    kind: 'funding',
    word: 'SETTLEMENT',
    timeMs,
    instrumentId,
    fillId: null,
    heldAfter: decimal(1),
    ...parts,
  };
}

const STEPS = [
  { fillId: 'in', timeMs: 2_000, held: '1' },
  { fillId: 'out', timeMs: 3_000, held: '0' },
];
const ENTRIES = [
  { ...fill('in', 2_000, ['0', '0.1']), heldAfter: decimal(1) },
  { ...fill('out', 3_000, ['5', '0.2']), heldAfter: decimal(0) },
];

it('gives a trade its funding and net result, also where a settlement is told late; before that neither', async () => {
  await store.addTrade(trade({ steps: STEPS }));
  const first = async () => (await store.listTrades({ limit: 1, cursor: null })).rows[0];
  expect(await first()).toMatchObject({ funding: null, pnl: null, tradedPnl: '4.7' });
  await store.ledger.book('a', ENTRIES.map(entryOf), { ...MARK, agreedMs: 7_999 });
  expect(await first()).toMatchObject({ funding: null, pnl: null });
  await store.ledger.book('a', [], MARK);
  expect(await first()).toMatchObject({ funding: '0', pnl: '4.7' });
  await store.ledger.book('a', [entryOf(funding('paid', 2_500, '-0.25'))], MARK);
  expect(await first()).toMatchObject({ funding: '0.25', pnl: '4.45' });
  const days = [{ day: '1970-01-01', trades: 1, pnl: '4.45', booked: '4.45' }];
  expect((await checkLedger(store, 'a'))?.trades).toMatchObject({ agree: 1, differ: [], days });
});

it('holds a trade against its own executions, whatever else happened meanwhile, and says what it cannot', async () => {
  const other = fill('other', 2_500, ['3', '0.4']);
  await store.ledger.book('a', [...ENTRIES, other].map(entryOf), MARK);
  await store.addTrade(trade({ steps: STEPS }));
  const unseen = [
    STEPS[0] ?? { fillId: null, timeMs: 0, held: '1' },
    { fillId: null, timeMs: 3_000, held: '0' },
  ];
  await store.addTrade(trade({ tradeId: 't2', steps: unseen }));
  const lost = STEPS.map((step) => ({ ...step, fillId: `${step.fillId}-lost` }));
  await store.addTrade(trade({ tradeId: 't3', steps: lost }));
  const report = (await checkLedger(store, 'a'))?.trades;
  expect(report?.agree).toBe(1);
  expect(report?.unproven).toEqual([expect.stringContaining('Trade t2')]);
  expect(report?.differ).toEqual([expect.stringMatching(/^Trade t3 .* not in the books\.$/)]);
});

it('takes of a fill that turned the position only the part that ended ours', async () => {
  const turn = { ...fill('out', 3_000, ['5', '0.5']), heldAfter: decimal('-1.5') };
  await store.ledger.book('a', [ENTRIES[0] ?? turn, turn].map(entryOf), MARK);
  await store.addTrade(trade({ steps: STEPS }));
  expect((await checkLedger(store, 'a'))?.trades).toMatchObject({ agree: 1, differ: [] });
});
