import { DatabaseSync } from 'node:sqlite';

/** Loaded before the product: a seeded fault. Commits are no longer flushed to the disk, as SQLite's own advice for its log has it. */
const execute = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function weakened(this: DatabaseSync, sql: string): void {
  execute.call(this, sql.replace('synchronous = full', 'synchronous = normal'));
};
