import { decimal, decimalText } from '../../src/core/base/decimal.ts';
import type { AuditQuestion } from './swarm-audit.ts';
import { takenInBy } from './swarm-money.ts';
import type { World } from './world.ts';

/** What an audit holds against each other: the venue's books, and ours. */
export async function auditEvidence(world: World): Promise<Pick<AuditQuestion, 'venue' | 'ours'>> {
  const account = world.venue.state().accounts[0];
  const ledger = world.venue.ledger().accounts[0];
  if (account === undefined || ledger === undefined) throw new Error('the venue has one account');
  const { engine } = world.trading();
  const { rows } = await world.store.listTrades({ limit: 500, cursor: null });
  const open = engine.tradingSnapshot().positions.filter((position) => position.state !== 'entering');
  return {
    venue: {
      ...account,
      orders: [...account.openOrders, ...account.closedOrders],
      postings: ledger.postings,
    },
    ours: {
      positions: open.map(({ instrumentId, holding, stopKind }) => ({
        instrumentId,
        stopKind,
        direction: holding.direction,
        quantity: decimalText(decimal(holding.entryQuantity).minus(holding.exitQuantity)),
        takenIn: takenInBy(holding),
      })),
      foreign: engine.foreignPositions().map((position) => position.instrumentId),
      trades: rows,
    },
  };
}
