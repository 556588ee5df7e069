import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { type ClientOrderId, type Order, parseClientOrderId } from '../core/domain/order.ts';
import { isOwnOrderId } from '../core/engine/client-order-id.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { type Halt, type HaltLatch, haltText, type Resumption } from './halt-latch.ts';

/** While orders may rest; afterwards they are looked for now and then. */
const SWEEP_MS = 2_000;
const WATCH_MS = 10_000;

/** What a halt has come to. */
export interface HaltReading extends Halt {
  /** When the exchange's list was first seen without a resting entry of ours, with none on its way, ms; null: not yet. */
  readonly clearMs: number | null;
}

export interface HaltKeeperOptions {
  readonly latch: HaltLatch;
  readonly exchange: Pick<Exchange, 'readOpenOrders' | 'cancelOrder'>;
  readonly time: Time;
  readonly accountId: string;
  readonly instrument: (id: InstrumentId) => Instrument | null;
  /** Orders that may be at the exchange without our knowing; null before it was read for the first time. */
  readonly uncertain: () => number | null;
  /** Trading was halted, or a start found it so: Auto Bot is turned off for good. */
  readonly onHalted: (halt: Halt) => void;
  /** Tells a person: a stable code and sentences. */
  readonly tell: (code: HaltCode, message: string) => void;
  /** Resolves when what was told is stored. */
  readonly told: () => Promise<void>;
  readonly report: (message: string) => void;
}

export type HaltCode = 'trading.halted' | 'trading.halt.clear' | 'trading.resumed';

/**
 * Sees the latch fall and lift, and while it is down has every order of ours that could add exposure taken back, until the
 * exchange's own list is without one. What only reduces stays, and so does what is not ours.
 */
export class HaltKeeper {
  private readonly options: HaltKeeperOptions;
  private halt: Halt | null = null;
  private clearMs: number | null = null;
  private sweptMs = Number.NEGATIVE_INFINITY;
  private isSweeping = false;
  private isTelling = false;

  constructor(options: HaltKeeperOptions) {
    this.options = options;
  }

  /** To be called every second, and when the latch may have changed. */
  check(): void {
    const { latch } = this.options;
    const halt = latch.read();
    if (halt !== null && this.halt === null) this.begin(halt);
    this.halt = halt;
    if (halt === null) this.run(this.tellResumption());
    else if (this.isDue()) this.run(this.sweep());
  }

  /** Halts now; a halt in force stays as it is. True: it outlives this process. */
  press(halt: Halt): Promise<boolean> {
    const latching = this.options.latch.latch(halt);
    this.check();
    return latching;
  }

  /** Null while nobody has halted trading, by the latch as it is now. */
  reading(): HaltReading | null {
    const halt = this.options.latch.read();
    return halt === null ? null : { ...halt, clearMs: this.halt === null ? null : this.clearMs };
  }

  private run(work: Promise<void>): void {
    work.catch((error: unknown) => this.options.report(`Halt: ${String(error)}`));
  }

  private begin(halt: Halt): void {
    this.clearMs = null;
    this.sweptMs = Number.NEGATIVE_INFINITY;
    this.options.tell('trading.halted', `${haltText(halt)} Resting entries are taken back. Auto Bot is off.`);
    this.options.onHalted(halt);
  }

  private isDue(): boolean {
    const everyMs = this.clearMs === null ? SWEEP_MS : WATCH_MS;
    return !this.isSweeping && this.options.time.monotonicMs() - this.sweptMs >= everyMs;
  }

  private async sweep(): Promise<void> {
    const { latch, uncertain, time } = this.options;
    const before = uncertain();
    if (before === null) return;
    this.isSweeping = true;
    this.sweptMs = time.monotonicMs();
    try {
      await latch.persist();
      const resting = await this.takeBack();
      if (resting === 0 && before === 0 && uncertain() === 0) this.noteClear();
      else if (resting !== null && resting > 0) this.clearMs = null;
    } finally {
      this.isSweeping = false;
    }
  }

  /** How many rested; null: the exchange did not tell. A cancel is not its end: the next list is. */
  private async takeBack(): Promise<number | null> {
    const { exchange, instrument } = this.options;
    const reading = await exchange.readOpenOrders('protect');
    if (reading.kind === 'unknown') return null;
    const ours = reading.value.flatMap((order) => {
      const clientOrderId = this.entryIdOf(order);
      return clientOrderId === null ? [] : [{ clientOrderId, traded: instrument(order.instrumentId) }];
    });
    await Promise.all(
      ours.map(({ clientOrderId, traded }) =>
        traded === null ? null : exchange.cancelOrder(traded, clientOrderId),
      ),
    );
    return ours.length;
  }

  /** The name of an order of ours that could add exposure; null for every other order. */
  private entryIdOf({ clientOrderId, reduceOnly }: Order): ClientOrderId | null {
    if (clientOrderId === null || reduceOnly || !isOwnOrderId(clientOrderId, this.options.accountId))
      return null;
    return parseClientOrderId(clientOrderId);
  }

  private noteClear(): void {
    if (this.clearMs !== null || this.halt === null) return;
    this.clearMs = this.options.time.nowMs();
    this.options.tell(
      'trading.halt.clear',
      'Trading is halted, and the exchange confirms that no entry of ours rests there. Stops and take-profits stay.',
    );
  }

  private async tellResumption(): Promise<void> {
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      const { latch, tell, told } = this.options;
      const resumption = await latch.resumption();
      if (resumption === null) return;
      tell('trading.resumed', resumedText(resumption));
      await told();
      await latch.dropResumption();
    } finally {
      this.isTelling = false;
    }
  }
}

function resumedText({ resumedMs, by, reason, halt }: Resumption): string {
  const why = reason === '' ? '' : ` (${reason})`;
  const at = new Date(resumedMs).toISOString().slice(0, 19).replace('T', ' ');
  return `The halt by ${halt.by} was lifted at ${at} UTC by ${by}${why}. Auto Bot stays off until a person turns it on.`;
}
