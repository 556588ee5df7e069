import type { Portfolio } from '../backtest/filter-worth/added-worth.ts';
import { type HeldTrade, HeldTrades } from '../backtest/filter-worth/held-trades.ts';
import { ensure } from '../core/base/assert.ts';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { PositionView } from '../core/engine/view.ts';
import type { Page, Store } from '../store/store.ts';
import type { FundedTrade } from '../store/trade-row.ts';

const PAGE = 500;
/** Newest closed positions that are looked at. */
const TRADES_MAX = 10_000;

/** What was traded and is held, with the room that settings and equity of now give. */
export async function tradedPortfolio({
  engine,
  store,
  equityUsdt,
}: {
  readonly engine: Pick<Engine, 'positions' | 'settings'>;
  readonly store: Pick<Store, 'listTrades'>;
  readonly equityUsdt: number;
}): Promise<Portfolio> {
  const { positionsMax, exposurePctMax } = engine.settings().risk;
  const closed = await closedTrades(store);
  const open = engine.positions().flatMap((position) => openTrade(position) ?? []);
  return {
    held: new HeldTrades([...closed.map(closedTrade), ...open]),
    positionsMax,
    exposureMaxUsdt: (equityUsdt * exposurePctMax) / 100,
  };
}

async function closedTrades(store: Pick<Store, 'listTrades'>): Promise<readonly FundedTrade[]> {
  const rows: FundedTrade[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<FundedTrade> = await store.listTrades({ limit: PAGE, cursor });
    rows.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < TRADES_MAX);
  return rows;
}

/** One whose funding is not known counts without it. */
function closedTrade(row: FundedTrade): HeldTrade {
  return {
    instrumentId: ensure(parseInstrumentId(row.instrumentId), 'A trade is of an instrument of ours.'),
    openedMs: row.openedMs,
    closedMs: row.closedMs,
    notionalUsdt: Number(row.quantity) * Number(row.entryPrice),
    pnlUsdt: Number(row.pnl ?? row.tradedPnl),
  };
}

/** Null for one that waits for its first fill. */
function openTrade(position: PositionView): HeldTrade | null {
  const { instrumentId, openedMs, quantity, entryPrice, pnlUsdt } = position;
  if (entryPrice === null) return null;
  const notionalUsdt = Number(quantity) * Number(entryPrice);
  return { instrumentId, openedMs, closedMs: null, notionalUsdt, pnlUsdt: pnlUsdt ?? 0 };
}
