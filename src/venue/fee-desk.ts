import type { MatchingEvent } from '../core/matching/account-state.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';
import { FEE_TIERS, type FeeTier, feeTierFor, feeTierOf } from './fee-tier.ts';

const DAY_MS = 86_400_000;
const COUNTED_DAYS = 30;

/** What it knows, by account; levels by name. */
export interface FeeRecords {
  /** Null before the first review. */
  readonly reviewedDay: number | null;
  readonly promised: readonly (readonly [uid: string, level: string])[];
  readonly tiers: readonly (readonly [uid: string, level: string])[];
  readonly volumes: readonly (readonly [
    uid: string,
    days: readonly (readonly [day: number, value: number])[],
  ])[];
}

/** Gives every account its fee tier: one it was promised, or what its volume of 30 days earns, anew every midnight. */
export class FeeDesk {
  private readonly promised = new Map<string, FeeTier>();
  private readonly tiers = new Map<string, FeeTier>();
  /** Quote currency exchanged, by account and day since the epoch. */
  private readonly volumes = new Map<string, Map<number, number>>();
  private reviewedDay: number | null = null;

  /** The tier of an account now. */
  tierOf(uid: string): FeeTier {
    return this.tiers.get(uid) ?? FEE_TIERS[0];
  }

  /** Promises a tier, whatever the volume; null goes by volume again. False for a level there is none of. */
  promise(account: TradingAccount, level: string | null): boolean {
    const tier = level === null ? null : feeTierOf(level);
    if (level !== null && tier === null) return false;
    if (tier === null) this.promised.delete(account.uid);
    else this.promised.set(account.uid, tier);
    this.apply(account, tier ?? FEE_TIERS[0]);
    return true;
  }

  /** Counts what was exchanged. */
  note(account: TradingAccount, events: readonly MatchingEvent[], nowMs: number): void {
    for (const event of events) {
      if (event.kind !== 'fill' || event.fill.execution !== 'trade') continue;
      const day = Math.floor(nowMs / DAY_MS);
      const days = this.volumes.get(account.uid) ?? new Map<number, number>();
      this.volumes.set(account.uid, days);
      const value = event.fill.price.times(event.fill.quantity).toNumber();
      days.set(day, (days.get(day) ?? 0) + value);
    }
  }

  /** Looks at the volumes once a day. */
  review(accounts: readonly TradingAccount[], nowMs: number): void {
    const today = Math.floor(nowMs / DAY_MS);
    if (today === this.reviewedDay) return;
    this.reviewedDay = today;
    for (const account of accounts) {
      this.apply(account, this.promised.get(account.uid) ?? feeTierFor(this.volumeOf(account.uid, today)));
    }
  }

  /** All of it, for the books. */
  records(): FeeRecords {
    const levels = (tiers: ReadonlyMap<string, FeeTier>): [string, string][] =>
      [...tiers].map(([uid, { level }]) => [uid, level]);
    return {
      reviewedDay: this.reviewedDay,
      promised: levels(this.promised),
      tiers: levels(this.tiers),
      volumes: [...this.volumes].map(([uid, days]) => [uid, [...days]]),
    };
  }

  /** Takes up where another desk stood; the accounts have their rates already. */
  resume({ reviewedDay, promised, tiers, volumes }: FeeRecords): void {
    this.reviewedDay = reviewedDay;
    for (const [uid, level] of promised) this.promised.set(uid, feeTierOf(level) ?? FEE_TIERS[0]);
    for (const [uid, level] of tiers) this.tiers.set(uid, feeTierOf(level) ?? FEE_TIERS[0]);
    for (const [uid, days] of volumes) this.volumes.set(uid, new Map(days));
  }

  private volumeOf(uid: string, today: number): number {
    const days = this.volumes.get(uid) ?? new Map<number, number>();
    let sum = 0;
    for (const [day, volume] of days) {
      if (day < today - COUNTED_DAYS) days.delete(day);
      else sum += volume;
    }
    return sum;
  }

  private apply(account: TradingAccount, tier: FeeTier): void {
    this.tiers.set(account.uid, tier);
    account.setFeeRates(tier.rates);
  }
}
