import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { databaseError } from '../platform/database-error.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import { openSqliteBooks, type SqliteBooks } from '../venue/books/sqlite-books.ts';
import { UsageError } from './usage-error.ts';

/** The market a demo account trades: the same words give the same prices at the same times. */
const marketShape = z.strictObject({
  seed: z.number().int(),
  scale: z.enum(['real', 'demo']),
  /** How many invented instruments; 0 where a list or a recording names them. */
  instruments: z.number().int(),
  /** SHA-256 of the list of contracts; empty for none. */
  contracts: z.string(),
  /** Folder of recorded candles, and the timeframe they become; empty for none. */
  replay: z.string(),
  timeframe: z.string(),
});

const openingShape = z.strictObject({
  account: z.string(),
  /** When the market began: a recording goes on from there, and young instruments keep their age. */
  epochMs: z.number(),
  market: marketShape,
});

export type DemoMarket = z.output<typeof marketShape>;
export type DemoOpening = z.output<typeof openingShape>;

/** What was typed of a market; what was left out is taken from the books. */
export type WantedMarket = Partial<DemoMarket> & Pick<DemoMarket, 'contracts' | 'replay'>;

export interface DemoBooks {
  readonly file: string;
  readonly books: SqliteBooks;
  readonly opening: DemoOpening;
  /** The account was opened just now. */
  readonly isFresh: boolean;
  /** Lets others have the books. */
  close(): void;
}

export interface DemoWish {
  readonly wanted: WantedMarket;
  /** The market of an account that is opened now. */
  readonly usual: DemoMarket;
  /** Opens a new account; the books of the one before are set aside. */
  readonly fresh: boolean;
  /** The account that must be found; null for whichever there is, or a new one. */
  readonly account: string | null;
}

const SWITCHES: Readonly<Record<keyof DemoMarket, string>> = {
  seed: '--seed',
  scale: '--scale',
  instruments: '--instruments',
  contracts: '--instruments FILE',
  replay: '--replay',
  timeframe: '--timeframe',
};
const SUFFIXES = ['-wal', '-shm', ''] as const;
const ROOM_FIRST = 'The books are as they were: start it again when there is room.';
const WAY_ON =
  'Keep the files for whoever is to look at them; --fresh-demo opens a new account and sets these books aside.';

/**
 * Opens the books of the demo account of a home folder, or of a new one, for this process alone. Throws `UsageError` when what
 * was typed is another market than the account's, and a sentence that says what to do when the books are in use,
 * damaged, gone or of another version: they are left as they are, and never is an account opened in their place.
 */
export function openDemoBooks(home: string, wish: DemoWish): DemoBooks {
  const lock = takeProcessLock(join(home, 'venue.lock'));
  if (lock === null) throw new Error(`A venue already runs on ${home}. End it first.`);
  try {
    const file = join(home, wish.wanted.replay === '' ? 'venue.db' : 'venue-replay.db');
    if (wish.fresh) setAside(file);
    if (wish.account !== null && !existsSync(file)) {
      throw new Error(`The books of the demo account ${wish.account} are gone: ${file}. Put the file back.`);
    }
    const books = openBooks(file);
    const close = (): void => {
      books.close();
      lock.release();
    };
    try {
      return { file, books, close, ...openingOf(file, books, wish) };
    } catch (error) {
      books.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Runs what reads the books; what it throws says then which file it is about and what to do. */
export function explainBooks<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { kind, message: said } = databaseError(error);
    const about = said.includes(file) ? said : `${file} cannot be understood: ${said}`;
    throw new Error(`${about} ${kind === 'full' ? ROOM_FIRST : WAY_ON}`, { cause: error });
  }
}

/** The books of earlier starts leave their place, under a name of their own. */
function setAside(file: string): void {
  const name = `${file.slice(0, -'.db'.length)}-until-${systemTime.nowMs()}.db`;
  for (const suffix of SUFFIXES) {
    if (existsSync(file + suffix)) renameSync(file + suffix, name + suffix);
  }
}

function openBooks(file: string): SqliteBooks {
  return explainBooks(file, () => openSqliteBooks(file, systemTime.nowMs()));
}

function openingOf(
  file: string,
  books: SqliteBooks,
  { wanted, usual, account }: DemoWish,
): Pick<DemoBooks, 'opening' | 'isFresh'> {
  const written = books.opening();
  if (written === null) {
    const opening: DemoOpening = {
      account: account ?? `demo-${secureHex(4)}`,
      epochMs: systemTime.nowMs(),
      market: { ...usual, ...wanted },
    };
    books.open(opening);
    return { opening, isFresh: true };
  }
  const read = openingShape.safeParse(written);
  if (!read.success) throw new Error(`${file} does not say whose books it holds. ${WAY_ON}`);
  const opening = read.data;
  refuseOtherMarket(file, opening.market, wanted);
  if (account !== null && account !== opening.account) {
    throw new Error(`${file} holds the books of ${opening.account}, not of ${account}.`);
  }
  return { opening, isFresh: false };
}

function refuseOtherMarket(file: string, known: DemoMarket, wanted: WantedMarket): void {
  for (const name of marketShape.keyof().options) {
    const asked = wanted[name];
    if (asked === undefined || asked === known[name]) continue;
    const isValue = name !== 'contracts';
    const other = isValue ? ` (${known[name] || 'none'}, not ${asked || 'none'})` : '';
    throw new UsageError(
      `${SWITCHES[name]}: the demo account of this home trades another market${other}; its books are ${file}. ` +
        'Start as it was opened to go on with it, or open a new account with --fresh-demo.',
    );
  }
}
