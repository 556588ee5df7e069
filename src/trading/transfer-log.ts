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
  readonly transfers: readonly Transfer[];
}

/**
 * The transfers of the day so far, read again whenever the wallet has changed. What is not known in time is null, for
 * this reading of the account alone.
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
    const known = this.latest?.day === day && this.latest.wallet === wallet ? this.latest : null;
    if (known !== null && known.readMs >= known.seenMs + LIST_LAG_MS) return known.transfers;
    const reading = await this.exchange.readTransfers(day * DAY_MS, asOfMs);
    this.tell(reading.kind === 'unknown' ? reading.detail : null);
    if (reading.kind === 'unknown') return null;
    const transfers = reading.value;
    this.latest = { day, wallet, seenMs: known?.seenMs ?? asOfMs, readMs: asOfMs, transfers };
    return transfers;
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

  private tell(fault: string | null): void {
    if (fault !== null && !this.failed)
      this.report(`The account's transfers cannot be read, so no entry is made: ${fault}`);
    this.failed = fault !== null;
  }
}
