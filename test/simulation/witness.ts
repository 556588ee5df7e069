import { createHash } from 'node:crypto';
import { decimal } from '../../src/core/base/decimal.ts';
import type { LinkRequest } from '../../src/venue/in-process.ts';
import { overgrown } from '../prove/kill/judge.ts';
import type { BookFill } from '../prove/venue-books.ts';
import { Sightings } from './sightings.ts';
import { type Step, StepJudge } from './step-judge.ts';
import { StopJudge } from './stop-judge.ts';
import { VenueWeather } from './venue-weather.ts';
import { WireJudge } from './wire-judge.ts';
import type { World } from './world.ts';

const LOOK_MS = 1_000;
/** A strike of any kind leaves what the service knows in doubt for so long. */
const DAZZLE_MS = 5_000;
/** As long as the latest request takes, and until the next reading has had what it did put right. */
const OVERTAKEN_MS = 15_000;
const WIRE_RECORDS = 40_000;

interface Setting {
  readonly seed: number;
  readonly notionalUsdt: number;
  readonly isMixed: (instrumentId: string) => boolean;
}

/** Watches one world all the while: every second its books, every step, every request and every strike. */
export class Witness {
  readonly sightings = new Sightings();
  readonly wire = new WireJudge();
  private readonly setting: Setting;
  private readonly weather: VenueWeather;
  private readonly steps = new StepJudge();
  private readonly troubles = new Map<string, number>();
  private stops: StopJudge | null = null;
  private blindUntilMs = 0;
  private overtakenUntilMs = 0;
  private linesRead = 0;
  private lookedMs = 0;

  constructor(setting: Setting) {
    this.setting = setting;
    this.weather = new VenueWeather(setting.seed);
  }

  begin(world: World, met: ReadonlyMap<string, number>): void {
    const { isMixed } = this.setting;
    const isBlind = (): boolean => world.time.nowMs() < this.blindUntilMs;
    const isOvertaken = (): boolean => world.time.nowMs() < this.overtakenUntilMs;
    this.stops = new StopJudge(world, { isBlind, isForeign: isMixed, isOvertaken });
    const look = (): void => {
      this.look(world, met);
      world.time.after(LOOK_MS, look);
    };
    look();
  }

  /** A process that is dead, or was just started, keeps no stop. */
  dazzle(untilMs: number): void {
    this.blindUntilMs = Math.max(this.blindUntilMs, untilMs);
  }

  sent(request: LinkRequest, nowMs: number): void {
    this.wire.sent(request, nowMs);
  }

  /** Maybe lets the exchange itself misbehave. */
  gust(world: World): void {
    const gust = this.weather.next();
    if (gust === null) return;
    const added = world.venue.faults.add(gust.fault);
    if (!added.ok) throw new Error(added.error);
    if (gust.blindMs > 0) this.dazzle(world.time.nowMs() + gust.blindMs);
  }

  breaches(world: World, journaled: ReadonlySet<string>): readonly string[] {
    const account = world.venue.state().accounts[0];
    const intended = { notionalUsdt: this.setting.notionalUsdt, slippageRate: 0.1 };
    const fills = (account?.fills ?? []).toReversed() as unknown as readonly BookFill[];
    const ours = fills.filter(({ instrumentId }) => !this.setting.isMixed(instrumentId));
    return [
      ...this.wire.breaches(),
      ...this.steps.breaches(),
      ...this.steps.enteredTwice(journaled),
      ...(this.stops?.breaches() ?? []),
      ...overgrown(ours, intended).map((breach) => `I1: ${breach}`),
      ...walletGaps(world),
    ];
  }

  private look(world: World, met: ReadonlyMap<string, number>): void {
    const nowMs = world.time.nowMs();
    for (const [kind, count] of met) if (count > (this.troubles.get(kind) ?? 0)) this.trouble(kind, nowMs);
    for (const [kind, count] of met) this.troubles.set(kind, count);
    for (const strike of world.venue.faults.strikes()) {
      if (strike.timeMs <= this.lookedMs) continue;
      this.trouble(strike.name, nowMs);
    }
    this.lookedMs = nowMs;
    this.readSteps(world.journal);
    this.stops?.look();
  }

  private trouble(name: string, nowMs: number): void {
    this.sightings.trouble(name, nowMs);
    if (name === 'a write late' || name === 'a state lost') this.overtakenUntilMs = nowMs + OVERTAKEN_MS;
    this.dazzle(nowMs + (name.startsWith('stop-') ? 0 : DAZZLE_MS));
  }

  private readSteps(journal: readonly string[]): void {
    for (; this.linesRead < journal.length; this.linesRead += 1) {
      const line = journal[this.linesRead] ?? '';
      if (line.includes('"kind":"price"') && line.endsWith('"decisions":[]}')) continue;
      const step: Step = JSON.parse(line);
      this.steps.step(step);
      this.sightings.step(step);
    }
  }
}

/** The wallet is what was put into it and every posting since, to the last digit. */
function walletGaps(world: World): readonly string[] {
  return world.venue.ledger().accounts.flatMap(({ walletBalance, carriedBalance, postings }) => {
    const counted = postings.reduce((total, { amount }) => total.plus(amount), decimal(carriedBalance));
    return counted.equals(walletBalance)
      ? []
      : [`I16: the wallet holds ${walletBalance}, postings make ${counted}`];
  });
}

/** Everything that came in, was decided and crossed the wire, as one short text: the same world, the same text. */
export function traceOf(world: World): string {
  const hash = createHash('sha256');
  for (const line of world.journal) hash.update(line);
  for (const record of world.venue.wire(null, WIRE_RECORDS)) hash.update(JSON.stringify(record));
  return hash.digest('hex').slice(0, 16);
}
