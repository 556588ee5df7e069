import { keepLedger } from '../../src/app/ledger-job.ts';
import type { Exchange } from '../../src/exchange/exchange.ts';
import type { LedgerKeeper } from '../../src/trading/ledger-keeper.ts';
import type { World } from './world.ts';

/** Has the books of the running service kept, over a connection of their own. */
export function keptLedger(world: World, exchange: Exchange = world.person): LedgerKeeper {
  const { store, time } = world;
  const trading = world.trading();
  return keepLedger({ trading, exchange, store, time, accountId: 'simulation', report: () => undefined });
}
