import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type Dialect,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely';
import { AssertionError } from '../../core/base/assert.ts';

/** Statements kept ready; the store has about thirty texts, the rest are last chunks of odd length. */
const STATEMENTS_MAX = 100;

/** Lets kysely speak to a database that is open already; closing stays with the one who opened it. */
export function nodeSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => nodeSqliteDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function nodeSqliteDriver(database: DatabaseSync): Driver {
  const driver = new SqliteDriver({ database: adaptDatabase(database) });
  return {
    init: () => driver.init(),
    acquireConnection: () => driver.acquireConnection(),
    releaseConnection: () => driver.releaseConnection(),
    destroy: () => driver.destroy(),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    // All our transactions write: taking the lock at once leaves no transaction that cannot go on later.
    beginTransaction: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'));
    },
    // A full disk ends the transaction by itself; a second rollback would hide the reason of the first.
    rollbackTransaction: async (connection) => {
      if (database.isTransaction) await driver.rollbackTransaction(connection);
    },
  };
}

function adaptDatabase(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare: (text) => {
      const ready = statements.get(text);
      if (ready !== undefined) return ready;
      if (statements.size >= STATEMENTS_MAX) statements.clear();
      const statement = adaptStatement(database.prepare(text));
      statements.set(text, statement);
      return statement;
    },
    close: () => statements.clear(),
  };
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(inputOf)),
    run: (parameters) => statement.run(...parameters.map(inputOf)),
    iterate: (parameters) => statement.iterate(...parameters.map(inputOf)),
  };
}

function inputOf(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value;
  }
  if (value instanceof Uint8Array) return value;
  throw new AssertionError(`A query's value is text, bytes, a number or null, not ${typeof value}.`);
}
