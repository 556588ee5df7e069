import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Engine } from '../core/engine/engine.ts';
import { stepsBetween, type Turns, turnsOf } from './candle-path.ts';
import type { LiveMarket } from './live-market.ts';
import type { BacktestOptions } from './options.ts';
import { ORDER_DELAY_MS, type PastWalk } from './past-walk.ts';

/** A candle is walked in four prices: the open, two extremes, the close. */
const WAYS = 3;
/** How long before the end of its share of a candle a price comes, ms: two readings of the account follow it. */
const LEAD_MS = 3;
/** How long after a close the account is read at the latest, ms. */
const READING_DELAY_MS = 10;

/** A moment inside a candle. */
export interface Moment {
  /** The price of a trading instrument. */
  readonly priceOf: (id: InstrumentId) => number;
}

/** What prices are walked through. */
export interface PriceWalkParts {
  readonly engine: Engine;
  readonly walk: PastWalk;
  readonly live: LiveMarket;
  readonly options: BacktestOptions;
  readonly stepMs: number;
  /** True leaves out the prices inside a candle that nothing of ours can answer to. */
  readonly screens: boolean;
}

/** Walks the prices inside one recorded candle for what is held and what is on its way. */
export class PriceWalk {
  private readonly parts: PriceWalkParts;
  private quietMs = Number.NEGATIVE_INFINITY;
  private tradesSeen = 0;

  constructor(parts: PriceWalkParts) {
    this.parts = parts;
  }

  /** Up to when nothing of ours can answer to what prices have done since the last recorded candle opened, ms UTC. */
  get quietUntilMs(): number {
    return this.quietMs;
  }

  /** Walks one candle; `ended` is called at every moment at which a position of ours has ended. */
  candle(openMs: number, ended: (moment: Moment) => void): void {
    const { walk, live } = this.parts;
    if (this.isPassed(openMs)) return;
    const paths = new Paths((id) => this.pathOf(id, openMs));
    const timeMs = openMs + ORDER_DELAY_MS;
    for (const id of walk.concerned())
      this.moveTo(id, live.recordedAt(id, openMs).open, { timeMs, jumps: true });
    this.afterPrices(() => ended({ priceOf: (id) => paths.at(id, 0, 0) }));
    // What took a place that came free at the open is at the exchange while the open still stands.
    const late = walk.concerned().filter((id) => walk.sentDirection(id) !== null);
    for (const id of late)
      this.moveTo(id, paths.at(id, 0, 0), { timeMs: timeMs + ORDER_DELAY_MS, jumps: true });
    if (late.length > 0) this.afterPrices(() => ended({ priceOf: (id) => paths.at(id, 0, 0) }));
    if (this.isPassed(openMs)) return;
    for (let way = 0; way < WAYS; way += 1) if (this.walkWay(paths, { way, openMs, ended })) return;
  }

  /** All concerned prices go one way together, in as many steps as the longest of them needs. True: all is walked. */
  private walkWay(
    paths: Paths,
    {
      way,
      openMs,
      ended,
    }: { readonly way: number; readonly openMs: number; readonly ended: (moment: Moment) => void },
  ): boolean {
    const { walk, options, stepMs } = this.parts;
    let steps = 1;
    for (const id of walk.concerned())
      steps = Math.max(steps, stepsBetween(paths.at(id, way, 0), paths.at(id, way, 1), options.pathStepPct));
    for (let step = 1; step <= steps; step += 1) {
      const timeMs = openMs + Math.floor((stepMs * (way + step / steps)) / WAYS) - LEAD_MS;
      for (const id of walk.concerned())
        this.moveTo(id, paths.at(id, way, step / steps), { timeMs, jumps: false });
      this.afterPrices(() => ended({ priceOf: (id) => paths.at(id, way, step / steps) }));
      // The first reading after a fill has come by then; later in the candle a second look is seldom worth its time.
      if (way === 0 && step === 1 && this.isPassed(openMs)) return true;
    }
    return false;
  }

  /**
   * Where neither exchange nor engine has an answer to any price up to the end of the candle, the engine is shown the
   * best of them, which it remembers, and the last. False, and nothing has happened, where one may have.
   */
  private isPassed(openMs: number): boolean {
    const { walk, live, engine, stepMs, screens } = this.parts;
    const { exchange } = walk;
    const untilMs = openMs + stepMs;
    const { length } = walk.tally.trades;
    if (!screens || !walk.isAtRest || length !== this.tradesSeen) return false;
    const stretches = exchange.activeIds().map((instrumentId) => {
      const instrument = live.of(instrumentId);
      const { low, high, close } = live.recordedAt(instrumentId, openMs);
      const now = exchange.priceOf(instrumentId);
      const best = exchange.directionOf(instrumentId) === 'long' ? high : low;
      return {
        instrumentId,
        instrument,
        low: Math.min(low, now),
        high: Math.max(high, now),
        // The account is looked at a moment after the close.
        untilMs: untilMs + READING_DELAY_MS,
        fundingRate: instrument.fundingRate(untilMs),
        best,
        close,
      };
    });
    if (!exchange.bears(stretches) || !stretches.every((stretch) => engine.isQuiet(stretch))) return false;
    exchange.nowMs = untilMs - LEAD_MS;
    for (const { instrumentId, instrument, best, close } of stretches) {
      exchange.quote(instrumentId, close);
      walk.step(instrument.tick(best, exchange.nowMs));
      walk.step(instrument.tick(close, exchange.nowMs));
    }
    this.quietMs = untilMs;
    return true;
  }

  /** The price moves, and the engine looks at it when something of ours is still there. */
  private moveTo(
    id: InstrumentId,
    price: number,
    how: { readonly timeMs: number; readonly jumps: boolean },
  ): void {
    const { walk, live } = this.parts;
    walk.move(id, price, how);
    if (walk.exchange.isActive(id)) walk.step(live.of(id).tick(price, how.timeMs));
  }

  private afterPrices(ended: () => void): void {
    const { walk } = this.parts;
    walk.learn(walk.exchange.liquidateIfDue());
    walk.answerReading();
    const { length } = walk.tally.trades;
    if (length === this.tradesSeen) return;
    this.tradesSeen = length;
    ended();
  }

  private pathOf(id: InstrumentId, openMs: number): Path {
    const { walk, live, options } = this.parts;
    const candle = live.recordedAt(id, openMs);
    const direction = walk.exchange.directionOf(id) ?? walk.sentDirection(id) ?? 'long';
    return [candle.open, ...turnsOf({ instrumentId: id, candle, direction }, options)];
  }
}

/** The four prices a candle is walked through. */
type Path = readonly [number, ...Turns];

/** The way of each instrument through one candle, as it was when it was first asked for. */
class Paths {
  private readonly known = new Map<InstrumentId, Path>();
  private readonly make: (id: InstrumentId) => Path;

  constructor(make: (id: InstrumentId) => Path) {
    this.make = make;
  }

  /** The price after a share of a way, 0 to 1. */
  at(id: InstrumentId, way: number, share: number): number {
    const path = this.known.get(id) ?? this.make(id);
    this.known.set(id, path);
    const start = path[way] ?? Number.NaN;
    const end = path[way + 1] ?? Number.NaN;
    return share === 1 ? end : start + (end - start) * share;
  }
}
