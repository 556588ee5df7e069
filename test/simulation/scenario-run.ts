import { playScenario } from '../../src/venue/scenario/play-scenario.ts';
import type { FoundScenario } from '../../src/venue/scenario/scenario-library.ts';
import { scenarioMarket } from '../../src/venue/scenario/scenario-market.ts';
import { auditEvidence } from './audit-evidence.ts';
import { auditAgreement, auditHistory } from './swarm-audit.ts';
import { SwarmFaults } from './swarm-faults.ts';
import { MANY_ENTRIES } from './swarm-settings.ts';
import { createWorld, type World } from './world.ts';

/** How soon after the last fault all must agree again. */
const AGREEMENT_MS = 120_000;
/** How long a position may stand without a stop once nothing is wrong any more. */
const NAKED_MS_MAX = 20_000;
const LOOK_MS = 2_000;

/** What became of a scenario. */
export interface ScenarioResult {
  /** Empty when every invariant held. */
  readonly breaches: readonly string[];
  readonly entries: number;
  /** What faults did. */
  readonly strikes: number;
}

/** Plays a scenario to the real trading stack in virtual time, and lets a judge read the venue's books. */
export async function runScenario({ scenario, file }: FoundScenario): Promise<ScenarioResult> {
  const recorder = new SwarmFaults(scenario.seed);
  const world = await createWorld({
    seed: scenario.seed,
    market: (startMs) => scenarioMarket(scenario.market, { startMs, file }),
    settings: {
      timeframe: '1m',
      ...MANY_ENTRIES,
      exit: { stopLossPct: 3, takeProfitPct: 6 },
      risk: { positionNotionalUsdt: 100, leverage: 3, positionsMax: 5 },
    },
    storeThrough: (store) => recorder.around(store),
  });
  const judge = new Judge(world, recorder);
  playScenario({ scenario, venue: world.venue, time: world.time, tell: () => undefined });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  await judge.watch(scenario.length);
  world.venue.faults.removeAll();
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters');
  const breaches = await judge.settle();
  const strikes = world.venue.faults.strikes().length;
  const entries = judge.entries();
  await world.stop();
  return { breaches, entries, strikes };
}

class Judge {
  private readonly world: World;
  private readonly recorder: SwarmFaults;
  private readonly nakedSinceMs = new Map<string, number>();
  private readonly naked = new Set<string>();

  constructor(world: World, recorder: SwarmFaults) {
    this.world = world;
    this.recorder = recorder;
  }

  async watch(durationMs: number): Promise<void> {
    const endMs = this.world.time.nowMs() + durationMs;
    while (this.world.time.nowMs() < endMs) {
      await this.world.time.advance(Math.min(LOOK_MS, endMs - this.world.time.nowMs()));
      this.look();
    }
  }

  async settle(): Promise<readonly string[]> {
    const endMs = this.world.time.nowMs() + AGREEMENT_MS;
    let open = await this.disagreements();
    while (open.length > 0 && this.world.time.nowMs() < endMs) {
      await this.watch(LOOK_MS);
      open = await this.disagreements();
    }
    const question = await this.question();
    return [...this.naked, ...auditHistory(question), ...open];
  }

  entries(): number {
    return ordersOf(this.account()).filter((order) => isOurs(order) && order['reduceOnly'] === false).length;
  }

  /** While a fault is active nobody can be blamed for a missing stop; the clock begins when the last one ends. */
  private look(): void {
    const nowMs = this.world.time.nowMs();
    const isTroubled = this.world.venue.faults.report().active.length > 0;
    const account = this.account();
    const rows = account.positions;
    const isNaked = rows.some((row) => row['stopPrice'] === null);
    const mixed = isNaked ? mixedOf(ordersOf(account)) : new Set<string>();
    for (const row of rows) {
      const name = String(row['instrumentId']);
      if (row['stopPrice'] !== null || isTroubled || mixed.has(name)) this.nakedSinceMs.delete(name);
      else if (!this.nakedSinceMs.has(name)) this.nakedSinceMs.set(name, nowMs);
      else if (nowMs - (this.nakedSinceMs.get(name) ?? nowMs) > NAKED_MS_MAX)
        this.naked.add(`${name} stood without a stop for more than ${NAKED_MS_MAX / 1000} s`);
    }
    const held = new Set(rows.map((row) => String(row['instrumentId'])));
    for (const name of this.nakedSinceMs.keys()) if (!held.has(name)) this.nakedSinceMs.delete(name);
  }

  private async disagreements(): Promise<string[]> {
    const trading = this.world.trading();
    const { mode, reason } = trading.mode();
    const open = mode === 'ready' ? [] : [`the mode is ${mode}: ${reason}`];
    if (trading.unresolvedOrders() > 0) open.push(`${trading.unresolvedOrders()} orders are unresolved`);
    return [...open, ...auditAgreement(await this.question())];
  }

  private async question() {
    const { journaled, givenUp } = this.recorder;
    const evidence = await auditEvidence(this.world);
    return { ...evidence, journaled, givenUp, mixed: mixedOf(evidence.venue.orders) };
  }

  private account() {
    const account = this.world.venue.state().accounts[0];
    if (account === undefined) throw new Error('the venue has one account');
    return account;
  }
}

function isOurs(order: Readonly<Record<string, unknown>>): boolean {
  return String(order['clientOrderId']).startsWith('ib');
}

type Order = Readonly<Record<string, unknown>>;

function ordersOf(account: {
  readonly openOrders: readonly Order[];
  readonly closedOrders: readonly Order[];
}): readonly Order[] {
  return [...account.openOrders, ...account.closedOrders];
}

/** Instruments on which somebody else has traded. */
function mixedOf(orders: readonly Order[]): ReadonlySet<string> {
  const foreign = orders.filter((order) => order['origin'] === 'user' && !isOurs(order));
  return new Set(foreign.map((order) => String(order['instrumentId'])));
}
