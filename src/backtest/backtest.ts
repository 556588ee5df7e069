import { assert, ensure } from '../core/base/assert.ts';
import { CANDLES_KEPT_MAX } from '../core/domain/candle-series.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { timeframeMs } from '../core/domain/timeframe.ts';
import { Engine } from '../core/engine/engine.ts';
import type { Command } from '../core/engine/event.ts';
import type { BacktestRequest, HandEntry, Span } from './backtest-request.ts';
import type { BacktestResult } from './backtest-result.ts';
import { stepsBetween, type Turns, turnsOf } from './candle-path.ts';
import { LiveInstrument } from './live-instrument.ts';
import type { BacktestOptions } from './options.ts';
import { endMsOf, type PastInstrument, type PastMarket } from './past-market.ts';
import { PastWalk } from './past-walk.ts';
import { type FinishedWalk, resultOf } from './result-of.ts';

/** Name of the account whose orders are named; a walk has no other. */
const ACCOUNT_ID = 'backtest';
const ACTOR = 'backtest';
/** An order decided at a close reaches the exchange this much later, ms; readings of the account come in between. */
export const ORDER_DELAY_MS = 10;
/** A candle is walked in four prices: the open, two extremes, the close. */
const WAYS = 3;

/**
 * Walks through recorded candles with the engine that trades live, Auto Bot on, and gives all that came of it. The
 * same request gives the same result, byte for byte.
 *
 * Order within one candle: funding that is due; orders decided before fill at its open; its prices are walked for
 * what is held, stops at the exchange acting before the engine looks; it closes for all instruments, in order of id;
 * then candidates are ranked and take free slots, and fill at the next open at the earliest.
 */
export function runBacktest(request: BacktestRequest): BacktestResult {
  return resultOf(walkPast(request));
}

/** The same without putting together what it gave. */
export function walkPast(request: BacktestRequest): FinishedWalk {
  const span = spanOf(request);
  const run = new BacktestRun(request, span.fromMs);
  const stepMs = timeframeMs(request.market.recordedTimeframe);
  for (let openMs = span.fromMs; openMs < span.toMs && !run.isOver; openMs += stepMs) {
    run.candle(openMs);
    request.onProgress?.((openMs + stepMs - span.fromMs) / (span.toMs - span.fromMs));
  }
  return { request, span, walk: run.walk };
}

function spanOf({ market, fromMs, toMs }: BacktestRequest): Span {
  const recordedMs = timeframeMs(market.recordedTimeframe);
  const first = Math.min(...market.instruments.map(({ recorded }) => recorded.firstOpenMs));
  const last = Math.max(...market.instruments.map(({ recorded }) => endMsOf(recorded, recordedMs)));
  const decidedMs = timeframeMs(market.timeframe);
  const from = Math.max(first, Math.ceil((fromMs ?? first) / decidedMs) * decidedMs);
  const to = Math.min(last, Math.floor((toMs ?? last) / recordedMs) * recordedMs);
  return { fromMs: from, toMs: Math.max(from, to) };
}

class BacktestRun {
  readonly walk: PastWalk;
  private readonly engine: Engine;
  private readonly options: BacktestOptions;
  private readonly stepMs: number;
  private readonly decidedMs: number;
  private readonly market: PastMarket;
  /** Null where Auto Bot enters. */
  private readonly entry: HandEntry | null;
  private hasEntered = false;
  /** Not listed yet, the next one to come first. */
  private readonly coming: PastInstrument[];
  /** In order of id. */
  private live: readonly LiveInstrument[] = [];
  private readonly byId = new Map<InstrumentId, LiveInstrument>();

  constructor(request: BacktestRequest, startMs: number) {
    const { market, settings, options, observe } = request;
    this.market = market;
    this.options = options;
    this.entry = request.entry ?? null;
    this.stepMs = timeframeMs(market.recordedTimeframe);
    this.decidedMs = timeframeMs(market.timeframe);
    this.coming = market.instruments.toSorted((a, b) => a.recorded.firstOpenMs - b.recorded.firstOpenMs);
    assert(settings.timeframe === market.timeframe, 'Settings and candles are of one timeframe.');
    this.engine = new Engine({ settings, settingsVersion: 1 });
    this.walk = new PastWalk(this.engine, options, { startMs, observe: observe ?? null });
    this.begin(request, startMs);
  }

  /** True once the only entry there is has come to its end. */
  get isOver(): boolean {
    return this.hasEntered && this.walk.concerned().length === 0;
  }

  /** One recorded candle of all instruments. */
  candle(openMs: number): void {
    this.walk.exchange.nowMs = openMs + ORDER_DELAY_MS;
    this.list(openMs);
    this.endRecords(openMs);
    this.payFundings(openMs);
    this.walkPrices(openMs);
    const closeMs = openMs + this.stepMs;
    if (closeMs % this.decidedMs === 0) this.close(closeMs);
  }

  private begin({ settings, instruments }: BacktestRequest, timeMs: number): void {
    const { walk } = this;
    walk.step({ kind: 'lease', timeMs, accountId: ACCOUNT_ID, epoch: 1 });
    walk.step(walk.exchange.snapshot());
    walk.step({ kind: 'entries-allowed', timeMs, allowed: true, reason: 'The past costs nothing.' });
    this.command({ kind: 'configure', settings, instruments, version: 1 }, timeMs);
    if (this.entry === null) this.command({ kind: 'enable-auto-bot' }, timeMs);
  }

  private command(command: Command, timeMs: number): void {
    this.walk.step({
      kind: 'command',
      timeMs,
      commandId: ACTOR,
      actor: ACTOR,
      reason: 'Asked for.',
      command,
    });
  }

  /** Instruments whose first candle opens now, or opened before the walk began: those bring their history. */
  private list(openMs: number): void {
    const listed: LiveInstrument[] = [];
    for (let past = this.coming[0]; past !== undefined; past = this.coming[0]) {
      if (past.recorded.firstOpenMs > openMs) break;
      this.coming.shift();
      const live = new LiveInstrument(past, this.options.slippageBps / 10_000);
      if (live.endMs > openMs) listed.push(live);
    }
    if (listed.length === 0) return;
    this.live = [...this.live, ...listed].sort(byId);
    for (const live of listed.sort(byId)) this.introduce(live, openMs);
  }

  private introduce(live: LiveInstrument, openMs: number): void {
    const { instrument } = live.past;
    this.byId.set(instrument.id, live);
    const first = ensure(live.recordedAt(openMs), 'A listed instrument has a candle.');
    this.walk.exchange.list(instrument, first.open);
    this.tellInstrument(instrument, openMs);
    live.fundingsDue(openMs);
    const candles = live.historyBefore(openMs, CANDLES_KEPT_MAX);
    if (candles.length === 0) return;
    const { id: instrumentId } = instrument;
    const { timeframe } = this.market;
    this.walk.step({ kind: 'candle-history', timeMs: openMs, instrumentId, timeframe, candles });
  }

  private tellInstrument(instrument: Instrument, timeMs: number): void {
    this.walk.step({ kind: 'instrument', timeMs, instrument });
  }

  private endRecords(openMs: number): void {
    if (!this.live.some(({ endMs }) => endMs <= openMs)) return;
    for (const { past, endMs } of this.live) {
      if (endMs > openMs) continue;
      const { instrument } = past;
      this.walk.end(instrument.id);
      this.tellInstrument(
        { ...instrument, status: 'closed', deliveryTimeMs: endMs },
        openMs + ORDER_DELAY_MS,
      );
      this.byId.delete(instrument.id);
    }
    this.live = this.live.filter(({ endMs }) => endMs > openMs);
  }

  /** Paid at the open, before what was decided at the close before it fills: by those who held at that moment. */
  private payFundings(openMs: number): void {
    for (const live of this.live) {
      if (live.past.fundings.length === 0) continue;
      const { id } = live.past.instrument;
      for (const { rate } of live.fundingsDue(openMs)) {
        if (this.walk.exchange.isActive(id)) this.walk.learn(this.walk.exchange.payFunding(id, rate));
      }
    }
  }

  private walkPrices(openMs: number): void {
    const { walk } = this;
    let concerned = walk.concerned();
    if (concerned.length === 0) return;
    for (const id of concerned)
      this.moveTo(id, this.recordedAt(id, openMs).open, { timeMs: openMs + ORDER_DELAY_MS, jumps: true });
    this.afterPrices();
    concerned = walk.concerned();
    const turns = new Map(concerned.map((id) => [id, this.turns(id, openMs)] as const));
    for (let way = 0; way < WAYS; way += 1) this.walkWay(turns, { way, openMs });
  }

  /** All concerned prices go one way together, in as many steps as the longest of them needs. */
  private walkWay(
    turns: ReadonlyMap<InstrumentId, Turns>,
    { way, openMs }: { readonly way: number; readonly openMs: number },
  ): void {
    const { walk, options } = this;
    const from = new Map(walk.concerned().map((id) => [id, walk.exchange.priceOf(id)] as const));
    let steps = 1;
    for (const [id, price] of from) {
      const to = turns.get(id)?.[way] ?? price;
      steps = Math.max(steps, stepsBetween(price, to, options.pathStepPct));
    }
    for (let step = 1; step <= steps; step += 1) {
      const timeMs = openMs + Math.floor((this.stepMs * (way + step / steps)) / WAYS) - 1;
      for (const id of walk.concerned()) {
        const start = from.get(id);
        const end = turns.get(id)?.[way];
        if (start === undefined || end === undefined) continue;
        const price = step === steps ? end : start + ((end - start) * step) / steps;
        this.moveTo(id, price, { timeMs, jumps: false });
      }
      this.afterPrices();
    }
  }

  /** The price moves, and the engine looks at it when something of ours is still there. */
  private moveTo(
    id: InstrumentId,
    price: number,
    how: { readonly timeMs: number; readonly jumps: boolean },
  ): void {
    this.walk.move(id, price, how);
    if (this.walk.exchange.isActive(id)) this.walk.step(this.liveOf(id).tick(price, how.timeMs));
  }

  private afterPrices(): void {
    this.walk.learn(this.walk.exchange.liquidateIfDue());
    this.walk.answerReading();
  }

  private turns(id: InstrumentId, openMs: number): Turns {
    const candle = this.recordedAt(id, openMs);
    const direction = this.walk.exchange.directionOf(id) ?? this.walk.sentDirection(id) ?? 'long';
    return turnsOf({ instrumentId: id, candle, direction }, this.options);
  }

  /** Candles close for all; what they signal is ranked, and free slots are taken. */
  private close(closeMs: number): void {
    const { walk, engine, market } = this;
    walk.beginClose(closeMs);
    for (const live of this.live) {
      const candle = live.decidedBy(closeMs);
      if (candle === null) continue;
      walk.tally.candles += 1;
      const { id: instrumentId } = live.past.instrument;
      const { timeframe } = market;
      walk.step({ kind: 'candle-closed', timeMs: closeMs, instrumentId, timeframe, candle });
    }
    const signals = engine.entrySignals();
    for (const id of signals) this.tickAtClose(id, closeMs);
    const { exchange } = walk;
    if (exchange.heldCount > 0) walk.step({ kind: 'timer', timeMs: closeMs, name: 'protect' });
    if (signals.length > 0) walk.read();
    else walk.answerReading();
    if (this.entry === null) walk.step({ kind: 'timer', timeMs: exchange.nowMs, name: 'entry-pass' });
    else if (this.entry.timeMs === closeMs) this.enter(this.entry);
    walk.endClose();
    walk.tally.momentEnded(closeMs, { equity: exchange.equity(), positions: exchange.heldCount });
  }

  private enter({ instrumentId, direction }: HandEntry): void {
    this.command({ kind: 'enter', instrumentId, direction, force: true }, this.walk.exchange.nowMs);
    this.hasEntered = true;
  }

  /** A candidate's ticker: what ranks it, and what it is sized at. */
  private tickAtClose(id: InstrumentId, closeMs: number): void {
    const live = this.byId.get(id);
    const candle = live?.decidedBy(closeMs);
    if (live === undefined || candle === undefined || candle === null) return;
    this.walk.step(live.tick(candle.close, closeMs));
  }

  private recordedAt(id: InstrumentId, openMs: number) {
    return ensure(this.liveOf(id).recordedAt(openMs), 'A live instrument has a candle.');
  }

  private liveOf(id: InstrumentId): LiveInstrument {
    return ensure(this.byId.get(id), `${id} is listed.`);
  }
}

function byId(a: LiveInstrument, b: LiveInstrument): number {
  return a.past.instrument.id < b.past.instrument.id ? -1 : 1;
}
