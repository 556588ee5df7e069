import { join } from 'node:path';
import { DiskReserve } from '../platform/disk-reserve.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { type Store, StoreError } from '../store/store.ts';

/** Where the bots service remembers. */
export function tradingFile(home: string): string {
  return join(home, 'trading.db');
}

/**
 * Opens the trading database for the service that trades, with 16 MiB set aside for a full disk. On a disk that is full by
 * now the room is given up for the start: what is open must be guarded. Throws `StoreError`.
 */
export async function openTradingStore(home: string): Promise<Store> {
  const room = new DiskReserve(join(home, 'reserve'));
  const open = (): Store => openStore({ file: tradingFile(home), time: systemTime, room });
  await room.restore();
  try {
    return open();
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === 'full' && room.release())) throw error;
  }
  return open();
}
