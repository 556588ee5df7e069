import { decimal } from '../../src/core/base/decimal.ts';
import type { Rng } from '../../src/core/base/rng.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { exitSide } from '../../src/core/domain/order.ts';
import { approvedEntry, approvedExit, sendable } from '../fixture/approved-order.ts';
import type { World } from './world.ts';

/** Somebody with the same account open in a browser. What is held by them goes into `mixed`. */
export class Person {
  private readonly world: World;
  private readonly random: Rng;
  private readonly mixed: Set<string>;
  private deeds = 0;

  constructor(world: World, random: Rng, mixed: Set<string>) {
    this.world = world;
    this.random = random;
    this.mixed = mixed;
  }

  async closeByHand(): Promise<void> {
    const held = this.pick();
    if (held === null) return;
    const { instrument, row } = held;
    const direction = row['direction'] === 'long' ? 'long' : 'short';
    this.deeds += 1;
    const order = {
      ...approvedExit(instrument, `byhand${this.deeds}`),
      direction,
      side: exitSide(direction),
      quantity: decimal(String(row['quantity'])),
    };
    await this.act(this.world.person.placeOrder(sendable(order), instrument));
  }

  async removeStop(): Promise<void> {
    const held = this.pick();
    if (held === null) return;
    const direction = held.row['direction'] === 'long' ? 'long' : 'short';
    const request = {
      instrument: held.instrument,
      direction,
      stopPrice: decimal(0),
      takeProfitPrice: null,
    } as const;
    await this.act(this.world.person.setStop(request));
  }

  async openByHand(): Promise<void> {
    const rows = this.world.trading().engine.scanRows();
    const row = rows[this.random.integer(Math.max(1, rows.length))];
    const instrument = row === undefined ? null : this.instrument(row.instrumentId);
    if (row === undefined || instrument === null || row.lastPrice === null) return;
    this.mixed.add(instrument.id);
    this.deeds += 1;
    const { quantityStep, tickSize } = instrument;
    const price = decimal(row.lastPrice);
    const order = {
      ...approvedEntry(instrument, `byhand${this.deeds}`),
      quantity: decimal(20).dividedBy(price).dividedBy(quantityStep).ceil().times(quantityStep),
      stopPrice: price.times('0.5').dividedBy(tickSize).ceil().times(tickSize),
      takeProfitPrice: null,
    };
    await this.act(this.world.person.placeOrder(sendable(order), instrument));
  }

  async changeLeverage(): Promise<void> {
    const rows = this.world.trading().engine.scanRows();
    const instrument = this.instrument(rows[this.random.integer(Math.max(1, rows.length))]?.instrumentId);
    if (instrument !== null) await this.act(this.world.person.setLeverage(instrument, 7));
  }

  private pick(): {
    readonly instrument: Instrument;
    readonly row: Readonly<Record<string, unknown>>;
  } | null {
    const rows = this.world.venue.state().accounts[0]?.positions ?? [];
    const row = rows[this.random.integer(Math.max(1, rows.length))];
    const instrument = row === undefined ? null : this.instrument(row['instrumentId']);
    return row === undefined || instrument === null ? null : { instrument, row };
  }

  private instrument(id: unknown): Instrument | null {
    const { engine } = this.world.trading();
    const found = engine.scanRows().find((row) => row.instrumentId === id);
    return found === undefined ? null : engine.instrument(found.instrumentId);
  }

  /** Nobody waits for the answer: the exchange may owe it for longer than that. */
  private async act(deed: Promise<unknown>): Promise<void> {
    deed.catch(() => undefined);
    await this.world.time.advance(200);
  }
}
