import { ZERO } from '../core/base/decimal.ts';
import type { Result } from '../core/base/result.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { Fill, Order } from '../core/domain/order.ts';
import type { AccountBalance, ExchangePosition, Transfer } from '../core/domain/position.ts';
import type { Known, Reading } from '../core/domain/reading.ts';
import type { AwaitedOfAccount } from '../core/engine/awaited.ts';
import type { Exchange, RequestClass, StatedPosition, WalletStatement } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { type AdoptionGround, readAdoption } from './adoption.ts';
import { BesideReads } from './beside-reads.ts';
import { askBeside, missingFrom, unlistedMargin, type Witness } from './list-witness.ts';
import { PositionReads, statedPositions } from './position-reads.ts';
import { fillRowOf } from './rows.ts';
import type { Unstamped } from './trading-loop.ts';
import { TransferLog } from './transfer-log.ts';

/** Fills are read again this far back: pushes and lists may lag behind each other. */
const FILL_OVERLAP_MS = 60_000;
/** Requests for a reading that come together are answered by one. */
const GATHER_MS = 150;
/** No fill is looked for further back than this, however long its order has waited for it. */
const AWAITED_MS_MAX = 90 * 86_400_000;
/** A reading that failed is tried again after this. */
const RETRY_MS = 2_000;

/** A list that was contradicted is not confirmed for this long, whatever the next ones say. */
const DISTRUST_MS = 60_000;

const NO_TRANSFERS = Promise.resolve(null);
const NOTHING_MISSING: Witness = { confirmed: [], contradiction: null };

/** The newest complete reading of the account. */
export interface AccountReading {
  readonly asOfMs: number;
  readonly balance: AccountBalance;
  readonly positions: readonly ExchangePosition[];
  /** Of the day so far; null: not known. */
  readonly transfers: readonly Transfer[] | null;
}

/**
 * Keeps the engine's view of the account true: reads balance, positions and fills by REST when asked,
 * fills first, so that a position's end is explained before it is missed, and back to the placement of every order
 * whose fills are awaited. A read that fails tells the engine nothing: unknown is not empty. But positions that could be
 * read are told by themselves, whatever becomes of the rest: their stops are kept by them. A list that lacks what we hold is held against what the exchange says by other ways; one that they contradict is such a read.
 */
export class AccountSync {
  private readonly exchange: Exchange;
  private readonly store: Store;
  private readonly time: Time;
  private readonly dispatch: (event: Unstamped) => void;
  private readonly report: (message: string) => void;
  private readonly awaited: () => AwaitedOfAccount;
  private readonly instrument: (id: InstrumentId) => Instrument | null;
  private fillsFromMs: number;
  private readonly transfers: TransferLog;
  private readonly positions: PositionReads;
  private latest: AccountReading | null = null;
  private reading: Promise<boolean> | null = null;
  private gathering = false;
  private readAt = { wallMs: 0, monotonicMs: 0 };
  private failures = 0;
  private fault: string | null = null;
  /** What the wallet counted beyond the list when that lacked nothing. */
  private usualMargin = ZERO;
  private distrustUntilMs = 0;
  private readonly beside: BesideReads;
  private stopped = false;

  constructor(options: {
    exchange: Exchange;
    store: Store;
    time: Time;
    dispatch: (event: Unstamped) => void;
    report: (message: string) => void;
    awaited: () => AwaitedOfAccount;
    instrument: (id: InstrumentId) => Instrument | null;
  }) {
    this.exchange = options.exchange;
    this.store = options.store;
    this.time = options.time;
    this.dispatch = options.dispatch;
    this.report = options.report;
    this.awaited = options.awaited;
    this.instrument = options.instrument;
    this.transfers = new TransferLog(options);
    this.beside = new BesideReads(options);
    this.positions = new PositionReads({ ...options, isStopped: () => this.stopped });
    this.fillsFromMs = options.time.nowMs();
  }

  /** Fills before this time are known or not ours; without it, what was filled before the start is not read. */
  readFillsFrom(timeMs: number): void {
    this.fillsFromMs = timeMs;
  }

  /** Asks for a reading soon. Many calls in a row cost one. Stops wait for none that takes long. */
  request(): void {
    if (this.stopped) return;
    if (this.reading !== null) this.positions.refresh();
    if (this.gathering) return;
    this.gathering = true;
    this.time.after(GATHER_MS, () => void this.answerRequest());
  }

  /** Reads now; joins a reading under way. False when any part is unknown. */
  syncNow(requestClass: RequestClass): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false);
    if (this.reading !== null) return this.reading;
    this.reading = this.readAll(requestClass).finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** What a foreign position is adopted on: read now, whatever reading is under way. */
  readForAdoption(instrument: Instrument): Promise<Result<AdoptionGround, string>> {
    const { exchange, time } = this;
    const read = async () => {
      await this.reading;
      return (await this.syncNow('protect')) ? this.latest : null;
    };
    return readAdoption({ exchange, time, read }, instrument);
  }

  /** A fill from the account stream: told at once, and stored. */
  onFill(fill: Fill): void {
    this.tellFills([fill]);
  }

  /** Null before the first complete reading. */
  newest(): AccountReading | null {
    return this.latest;
  }

  /**
   * How old the newest complete reading is by our own clocks, whatever the exchange's says; null before the first.
   * The monotonic one stands still while the machine sleeps, the other may be set back: the older age counts.
   */
  ageMs(): number | null {
    if (this.latest === null) return null;
    const { wallMs, monotonicMs } = this.readAt;
    return Math.max(this.time.nowMs() - wallMs, this.time.monotonicMs() - monotonicMs);
  }

  /** Every order that rested at the newest list, stops of positions among them; null before the first. */
  newestOrders(): Known<readonly Order[]> | null {
    return this.beside.newestOrders();
  }

  /** Readings that failed in a row. */
  failureCount(): number {
    return this.failures;
  }

  /** Why the newest reading failed, for a person; null: it did not. */
  failure(): string | null {
    return this.fault;
  }

  stop(): void {
    this.stopped = true;
  }

  /** A reading that began before the request may show what was before it: the answer is the next one. */
  private async answerRequest(): Promise<void> {
    await this.reading;
    this.gathering = false;
    await this.syncNow('reconcile');
  }

  private async readAll(requestClass: RequestClass): Promise<boolean> {
    const complete = await this.readOnce(requestClass);
    if (complete) {
      this.failures = 0;
      this.fault = null;
      return true;
    }
    this.failures += 1;
    this.time.after(RETRY_MS, () => this.request());
    return false;
  }

  private async readOnce(requestClass: RequestClass): Promise<boolean> {
    const startedAt = { wallMs: this.time.nowMs(), monotonicMs: this.time.monotonicMs() };
    const asked = this.readMoney(requestClass);
    const positions = await this.positions.read(requestClass === 'reconcile' ? 'watch' : requestClass);
    if (positions.kind === 'unknown') return this.fail('positions', positions.detail);
    // Fills come after positions, so that none that made them is missing.
    // Fills carry the exchange's time; ours may be behind it.
    const untilMs = Math.max(this.time.nowMs(), positions.asOfMs);
    this.beside.ask(positions.value.length > 0);
    const fills = await this.readFills(untilMs);
    if (fills.kind === 'unknown') return this.fail('fills', fills.detail);
    if (this.stopped) return false;
    this.tellFills(fills.value);
    const { balance, transfers } = await asked;
    if (balance.kind === 'unknown') return this.fail('balance', balance.detail);
    const witness = await this.witness(positions, balance.value);
    if (witness.contradiction !== null) return this.fail('positions', witness.contradiction);
    if (this.stopped) return false;
    this.fillsFromMs = Math.max(this.fillsFromMs, positions.asOfMs);
    const { equity, walletBalance, available } = balance.value;
    this.latest = {
      asOfMs: positions.asOfMs,
      balance: { equity, walletBalance, available },
      positions: statedPositions(positions.value),
      transfers: await this.transfers.inTime(transfers, balance),
    };
    if (this.stopped) return false;
    this.readAt = startedAt;
    const { confirmed } = witness;
    this.dispatch({ kind: 'account-snapshot', ...this.latest, confirmed, ...this.beside.take() });
    return true;
  }

  /** Beside the positions, which do not wait for it. */
  private async readMoney(requestClass: RequestClass) {
    const balance = await this.exchange.readBalance(requestClass);
    return { balance, transfers: balance.kind === 'known' ? this.transfers.readFor(balance) : NO_TRANSFERS };
  }

  /** What the exchange says by other ways where its list falls short of what we hold by all fills told. */
  private async witness(
    { asOfMs, value: positions }: Known<readonly StatedPosition[]>,
    wallet: WalletStatement,
  ): Promise<Witness> {
    const missing = missingFrom({ asOfMs, positions }, this.awaited().positions);
    if (missing.length === 0) {
      this.usualMargin = unlistedMargin(wallet, positions) ?? ZERO;
      return NOTHING_MISSING;
    }
    const { exchange, instrument, time } = this;
    const told = await askBeside({ exchange, instrument }, missing, { positions, usual: this.usualMargin });
    if (told.contradiction !== null) this.distrustUntilMs = time.monotonicMs() + DISTRUST_MS;
    return time.monotonicMs() < this.distrustUntilMs ? { ...told, confirmed: [] } : told;
  }

  /**
   * What is older than the last reading is read for awaited orders alone, and told of their instruments alone: of all
   * others it is known, and the engine does not remember it for ever.
   */
  private async readFills(untilMs: number): Promise<Reading<readonly Fill[]>> {
    const fromMs = this.fillsFromMs - FILL_OVERLAP_MS;
    const awaited = this.awaited().fills.map(({ instrumentId, placedMs }) => {
      return { instrumentId, sinceMs: Math.max(placedMs - FILL_OVERLAP_MS, untilMs - AWAITED_MS_MAX) };
    });
    const sinceMs = Math.min(fromMs, ...awaited.map((order) => order.sinceMs));
    const reading = await this.exchange.readFills(sinceMs, untilMs);
    if (reading.kind === 'unknown') return reading;
    const told = reading.value.filter(
      (fill) =>
        fill.timeMs >= fromMs ||
        awaited.some((order) => order.instrumentId === fill.instrumentId && fill.timeMs >= order.sinceMs),
    );
    return { ...reading, value: told };
  }

  /** The engine first: protection does not wait for the disk, and what a crash takes is read again. */
  private tellFills(fills: readonly Fill[]): void {
    if (fills.length === 0) return;
    for (const fill of fills) this.dispatch({ kind: 'fill', fill });
    this.store.addFills(fills.map(fillRowOf)).catch((error: unknown) => {
      this.report(`Fills could not be stored: ${String(error)}`);
    });
  }

  private fail(what: string, detail: string): false {
    this.fault = `${what}: ${detail}`;
    this.report(`The account's ${what} could not be read: ${detail}`);
    return false;
  }
}
