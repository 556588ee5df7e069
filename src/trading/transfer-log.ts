import { isResultOfTrading, type Movement } from '../core/domain/movement.ts';
import type { AccountBalance, Transfer } from '../core/domain/position.ts';
import type { Known } from '../core/domain/reading.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';

const DAY_MS = 86_400_000;
/** A list read this long after a balance is sure to have what made it. */
const LIST_LAG_MS = 5_000;
/** Protection waits for the account's reading, and the reading no longer than this for the list. */
const WAIT_MS = 1_000;

interface TransfersOfDay {
  readonly day: number;
  /** Wallet balance they were read with: another one may have come by a transfer. */
  readonly wallet: string;
  /** When that balance was first seen, ms. */
  readonly seenMs: number;
  readonly readMs: number;
  /** By the exchange's id of each: readings overlap. */
  readonly rows: ReadonlyMap<string, Transfer>;
}

/**
 * The transfers of the day so far, read on whenever the wallet has changed, from where no late row can be missing.
 * What is not known in time is null, for this reading of the account alone.
 */
export class TransferLog {
  private readonly exchange: Exchange;
  private readonly time: Time;
  private readonly report: (message: string) => void;
  private latest: TransfersOfDay | null = null;
  private failed = false;

  constructor(options: { exchange: Exchange; time: Time; report: (message: string) => void }) {
    this.exchange = options.exchange;
    this.time = options.time;
    this.report = options.report;
  }

  /** Those of the day of a balance, until it was read; null when they cannot be read. */
  async readFor({ value, asOfMs }: Known<AccountBalance>): Promise<readonly Transfer[] | null> {
    const day = Math.floor(asOfMs / DAY_MS);
    const wallet = String(value.walletBalance);
    const ofDay = this.ofDay(day);
    const seenMs = ofDay?.wallet === wallet ? ofDay.seenMs : asOfMs;
    if (ofDay?.wallet === wallet && ofDay.readMs >= seenMs + LIST_LAG_MS) return [...ofDay.rows.values()];
    const sinceMs = Math.max(day * DAY_MS, Math.min(ofDay?.readMs ?? 0, asOfMs) - LIST_LAG_MS);
    const reading = await this.exchange.readMovements(sinceMs, asOfMs);
    this.tell(reading.kind === 'unknown' ? reading.detail : null);
    if (reading.kind === 'unknown') return null;
    return this.keep({ day, wallet, seenMs, readMs: asOfMs }, reading.value);
  }

  /** What was asked for, if it comes soon. */
  inTime(asked: Promise<readonly Transfer[] | null>): Promise<readonly Transfer[] | null> {
    return new Promise((resolve) => {
      const cancel = this.time.after(WAIT_MS, () => resolve(null));
      void asked.then((transfers) => {
        cancel();
        resolve(transfers);
      });
    });
  }

  /** A reading that comes after a later one adds its rows and takes nothing back. */
  private keep(read: Omit<TransfersOfDay, 'rows'>, stated: readonly Movement[]): readonly Transfer[] {
    const rows = new Map(this.ofDay(read.day)?.rows);
    for (const movement of stated) {
      const { id, timeMs, change } = movement;
      if (!isResultOfTrading(movement)) rows.set(id, { timeMs, amount: change });
    }
    const { latest } = this;
    const isLate = latest !== null && latest.readMs > read.readMs;
    if (!isLate) this.latest = { ...read, rows };
    else if (latest.day === read.day) this.latest = { ...latest, rows };
    return [...rows.values()];
  }

  private ofDay(day: number): TransfersOfDay | null {
    return this.latest?.day === day ? this.latest : null;
  }

  private tell(fault: string | null): void {
    if (fault !== null && !this.failed)
      this.report(`The account's transfers cannot be read, so no entry is made: ${fault}`);
    this.failed = fault !== null;
  }
}
