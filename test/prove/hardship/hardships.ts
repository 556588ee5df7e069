import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Bots, BotsStart } from '../processes.ts';

/** What a hardship has to strike with. */
export interface Struck {
  readonly home: string;
  readonly bots: Bots;
}

/** Something that befalls the machine, not the exchange. */
export interface Hardship {
  readonly name: string;
  readonly lastsMs: number;
  /** While it lasts no entry may leave. */
  readonly stopsEntries: boolean;
  /** While it lasts the process can do nothing at all. */
  readonly stopsAll: boolean;
  /** How far the bots service's wall clock is off while it lasts, ms; left out where it is right. */
  readonly clockOffMs?: number;
  /** Makes the place to live in; null where the usual one will do. Throws, saying why, where it cannot be made. */
  readonly makeHome?: () => string;
  readonly removeHome?: (home: string) => void;
  /** How the bots service has to be started to be struck. */
  readonly start?: (home: string) => BotsStart;
  /** Gives how to end it. */
  readonly begin: (struck: Struck) => () => void;
}

const SECOND_MS = 1_000;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** Room for the databases, the logs and the reserve, and not much more. */
const SMALL_DISK = '64m';
const REFILL_MS = 100;
const FILL_CHUNK_BYTES = 1024 * 1024;

/** Every hardship; a seed is a place in this list. The short ones come first. */
export const HARDSHIPS: readonly Hardship[] = [
  fullDisk(15, false),
  lockedDatabase(30),
  suspended(5),
  steppedClock('an hour ahead', HOUR_SECONDS),
  steppedClock('an hour back', -HOUR_SECONDS),
  steppedClock('a day ahead', DAY_SECONDS),
  steppedClock('a day back', -DAY_SECONDS),
  suspended(30),
  suspended(120),
  fullDisk(60, true),
];

/** Another program takes all that is left of the disk; a greedy one also what is freed from then on. */
function fullDisk(seconds: number, greedy: boolean): Hardship {
  return {
    name: `disk full for ${seconds} s${greedy ? ', whatever is freed' : ''}`,
    lastsMs: seconds * SECOND_MS,
    stopsEntries: true,
    stopsAll: false,
    makeHome: () => {
      const home = mkdtempSync(join(tmpdir(), 'infobot-disk-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK},mode=0700`, 'tmpfs', home]);
      return home;
    },
    removeHome: (home) => {
      execFileSync('umount', ['-l', home]);
      rmSync(home, { recursive: true, force: true });
    },
    begin: ({ home }) => {
      writeFileSync(ballast(home), '');
      fill(home);
      const again = greedy ? setInterval(() => fill(home), REFILL_MS) : undefined;
      return () => {
        clearInterval(again);
        rmSync(ballast(home));
      };
    },
  };
}

function ballast(home: string): string {
  return join(home, 'of-another-program');
}

function fill(home: string): void {
  const chunk = Buffer.alloc(FILL_CHUNK_BYTES, 1);
  for (;;) {
    const { bavail, bsize } = statfsSync(home);
    if (bavail === 0 || !append(ballast(home), chunk.subarray(0, Math.min(FILL_CHUNK_BYTES, bavail * bsize))))
      return;
  }
}

/** False when the struck process was quicker to take what was left. */
function append(file: string, bytes: Buffer): boolean {
  try {
    writeFileSync(file, bytes, { flag: 'a' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}

function lockedDatabase(seconds: number): Hardship {
  return {
    name: `database locked for ${seconds} s`,
    lastsMs: seconds * SECOND_MS,
    stopsEntries: true,
    stopsAll: false,
    begin: ({ home }) => {
      const database = new DatabaseSync(join(home, 'trading.db'), { timeout: 5_000 });
      database.exec('begin immediate');
      return () => {
        database.exec('rollback');
        database.close();
      };
    },
  };
}

function suspended(seconds: number): Hardship {
  return {
    name: `suspended for ${seconds} s`,
    lastsMs: seconds * SECOND_MS,
    stopsEntries: true,
    stopsAll: true,
    begin: ({ bots }) => {
      bots.signal('SIGSTOP');
      return () => bots.signal('SIGCONT');
    },
  };
}

/** The wall clock of the bots process alone, as if the machine's had been set; its monotonic clock goes on. */
function steppedClock(how: string, seconds: number): Hardship {
  const file = (home: string): string => join(home, 'wall-clock-offset');
  return {
    name: `clock set ${how}`,
    lastsMs: 20 * SECOND_MS,
    stopsEntries: true,
    stopsAll: false,
    clockOffMs: seconds * SECOND_MS,
    start: (home) => {
      writeFileSync(file(home), '+0\n');
      return {
        environment: {
          LD_PRELOAD: clockLibrary(),
          FAKETIME_TIMESTAMP_FILE: file(home),
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          DONT_FAKE_MONOTONIC: '1',
        },
      };
    },
    begin: ({ home }) => {
      writeFileSync(file(home), `${seconds > 0 ? '+' : ''}${seconds}\n`);
      return () => writeFileSync(file(home), '+0\n');
    },
  };
}

function clockLibrary(): string {
  const found = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0];
  if (found === undefined) throw new Error('libfaketime is not installed (Debian: the package faketime).');
  return found;
}
