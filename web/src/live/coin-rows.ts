import { useCallback, useSyncExternalStore } from 'react';
import type { CoinRow } from '../../../src/api/coin.ts';

interface Entry {
  readonly row: CoinRow;
  /** Version of the answer or message the row came with. */
  readonly version: number;
}

/**
 * The scan's rows outside React: each visible row watches its own coin alone, so a message that moves 600
 * coins renders the twenty on screen.
 */
export class CoinRows {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Rows that changed. Older versions than what is held are ignored: answers may overtake messages. */
  apply(rows: readonly CoinRow[], version: number): void {
    for (const row of rows) {
      const held = this.#entries.get(row.symbol);
      if (held !== undefined && held.version > version) continue;
      this.#entries.set(row.symbol, { row, version });
      this.#wake(row.symbol);
    }
  }

  /** The whole list: what it does not name is gone, unless a newer message brought it. */
  replace(rows: readonly CoinRow[], version: number): void {
    const named = new Set(rows.map((row) => row.symbol));
    for (const [symbol, entry] of this.#entries) {
      if (named.has(symbol) || entry.version > version) continue;
      this.#entries.delete(symbol);
      this.#wake(symbol);
    }
    this.apply(rows, version);
  }

  /** A restarted server counts its versions from the start: what is held must not outrank it. */
  forgetVersions(): void {
    for (const [symbol, entry] of this.#entries) this.#entries.set(symbol, { row: entry.row, version: -1 });
  }

  /** Null when the coin is not in the scan. */
  row(symbol: string): CoinRow | null {
    return this.#entries.get(symbol)?.row ?? null;
  }

  count(): number {
    return this.#entries.size;
  }

  all(): CoinRow[] {
    return Array.from(this.#entries.values(), (entry) => entry.row);
  }

  subscribe(symbol: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(symbol) ?? new Set();
    this.#listeners.set(symbol, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(symbol) === listeners) this.#listeners.delete(symbol);
    };
  }

  #wake(symbol: string): void {
    for (const listener of this.#listeners.get(symbol) ?? []) listener();
  }
}

/** One coin's row, kept current; null when the coin is not in the scan. */
export function useCoinRow(rows: CoinRows, symbol: string): CoinRow | null {
  const subscribe = useCallback((listener: () => void) => rows.subscribe(symbol, listener), [rows, symbol]);
  const read = useCallback(() => rows.row(symbol), [rows, symbol]);
  return useSyncExternalStore(subscribe, read);
}
