import { decimal } from '../../src/core/base/decimal.ts';
import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import { isEndState, type OrderState } from '../../src/core/domain/order-state.ts';
import type { HttpOutcome, Transport } from '../../src/exchange/transport.ts';
import type { LinkRequest } from '../../src/venue/in-process.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { auditEvidence } from './audit-evidence.ts';
import { auditOpenRecords } from './open-records.ts';
import { type AuditQuestion, auditAgreement, auditHistory } from './swarm-audit.ts';
import { SwarmFaults } from './swarm-faults.ts';
import { Person } from './swarm-person.ts';
import { MANY_ENTRIES, NEAR_EXITS, NEAR_LADDER } from './swarm-settings.ts';
import { traceOf, Witness } from './witness.ts';
import { createWorld, type World } from './world.ts';

/** How long faults go on, and how soon after their end all must agree again. */
const FAULTS_MS = 5 * 60_000;
const AGREEMENT_MS = 60_000;
/** Two seconds each, beyond that minute. */
const LONGEST_LOOKS = 15;
/** What has just happened is read by then. */
const JUST_NOW_MS = 5_000;
/** Of one position, USDT. */
const NOTIONAL_USDT = 100;
/** A stop is not missed before a process has had this long to start. */
const START_MS = 15_000;

/** What became of one seed. */
export interface SwarmResult {
  /** Empty when every invariant held. */
  readonly breaches: readonly string[];
  /** How often each kind of trouble was met, by name. */
  readonly met: ReadonlyMap<string, number>;
  /** How often each rare state was seen, by name. */
  readonly sightings: ReadonlyMap<string, number>;
  /** The same for the same seed, however often it is run. */
  readonly trace: string;
}

/** `wire`: what stands between service and venue, and the store, misbehave. `all`: the venue does as well. */
export type SwarmScope = 'wire' | 'all';

/**
 * One world drawn from its seed: some minutes of trading under faults, deaths and a person's deeds, then quiet. An
 * auditor that reads the venue's books judges what was never allowed, and what must agree within a minute.
 */
export async function runSwarm(seed: number, scope: SwarmScope = 'wire'): Promise<SwarmResult> {
  const swarm = await Swarm.create(seed, scope);
  await swarm.trouble();
  await swarm.quiet();
  const breaches = await swarm.breaches();
  const trace = swarm.trace();
  await swarm.end();
  return { breaches, met: swarm.faults.met, sightings: swarm.witness.sightings.counts, trace };
}

interface Drawn {
  readonly faults: SwarmFaults;
  readonly witness: Witness;
  readonly mixed: Set<string>;
  readonly scope: SwarmScope;
  readonly random: Rng;
  readonly positionsMax: number;
}

class Swarm {
  readonly faults: SwarmFaults;
  readonly witness: Witness;
  private readonly world: World;
  private readonly random: Rng;
  private readonly mixed: Set<string>;
  private readonly scope: SwarmScope;
  private readonly person: Person;
  private readonly positionsMax: number;
  private readonly overstepped: string[] = [];
  private dead = false;

  private constructor(world: World, drawn: Drawn) {
    this.world = world;
    this.faults = drawn.faults;
    this.witness = drawn.witness;
    this.mixed = drawn.mixed;
    this.scope = drawn.scope;
    this.random = drawn.random;
    this.positionsMax = drawn.positionsMax;
    this.person = new Person(world, drawn.random, drawn.mixed);
    drawn.witness.begin(world, drawn.faults.met);
  }

  static async create(seed: number, scope: SwarmScope): Promise<Swarm> {
    const random = rng(seedOf(seed, 'swarm'));
    const faults = new SwarmFaults(seed);
    const instrumentCount = 20 + random.integer(21);
    const positionsMax = 1 + random.integer(5);
    const mixed = new Set<string>();
    const witness = new Witness({ seed, notionalUsdt: NOTIONAL_USDT, isMixed: (id) => mixed.has(id) });
    const late = new WeakSet<LinkRequest>();
    const clock = { nowMs: () => 0 };
    const watch = (request: LinkRequest): void => {
      if (clock.nowMs() > 0) witness.sent(request, clock.nowMs());
    };
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
        risk: { positionNotionalUsdt: NOTIONAL_USDT, leverage: 1 + random.integer(5), positionsMax },
      },
      market: (startMs) => syntheticMarket({ seed, instrumentCount, startMs, candleScale: 'demo' }),
      fault: (request) => {
        if (!late.has(request)) watch(request);
        return faults.onRequest(request, clock.nowMs());
      },
      late: (request) => {
        const delayMs = faults.lateness(request);
        if (delayMs === null) return null;
        late.add(request);
        watch(request);
        return delayMs;
      },
      storeThrough: (store) => faults.around(store),
      wireThrough: (wire) => overheard(wire, (outcome) => witness.wire.heard(outcome)),
    });
    clock.nowMs = () => world.time.nowMs();
    return new Swarm(world, { faults, witness, mixed, scope, random, positionsMax });
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
      if (this.scope === 'all') this.witness.gust(world);
      this.count();
      faults.plan();
    }
  }

  /** Faults end, entries end, and within a minute all must agree. */
  async quiet(): Promise<void> {
    this.faults.end();
    this.world.venue.faults.removeAll();
    if (this.dead) await this.revive();
    this.world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters');
    for (const endMs = this.world.time.nowMs() + AGREEMENT_MS; this.world.time.nowMs() < endMs; ) {
      await this.world.time.advance(2_000);
      if ((await this.disagreements()).length === 0) return;
    }
    // An order whose instrument speaks against its absence takes three looks over a minute, from the first true one on.
    for (let look = 0; look < LONGEST_LOOKS && (await this.isOnlyLookedUp()); look += 1)
      await this.world.time.advance(2_000);
    // What ended them may have happened a moment ago, and is read within seconds.
    if ((await this.disagreements()).length > 0) await this.world.time.advance(JUST_NOW_MS);
  }

  private async isOnlyLookedUp(): Promise<boolean> {
    const left = await this.disagreements();
    const lookedUp = this.world
      .trading()
      .engine.tradingSnapshot()
      .orders.filter((order) => isLive(order));
    const isOfThem = (line: string): boolean =>
      lookedUp.some(
        ({ clientOrderId, instrumentId }) => line.includes(clientOrderId) || line.includes(instrumentId),
      );
    return left.length > 0 && left.every((line) => /are unresolved$/.test(line) || isOfThem(line));
  }

  async breaches(): Promise<string[]> {
    const left = await this.disagreements();
    return [
      ...this.overstepped,
      ...this.witness.breaches(this.world, new Set(this.faults.journaled.keys())),
      ...auditHistory(await this.question()),
      ...left.map((breach) => (/^I\d+:/.test(breach) ? breach : `I20: ${breach}`)),
    ];
  }

  trace(): string {
    return traceOf(this.world);
  }

  async end(): Promise<void> {
    await this.world.stop();
  }

  private count(): void {
    const rows = this.world.venue.state().accounts[0]?.positions ?? [];
    const ours = rows.filter((row) => !this.mixed.has(String(row['instrumentId']))).length;
    if (ours > this.positionsMax)
      this.overstepped.push(`I10: ${ours} positions, ${this.positionsMax} are allowed`);
  }

  private async disagreements(): Promise<string[]> {
    const trading = this.world.trading();
    const { mode, reason } = trading.mode();
    const faults = mode === 'ready' ? [] : [`the mode is ${mode}: ${reason}`];
    if (trading.unresolvedOrders() > 0) faults.push(`${trading.unresolvedOrders()} orders are unresolved`);
    const live = trading.engine.tradingSnapshot().orders.filter((order) => isLive(order));
    for (const order of live) faults.push(`order ${order.clientOrderId} is still ${order.state}`);
    const records = auditOpenRecords(this.world, this.mixed);
    return [...faults, ...records, ...auditAgreement(await this.question())];
  }

  private async question(): Promise<AuditQuestion> {
    const { journaled, givenUp } = this.faults;
    return { ...(await auditEvidence(this.world)), journaled, givenUp, mixed: this.mixed };
  }

  private switchOn(): void {
    this.world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  }

  private async revive(): Promise<void> {
    const long = this.random.next() < 0.3;
    const deadMs = this.random.integer(long ? 150_000 : 10_000);
    this.witness.dazzle(this.world.time.nowMs() + deadMs + START_MS);
    await this.world.time.advance(deadMs);
    this.dead = false;
    this.faults.revived();
    this.witness.wire.reborn();
    await this.world.restart();
    if (!this.dead) this.switchOn();
  }

  /** What happens to a living service besides faults of its requests. */
  private async disturb(): Promise<void> {
    const dice = this.random.integer(50);
    if (dice === 0) this.world.link.cutChannels('cable');
    else if (dice === 1) await this.person.closeByHand();
    else if (dice === 2) await this.person.removeStop();
    else if (dice === 3) await this.person.openByHand();
    else if (dice === 4) await this.person.changeLeverage();
    else if (dice === 5) this.faults.startStorm(this.world.time.nowMs());
  }
}

/** Every answer as the service gets it, and when. */
function overheard(wire: Transport, hear: (outcome: HttpOutcome) => void): Transport {
  return {
    openChannel: (path, handlers) => wire.openChannel(path, handlers),
    request: async (request) => {
      const outcome = await wire.request(request);
      hear(outcome);
      return outcome;
    },
  };
}

function isLive(order: {
  readonly state: OrderState;
  readonly quantity: string;
  readonly filledQuantity: string;
}): boolean {
  return !isEndState(order.state) && !decimal(order.filledQuantity).equals(order.quantity);
}
