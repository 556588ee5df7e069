import { assert } from '../core/base/assert.ts';
import { timeframeMs } from '../core/domain/timeframe.ts';
import { Engine } from '../core/engine/engine.ts';
import type { Command } from '../core/engine/event.ts';
import { ownSettings } from '../core/engine/own-settings.ts';
import type { BacktestRequest, HandEntry, Span } from './backtest-request.ts';
import type { BacktestResult, ScreeningRead } from './backtest-result.ts';
import { type CloseParts, type CloseWalk, WholeClose } from './close-walk.ts';
import { LiveMarket } from './live-market.ts';
import { endMsOf } from './past-market.ts';
import { ORDER_DELAY_MS, PastWalk } from './past-walk.ts';
import { PriceWalk } from './price-walk.ts';
import { type FinishedWalk, resultOf } from './result-of.ts';
import { ScreenedClose } from './screening/screened-close.ts';
import { type ScreenedMarket, signalSchedule } from './screening/signal-schedule.ts';

/** Name of the account whose orders are named; a walk has no other. */
const ACCOUNT_ID = 'backtest';
const ACTOR = 'backtest';

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
  const run = new BacktestRun(request, span);
  const stepMs = timeframeMs(request.market.recordedTimeframe);
  for (let openMs = span.fromMs; openMs < span.toMs && !run.isOver; openMs += stepMs) {
    run.candle(openMs);
    request.onProgress?.((openMs + stepMs - span.fromMs) / (span.toMs - span.fromMs));
  }
  return { request, span, walk: run.walk, screening: run.screening };
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
  private readonly live: LiveMarket;
  private readonly prices: PriceWalk;
  private readonly closing: CloseWalk;
  private readonly screened: ScreenedClose | null;
  private readonly whole: string | null;
  private readonly stepMs: number;
  private readonly decidedMs: number;
  private readonly looks: boolean;
  private hasEntered = false;

  constructor(request: BacktestRequest, span: Span) {
    const { market, settings, options, observe } = request;
    assert(settings.timeframe === market.timeframe, 'Settings and candles are of one timeframe.');
    this.stepMs = timeframeMs(market.recordedTimeframe);
    this.decidedMs = timeframeMs(market.timeframe);
    const engine = new Engine({ settings, settingsVersion: 1 });
    const walk = new PastWalk(engine, options, { startMs: span.fromMs, observe: observe ?? null });
    const live = new LiveMarket(market, walk, options);
    this.walk = walk;
    this.live = live;
    const parts = { engine, walk, live };
    const own = ownSettings({ settings, instruments: request.instruments, bots: [] });
    const screened = { market, span, settings, own: own.ok ? own.value : new Map() };
    this.whole = wholeBecause(request, screened);
    const screens = this.whole === null;
    this.looks = !screens || request.looks !== false;
    this.prices = new PriceWalk({ ...parts, options, stepMs: this.stepMs, screens });
    const screenedParts = { ...parts, prices: this.prices };
    this.screened = screens ? screenedClose(request, screened, screenedParts) : null;
    const { entry } = request;
    const enter = entry === undefined ? null : (closeMs: number): void => this.enterAt(entry, closeMs);
    this.closing = this.screened ?? new WholeClose(parts, enter);
    this.begin(request, span.fromMs);
  }

  /** True once the only entry there is has come to its end. */
  get isOver(): boolean {
    return this.hasEntered && this.walk.concerned().length === 0;
  }

  get screening(): ScreeningRead {
    const { screened, whole: reason, looks } = this;
    return { used: screened !== null, reason, candlesSkipped: screened?.skipped ?? 0, looks };
  }

  /** One recorded candle of all instruments. */
  candle(openMs: number): void {
    this.walk.exchange.nowMs = openMs + ORDER_DELAY_MS;
    this.live.open(openMs);
    this.prices.candle(openMs, (moment) => this.closing.again(moment));
    const closeMs = openMs + this.stepMs;
    if (closeMs % this.decidedMs === 0) this.closing.close(closeMs);
  }

  private begin({ settings, instruments, entry }: BacktestRequest, timeMs: number): void {
    const { walk } = this;
    walk.step({ kind: 'lease', timeMs, accountId: ACCOUNT_ID, epoch: 1 });
    walk.step(walk.exchange.snapshot());
    walk.step({ kind: 'entries-allowed', timeMs, allowed: true, reason: 'The past costs nothing.' });
    this.command({ kind: 'configure', settings, instruments, version: 1 }, timeMs);
    if (entry === undefined) this.command({ kind: 'enable-auto-bot' }, timeMs);
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

  private enterAt({ instrumentId, direction, timeMs }: HandEntry, closeMs: number): void {
    if (timeMs !== closeMs) return;
    this.command({ kind: 'enter', instrumentId, direction, force: true }, this.walk.exchange.nowMs);
    this.hasEntered = true;
  }
}

/** Why every candle is shown to the engine; null when those are enough on which something can be decided. */
function wholeBecause(
  { screening, observe, entry }: BacktestRequest,
  screened: ScreenedMarket,
): string | null {
  if (screening === false) return 'It was asked for without.';
  if (observe !== undefined) return 'Every event is observed.';
  if (entry !== undefined) return 'The entry comes by command.';
  const all = [screened.settings, ...screened.own.values()];
  const laddered = all.some((settings) => settings.entry.entryMethod === 'ladder');
  return laddered ? 'Ladders of limit orders are tended at every candle.' : null;
}

function screenedClose(
  { looks, market }: BacktestRequest,
  screened: ScreenedMarket,
  parts: CloseParts & { readonly prices: PriceWalk },
): ScreenedClose {
  const funded = market.instruments.some(({ fundings }) => fundings.length > 0);
  return new ScreenedClose({ ...parts, schedule: signalSchedule(screened), looks: looks !== false, funded });
}
