import type { Kysely } from 'kysely';
import { decimal, decimalText, ZERO } from '../../core/base/decimal.ts';
import {
  fundingShares,
  type HeldSpan,
  SETTLEMENT_LATE_MS,
  type Settlement,
} from '../../core/ledger/funding-share.ts';
import type { Tables, TradeTable } from '../tables.ts';
import type { FundedTrade, TradeRow, TradeStepRow } from '../trade-row.ts';

/** Rows of a statement stay well below the parameters SQLite takes. */
const IDS_MAX = 500;

type StoredTrade = TradeTable & { readonly id: number };

/** Closed positions with what the books say of their funding, in the order given. At most 500. */
export async function fundedTrades(
  db: Kysely<Tables>,
  stored: readonly StoredTrade[],
): Promise<readonly FundedTrade[]> {
  const trades = await withSteps(db, stored);
  const all = [...(await predecessorsOf(db, trades)), ...trades];
  const funding = new Map<string, string>();
  for (const accountId of new Set(trades.flatMap((trade) => trade.accountId ?? []))) {
    const ofAccount = all.filter((trade) => trade.accountId === accountId);
    const covered = await coveredOf(db, accountId, ofAccount);
    for (const [tradeId, paid] of await paidBy(db, accountId, { ofAccount, covered }))
      funding.set(tradeId, paid);
  }
  return trades.map((trade) => funded(trade, funding.get(trade.tradeId) ?? null));
}

function funded(trade: TradeRow, funding: string | null): FundedTrade {
  const pnl = funding === null ? null : decimalText(decimal(trade.tradedPnl).minus(funding));
  return { ...trade, funding, pnl };
}

async function withSteps(db: Kysely<Tables>, stored: readonly StoredTrade[]): Promise<readonly TradeRow[]> {
  const steps = new Map<string, TradeStepRow[]>(stored.map(({ tradeId }) => [tradeId, []]));
  const ids = [...steps.keys()];
  for (let from = 0; from < ids.length; from += IDS_MAX) {
    const rows = await db
      .selectFrom('tradeStep')
      .selectAll()
      .where('tradeId', 'in', ids.slice(from, from + IDS_MAX))
      .orderBy('tradeId')
      .orderBy('part')
      .execute();
    for (const { tradeId, fillId, timeMs, held } of rows) steps.get(tradeId)?.push({ fillId, timeMs, held });
  }
  return stored.map(({ id: _id, pnl: tradedPnl, ...trade }) => ({
    ...trade,
    tradedPnl,
    steps: steps.get(trade.tradeId) ?? [],
  }));
}

/** Who ended on the same instrument as another began: a settlement of that moment is theirs first. */
async function predecessorsOf(db: Kysely<Tables>, trades: readonly TradeRow[]): Promise<readonly TradeRow[]> {
  const ids = trades.map(({ tradeId }) => tradeId);
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('trade as later')
    .innerJoin('trade as earlier', (join) =>
      join
        .onRef('earlier.instrumentId', '=', 'later.instrumentId')
        .onRef('earlier.closedMs', '<=', 'later.openedMs')
        .on((on) => on('earlier.closedMs', '>=', on('later.openedMs', '-', SETTLEMENT_LATE_MS))),
    )
    .selectAll('earlier')
    .where('later.tradeId', 'in', ids)
    .where('earlier.tradeId', 'not in', ids)
    .distinct()
    .execute();
  return withSteps(db, rows);
}

/** Those whose whole life is in the books, and which the books have equalled the wallet after. */
async function coveredOf(
  db: Kysely<Tables>,
  accountId: string,
  ofAccount: readonly TradeRow[],
): Promise<readonly TradeRow[]> {
  const mark = await db
    .selectFrom('ledgerMark')
    .select(['openedMs', 'agreedMs'])
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  if (mark === undefined) return [];
  const untilMs = mark.agreedMs - SETTLEMENT_LATE_MS;
  return ofAccount.filter((trade) => trade.openedMs >= mark.openedMs && trade.closedMs <= untilMs);
}

/** Those that are not covered bear their part of a settlement all the same: it is not that of who came after them. */
async function paidBy(
  db: Kysely<Tables>,
  accountId: string,
  { ofAccount, covered }: { readonly ofAccount: readonly TradeRow[]; readonly covered: readonly TradeRow[] },
): Promise<ReadonlyMap<string, string>> {
  const paid = new Map<string, string>();
  for (const id of new Set(covered.map(({ instrumentId }) => instrumentId))) {
    const isOfInstrument = ({ instrumentId }: TradeRow) => instrumentId === id;
    const spans = ofAccount
      .filter(isOfInstrument)
      .map(spanOf)
      .toSorted((a, b) => a.openedMs - b.openedMs);
    const asked = covered.filter(isOfInstrument);
    const shares = fundingShares(spans, await settlementsOf(db, accountId, asked));
    for (const { tradeId } of asked) paid.set(tradeId, decimalText(shares.get(tradeId) ?? ZERO));
  }
  return paid;
}

/** Of one instrument, in its own time alone: a position that was held for long asks nothing of the others. */
async function settlementsOf(
  db: Kysely<Tables>,
  accountId: string,
  trades: readonly TradeRow[],
): Promise<readonly Settlement[]> {
  const fromMs = Math.min(...trades.map(({ openedMs }) => openedMs)) - SETTLEMENT_LATE_MS;
  const toMs = Math.max(...trades.map(({ closedMs }) => closedMs));
  const rows = await db
    .selectFrom('ledgerMovement')
    .select(['timeMs', 'change', 'funding', 'heldAfter'])
    .where('accountId', '=', accountId)
    .where('kind', '=', 'funding')
    .where('instrumentId', '=', trades[0]?.instrumentId ?? '')
    .where('timeMs', '>=', fromMs)
    .where('timeMs', '<=', toMs)
    .orderBy('timeMs')
    .orderBy('id')
    .execute();
  return rows.map(({ timeMs, change, funding, heldAfter }) => {
    const paid = ZERO.minus(funding ?? change);
    return { timeMs, paid, held: heldAfter === null ? null : decimal(heldAfter) };
  });
}

function spanOf({ tradeId, direction, quantity, openedMs, closedMs, steps }: TradeRow): HeldSpan {
  return {
    ...{ tradeId, openedMs, closedMs },
    direction: direction === 'short' ? 'short' : 'long',
    quantity: decimal(quantity),
    steps: steps.map(({ held, ...step }) => ({ ...step, held: decimal(held) })),
  };
}
