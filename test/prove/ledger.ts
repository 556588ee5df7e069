import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Verdict } from './harness.ts';

/** One seed of one harness, done. */
export interface LedgerEntry extends Verdict {
  readonly harness: string;
  readonly seed: number;
  readonly count: number;
  /** What was proven. */
  readonly commit: string;
  readonly finished: string;
}

/** The seeds done so far, in a file: a proof that was interrupted goes on where it was. */
export class Ledger {
  private readonly file: string;
  private readonly entries: LedgerEntry[];

  /** Throws when the file is there and is no ledger. */
  constructor(file: string) {
    this.file = file;
    this.entries = read(file);
  }

  /** A failed seed is not done: it is run again. */
  isDone(harness: string, seed: number, count: number): boolean {
    const found = this.entries.find((entry) => entry.harness === harness && entry.seed === seed);
    return found !== undefined && found.violations.length === 0 && found.count >= count;
  }

  /** Replaces what the same seed came to before. */
  add(entry: LedgerEntry): void {
    const same = this.entries.findIndex(
      ({ harness, seed }) => harness === entry.harness && seed === entry.seed,
    );
    if (same === -1) this.entries.push(entry);
    else this.entries[same] = entry;
    writeFileSync(`${this.file}.new`, `${JSON.stringify(this.entries, null, 1)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  of(harness: string): readonly LedgerEntry[] {
    return this.entries.filter((entry) => entry.harness === harness);
  }
}

function read(file: string): LedgerEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // The first run.
    return [];
  }
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) throw new Error(`${file} is no ledger of proofs.`);
  return entries;
}
