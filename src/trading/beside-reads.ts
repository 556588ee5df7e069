import type { MarginMode } from '../core/domain/margin-mode.ts';
import type { Order } from '../core/domain/order.ts';
import type { RestingStop } from '../core/domain/position.ts';
import type { Known, Reading } from '../core/domain/reading.ts';
import type { RestingOrders } from '../core/engine/event.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';

/** Each is asked this often at most; with a reading of the account every 10 seconds, with each of them. */
const EVERY_MS = 8_000;

/** What a reading of the account tells besides money and positions; null: not known now. */
export interface BesideAccount {
  /** Of positions, whoever set them. */
  readonly stops: readonly RestingStop[] | null;
  /** All but the stops and take-profits of positions. */
  readonly orders: RestingOrders | null;
  readonly marginMode: MarginMode | null;
}

/**
 * Reads what no reading of the account waits for: the next one tells it. Where it cannot be read nothing is told, and
 * nothing is told twice.
 */
export class BesideReads {
  private readonly exchange: Exchange;
  private readonly time: Time;
  private readonly report: (message: string) => void;
  private readonly askedMs = new Map<string, number>();
  private stops: readonly RestingStop[] | null = null;
  private orders: RestingOrders | null = null;
  private marginMode: MarginMode | null = null;
  private allOrders: Known<readonly Order[]> | null = null;

  constructor(options: { exchange: Exchange; time: Time; report: (message: string) => void }) {
    this.exchange = options.exchange;
    this.time = options.time;
    this.report = options.report;
  }

  /** Asks for what is due. Stops only where a position may have one. */
  ask(isHeld: boolean): void {
    const { exchange } = this;
    if (isHeld)
      this.run('stops', exchange.readStops.bind(exchange, 'reconcile'), ({ value }) => (this.stops = value));
    this.run('orders', exchange.readOpenOrders.bind(exchange, 'reconcile'), (orders) =>
      this.keepOrders(orders),
    );
    this.run('margin mode', exchange.readMarginMode.bind(exchange), ({ value }) => (this.marginMode = value));
  }

  /** What has come since it was taken last. */
  take(): BesideAccount {
    const taken = { stops: this.stops, orders: this.orders, marginMode: this.marginMode };
    this.stops = null;
    this.orders = null;
    this.marginMode = null;
    return taken;
  }

  /** Every order that rested at the newest list, stops among them; null before the first. */
  newestOrders(): Known<readonly Order[]> | null {
    return this.allOrders;
  }

  private run<T>(name: string, read: () => Promise<Reading<T>>, keep: (reading: Known<T>) => void): void {
    const nowMs = this.time.monotonicMs();
    if (nowMs - (this.askedMs.get(name) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
    this.askedMs.set(name, nowMs);
    read().then(
      (reading) => {
        if (reading.kind === 'known') keep(reading);
      },
      (error: unknown) => this.report(`The account's ${name} could not be read: ${String(error)}`),
    );
  }

  private keepOrders(reading: Known<readonly Order[]>): void {
    if (this.allOrders !== null && reading.asOfMs < this.allOrders.asOfMs) return;
    this.allOrders = reading;
    this.orders = { asOfMs: reading.asOfMs, rows: reading.value.filter((order) => !isOfPosition(order)) };
  }
}

/** A stop or take-profit: it waits for a price and can only reduce. */
function isOfPosition({ status, reduceOnly }: Order): boolean {
  return status === 'untriggered' && reduceOnly;
}
