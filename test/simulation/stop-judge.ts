import { decimal } from '../../src/core/base/decimal.ts';
import type { World } from './world.ts';

/** By when the way out has begun where a stop cannot be put back. */
export const FLATTEN_MS_MAX = 15_000;

/** What the judge cannot see in the books. */
interface Sight {
  /** True while the exchange cannot be read, or lies: that time counts for nothing. */
  readonly isBlind: () => boolean;
  /** Whether a person meddles with the instrument; left out: never. */
  readonly isForeign?: (instrumentId: string) => boolean;
  /** True while a request that was overtaken may still arrive, or the service has just lost its whole memory. */
  readonly isOvertaken?: () => boolean;
}

interface Gap {
  sinceMs: number;
  countedMs: number;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Looks at every position and its stops in the venue's books, as often as it is told to, and reads nothing else. Its
 * breaches bear the number of the invariant: I3 for a position that was left bare, I4 for a stop that is not as it must be.
 */
export class StopJudge {
  readonly gapsMs: number[] = [];
  heldMs = 0;
  private readonly world: World;
  private readonly sight: Sight;
  private readonly gaps = new Map<string, Gap>();
  private readonly tightest = new Map<string, string>();
  private readonly found = new Set<string>();

  private lookedMs: number;

  constructor(world: World, sight: Sight) {
    this.world = world;
    this.sight = sight;
    this.lookedMs = world.time.nowMs();
  }

  breaches(): readonly string[] {
    return [...this.found];
  }

  look(): void {
    const account = this.world.venue.state().accounts[0];
    if (account === undefined) throw new Error('the venue has one account');
    const held = new Set<string>();
    const elapsedMs = this.world.time.nowMs() - this.lookedMs;
    this.lookedMs += elapsedMs;
    for (const row of account.positions) {
      if (this.sight.isForeign?.(String(row['instrumentId'])) === true) continue;
      const name = `${row['instrumentId']} of ${row['openedMs']}`;
      held.add(name);
      this.heldMs += elapsedMs;
      this.judgeStop(name, row, { ...account, elapsedMs });
    }
    for (const [name, gap] of this.gaps) if (!held.has(name)) this.end(name, gap);
  }

  private judgeStop(
    name: string,
    row: Row,
    account: {
      readonly openOrders: readonly Row[];
      readonly closedOrders: readonly Row[];
      readonly elapsedMs: number;
    },
  ): void {
    const stops = account.openOrders.filter(
      (order) => order['instrumentId'] === row['instrumentId'] && order['origin'] === 'stop-loss',
    );
    if (stops.length > 1) this.found.add(`I4: ${name} has ${stops.length} stops`);
    const gap = this.gaps.get(name);
    if (row['stopPrice'] !== null) {
      this.judgeLevel(name, row);
      if (gap !== undefined) this.end(name, gap);
      return;
    }
    const nowMs = this.world.time.nowMs();
    const open = gap ?? { sinceMs: nowMs - account.elapsedMs, countedMs: 0 };
    this.gaps.set(name, open);
    if (!this.sight.isBlind()) open.countedMs += account.elapsedMs;
    if (open.countedMs <= FLATTEN_MS_MAX) return;
    const isLeaving = [...account.openOrders, ...account.closedOrders].some(
      (order) =>
        order['instrumentId'] === row['instrumentId'] &&
        order['reduceOnly'] === true &&
        order['origin'] === 'user' &&
        Number(order['createdMs']) >= open.sinceMs,
    );
    if (!isLeaving) this.found.add(`I3: ${name} had no stop for ${FLATTEN_MS_MAX} ms and no way out began`);
  }

  /** Whoever took it off, what is put back is no looser than the tightest there was. */
  private judgeLevel(name: string, row: Row): void {
    const stop = String(row['stopPrice']);
    const before = this.tightest.get(name);
    const isLooser =
      before !== undefined &&
      (row['direction'] === 'long' ? decimal(stop).lessThan(before) : decimal(stop).greaterThan(before));
    const isExcused = isLooser && this.sight.isOvertaken?.() === true;
    if (isLooser && !isExcused)
      this.found.add(`I4: the stop of ${name} was loosened from ${before} to ${stop}`);
    else this.tightest.set(name, stop);
  }

  private end(name: string, gap: Gap): void {
    this.gaps.delete(name);
    this.gapsMs.push(gap.countedMs);
  }
}
