import { SqlStore } from '../../../src/store/sql-store.ts';

/** Loaded before the product: a seeded fault. An intent is called durable at once and written a little later. */
const LATE_MS = 100;
const addIntent = SqlStore.prototype.addIntent;
SqlStore.prototype.addIntent = function late(
  this: SqlStore,
  ...row: Parameters<typeof addIntent>
): Promise<void> {
  setTimeout(() => addIntent.apply(this, row).catch(() => undefined), LATE_MS);
  return Promise.resolve();
};
