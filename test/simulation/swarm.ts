import { decimal, decimalText } from '../../src/core/base/decimal.ts';
import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { exitSide } from '../../src/core/domain/order.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { approvedEntry, approvedExit } from '../fixture/approved-order.ts';
import { type AuditQuestion, auditAgreement, auditHistory } from './swarm-audit.ts';
import { SwarmFaults } from './swarm-faults.ts';
import { realisedOf } from './swarm-money.ts';
import { MANY_ENTRIES, NEAR_EXITS, NEAR_LADDER } from './swarm-settings.ts';
import { createWorld, type World } from './world.ts';

/** How long faults go on, and how soon after their end all must agree again. */
const FAULTS_MS = 5 * 60_000;
const AGREEMENT_MS = 60_000;

/** What became of one seed. */
export interface SwarmResult {
  /** Empty when every invariant held. */
  readonly breaches: readonly string[];
  /** How often each kind of trouble was met, by name. */
  readonly met: ReadonlyMap<string, number>;
}

/**
 * One world drawn from its seed: some minutes of trading under faults, deaths and a person's deeds, then quiet. An
 * auditor that reads the venue's books judges what was never allowed, and what must agree within a minute.
 */
export async function runSwarm(seed: number): Promise<SwarmResult> {
  const swarm = await Swarm.create(seed);
  await swarm.trouble();
  await swarm.quiet();
  const breaches = await swarm.breaches();
  await swarm.end();
  return { breaches, met: swarm.faults.met };
}

class Swarm {
  readonly faults: SwarmFaults;
  private readonly world: World;
  private readonly random: Rng;
  private readonly mixed = new Set<string>();
  private readonly positionsMax: number;
  private readonly overstepped: string[] = [];
  private dead = false;
  private deeds = 0;

  private constructor(world: World, faults: SwarmFaults, drawn: { random: Rng; positionsMax: number }) {
    this.world = world;
    this.faults = faults;
    this.random = drawn.random;
    this.positionsMax = drawn.positionsMax;
  }

  static async create(seed: number): Promise<Swarm> {
    const random = rng(seedOf(seed, 'swarm'));
    const faults = new SwarmFaults(seed);
    const instrumentCount = 20 + random.integer(21);
    const positionsMax = 1 + random.integer(5);
    const clock = { nowMs: () => 0 };
    const world = await createWorld({
      seed,
      settings: {
        timeframe: '1m',
        ...MANY_ENTRIES,
        exit: {
          stopLossPct: 1 + random.integer(4),
          takeProfitPct: random.next() < 0.5 ? 3 : 50,
          ...(rng(seedOf(seed, 'exits')).next() < 0.5 ? NEAR_EXITS : {}),
        },
        entry: rng(seedOf(seed, 'entries')).next() < 0.4 ? NEAR_LADDER : {},
        risk: { positionNotionalUsdt: 100, leverage: 1 + random.integer(5), positionsMax },
      },
      market: (startMs) => syntheticMarket({ seed, instrumentCount, startMs, candleScale: 'demo' }),
      fault: (request) => faults.onRequest(request, clock.nowMs()),
      late: (request) => faults.lateness(request),
      storeThrough: (store) => faults.around(store),
    });
    clock.nowMs = () => world.time.nowMs();
    return new Swarm(world, faults, { random, positionsMax });
  }

  async trouble(): Promise<void> {
    const { world, faults, random } = this;
    this.switchOn();
    await world.time.advance(random.integer(90_000));
    faults.begin(() => {
      this.dead = true;
      world.die();
    });
    for (const endMs = world.time.nowMs() + FAULTS_MS; world.time.nowMs() < endMs; ) {
      await world.time.advance(1 + random.integer(random.next() < 0.5 ? 200 : 5_000));
      if (this.dead) await this.revive();
      else await this.disturb();
      this.count();
      faults.plan();
    }
  }

  /** Faults end, entries end, and within a minute all must agree. */
  async quiet(): Promise<void> {
    this.faults.end();
    if (this.dead) await this.revive();
    this.world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters');
    for (const endMs = this.world.time.nowMs() + AGREEMENT_MS; this.world.time.nowMs() < endMs; ) {
      await this.world.time.advance(2_000);
      if ((await this.disagreements()).length === 0) return;
    }
  }

  async breaches(): Promise<string[]> {
    return [...this.overstepped, ...auditHistory(await this.question()), ...(await this.disagreements())];
  }

  async end(): Promise<void> {
    await this.world.stop();
  }

  private count(): void {
    const rows = this.world.venue.state().accounts[0]?.positions ?? [];
    const ours = rows.filter((row) => !this.mixed.has(String(row['instrumentId']))).length;
    if (ours > this.positionsMax)
      this.overstepped.push(`${ours} positions, ${this.positionsMax} are allowed`);
  }

  private async disagreements(): Promise<string[]> {
    const trading = this.world.trading();
    const { mode, reason } = trading.mode();
    const faults = mode === 'ready' ? [] : [`the mode is ${mode}: ${reason}`];
    if (trading.unresolvedOrders() > 0) faults.push(`${trading.unresolvedOrders()} orders are unresolved`);
    const live = trading.engine.tradingSnapshot().orders.filter((order) => isLive(order));
    for (const order of live) faults.push(`order ${order.clientOrderId} is still ${order.state}`);
    return [...faults, ...auditAgreement(await this.question())];
  }

  private async question(): Promise<AuditQuestion> {
    const { world } = this;
    const account = world.venue.state().accounts[0];
    const ledger = world.venue.ledger().accounts[0];
    if (account === undefined || ledger === undefined) throw new Error('the venue has one account');
    const { engine } = world.trading();
    const { rows } = await world.store.listTrades({ limit: 500, cursor: null });
    const open = engine.tradingSnapshot().positions.filter((position) => position.state !== 'entering');
    return {
      venue: {
        ...account,
        orders: [...account.openOrders, ...account.closedOrders],
        postings: ledger.postings,
      },
      ours: {
        positions: open.map(({ instrumentId, holding, stopKind }) => ({
          instrumentId,
          stopKind,
          direction: holding.direction,
          quantity: decimalText(decimal(holding.entryQuantity).minus(holding.exitQuantity)),
          realised: realisedOf(holding),
        })),
        foreign: engine.foreignPositions().map((position) => position.instrumentId),
        trades: rows,
      },
      journaled: this.faults.journaled,
      givenUp: this.faults.givenUp,
      mixed: this.mixed,
    };
  }

  private switchOn(): void {
    this.world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  }

  private async revive(): Promise<void> {
    const long = this.random.next() < 0.3;
    await this.world.time.advance(this.random.integer(long ? 150_000 : 10_000));
    this.dead = false;
    this.faults.revived();
    await this.world.restart();
    if (!this.dead) this.switchOn();
  }

  /** What happens to a living service besides faults of its requests. */
  private async disturb(): Promise<void> {
    const dice = this.random.integer(50);
    if (dice === 0) this.world.link.cutChannels('cable');
    else if (dice === 1) await this.closeByHand();
    else if (dice === 2) await this.removeStop();
    else if (dice === 3) await this.openByHand();
    else if (dice === 4) await this.changeLeverage();
    else if (dice === 5) this.faults.startStorm(this.world.time.nowMs());
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

  private async act<T>(deed: Promise<T>): Promise<void> {
    await this.world.time.advance(200);
    await deed;
  }

  private async closeByHand(): Promise<void> {
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
    await this.act(this.world.person.placeOrder(order as ReturnType<typeof approvedExit>, instrument));
  }

  private async removeStop(): Promise<void> {
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

  private async openByHand(): Promise<void> {
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
    await this.act(this.world.person.placeOrder(order as ReturnType<typeof approvedEntry>, instrument));
  }

  private async changeLeverage(): Promise<void> {
    const rows = this.world.trading().engine.scanRows();
    const instrument = this.instrument(rows[this.random.integer(Math.max(1, rows.length))]?.instrumentId);
    if (instrument !== null) await this.act(this.world.person.setLeverage(instrument, 7));
  }
}

function isLive(order: {
  readonly state: string;
  readonly quantity: string;
  readonly filledQuantity: string;
}): boolean {
  return order.state !== 'ended' && !decimal(order.filledQuantity).equals(order.quantity);
}
