import { isResultOfTrading, type Movement } from '../core/domain/movement.ts';
import type { AccountBalance, Transfer } from '../core/domain/position.ts';
import type { Known } from '../core/domain/reading.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';

/** As far back as losses are counted: a day, and the hour its first mark may be older. */
const WINDOW_MS = 26 * 3_600_000;
/** A list read this long after a balance is sure to have what made it. */
const LIST_LAG_MS = 5_000;
/** Protection waits for the account's reading, and the reading no longer than this for the list. */
const WAIT_MS = 1_000;

interface KnownTransfers {
  /** Wallet balance they were read with: another one may have come by a transfer. */
  readonly wallet: string;
  /** When that balance was first seen, ms. */
  readonly seenMs: number;
  readonly readMs: number;
  /** By the exchange's id of each: readings overlap. */
  readonly rows: ReadonlyMap<string, Transfer>;
}

/**
 * The transfers of the last 26 hours, read on whenever the wallet has changed, from where no late row can be missing.
 * What is not known in time is null, for this reading of the account alone.
 */
export class TransferLog {
  private readonly exchange: Exchange;
  private readonly time: Time;
  private readonly report: (message: string) => void;
  private latest: KnownTransfers | null = null;
  private failed = false;

  constructor(options: { exchange: Exchange; time: Time; report: (message: string) => void }) {
    this.exchange = options.exchange;
    this.time = options.time;
    this.report = options.report;
  }

  /** Those before a balance was read, oldest known first; null when they cannot be read. */
  async readFor({ value, asOfMs }: Known<AccountBalance>): Promise<readonly Transfer[] | null> {
    const wallet = String(value.walletBalance);
    const latest = this.latest;
    const seenMs = latest?.wallet === wallet ? latest.seenMs : asOfMs;
    if (latest?.wallet === wallet && latest.readMs >= seenMs + LIST_LAG_MS)
      return within(latest.rows, asOfMs);
    const readMs = Math.min(latest?.readMs ?? asOfMs - WINDOW_MS, asOfMs);
    const sinceMs = Math.max(asOfMs - WINDOW_MS, readMs - LIST_LAG_MS);
    const reading = await this.exchange.readMovements(sinceMs, asOfMs);
    this.tell(reading.kind === 'unknown' ? reading.detail : null);
    if (reading.kind === 'unknown') return null;
    return this.keep({ wallet, seenMs, readMs: asOfMs }, reading.value);
  }

  /**
   * What was asked for, if it comes soon. Else what was read before, where the wallet is still the same: a transfer
   * moves it.
   */
  inTime(
    asked: Promise<readonly Transfer[] | null>,
    { value, asOfMs }: Known<AccountBalance>,
  ): Promise<readonly Transfer[] | null> {
    return new Promise((resolve) => {
      const cancel = this.time.after(WAIT_MS, () => {
        const isSame = this.latest?.wallet === String(value.walletBalance);
        resolve(this.latest !== null && isSame ? within(this.latest.rows, asOfMs) : null);
      });
      void asked.then((transfers) => {
        cancel();
        resolve(transfers);
      });
    });
  }

  /** A reading that comes after a later one adds its rows and takes nothing back. */
  private keep(read: Omit<KnownTransfers, 'rows'>, stated: readonly Movement[]): readonly Transfer[] {
    const latest = this.latest;
    const rows = new Map(latest?.rows);
    for (const movement of stated) {
      const { id, timeMs, change } = movement;
      if (!isResultOfTrading(movement)) rows.set(id, { timeMs, amount: change });
    }
    const newestMs = Math.max(read.readMs, latest?.readMs ?? 0);
    for (const [id, { timeMs }] of rows) if (timeMs < newestMs - WINDOW_MS) rows.delete(id);
    const isLate = latest !== null && latest.readMs > read.readMs;
    this.latest = isLate ? { ...latest, rows } : { ...read, rows };
    return within(rows, newestMs);
  }

  private tell(fault: string | null): void {
    if (fault !== null && !this.failed)
      this.report(`The account's transfers cannot be read, so no entry is made: ${fault}`);
    this.failed = fault !== null;
  }
}

function within(rows: ReadonlyMap<string, Transfer>, asOfMs: number): readonly Transfer[] {
  return [...rows.values()].filter(({ timeMs }) => timeMs >= asOfMs - WINDOW_MS);
}
