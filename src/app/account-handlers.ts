import type { AccountHandlers } from '../exchange/exchange.ts';
import type { AccountLease } from '../trading/account-lease.ts';
import type { AccountSync } from '../trading/account-sync.ts';
import type { OrderExecutor } from '../trading/order-executor.ts';

/** Where what the account's stream tells goes: whatever it says is followed by a reading, for pushes may be lost. */
export function accountHandlers(parts: {
  readonly executor: OrderExecutor;
  readonly sync: AccountSync;
  readonly lease: AccountLease;
  readonly onUp: (up: boolean) => void;
}): AccountHandlers {
  const { executor, sync, lease, onUp } = parts;
  return {
    onOrder: (order) => {
      lease.noteOrder(order);
      executor.onOrder(order);
    },
    onFill: (fill) => {
      lease.noteFill(fill);
      sync.onFill(fill);
      sync.request();
    },
    onAccountChanged: () => sync.request(),
    onState: (state) => {
      if (state.kind === 'silent') return;
      if (state.kind === 'up') sync.request();
      onUp(state.kind === 'up');
    },
  };
}
