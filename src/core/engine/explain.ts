import type { InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId, Direction } from '../domain/order.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { Refusal, Signal, Verdict } from '../domain/verdict.ts';
import { type EntryContext, entryDirection } from '../filter/entry-context.ts';
import { judgeEntry } from '../filter/entry-filters.ts';
import type { HeldMarket } from '../filter/entry-readings.ts';
import { refuse } from '../risk/refuse.ts';
import { readAroundSignal, type SignalReadings } from '../signal/readings.ts';
import type { SignalSettings } from '../signal/settings.ts';
import type { Bot } from './bot.ts';
import type { Decision, DecisionOutcome, DecisionRecord } from './decision.ts';
import { isDoubtful } from './doubt.ts';
import { explainedBy, isSame } from './explained.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { nearerLevel } from './nearer-level.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, liveOrder } from './state.ts';
import { stopObstacle } from './stop-obstacle.ts';
import { foreignOrderOn } from './strange-orders.ts';
import { type FrozenInstrument, frozenOn } from './surprise.ts';

/** What a record adds to the market it is about; left-out parts are null or empty. */
export interface Finding {
  readonly outcome: DecisionOutcome;
  readonly verdicts?: readonly Verdict[];
  readonly signalReadings?: SignalReadings | null;
  readonly forced?: boolean;
  readonly rank?: number | null;
  readonly slotsFree?: number;
  readonly refusal?: Refusal | null;
  readonly clientOrderId?: ClientOrderId;
}

/**
 * Why the engine would or would not enter an instrument at `timeMs`; null when it has no candle. Without a signal the
 * filters are asked as of one at the level that is nearer, and the record says which. Changes nothing.
 */
export function explainNow(
  state: EngineState,
  market: InstrumentMarket,
  timeMs: number,
): DecisionRecord | null {
  const signal = market.scan.signal();
  if (signal === null) return null;
  const judgedAs = quietDirection(market, signal);
  const context = entryContext(state, market, { signal: judgedSignal(signal, judgedAs), timeMs });
  const { signalReadings } = context;
  const verdicts = judgeEntry(context);
  const refusal = signal.kind === 'wait' ? null : entryObstacle(state, signal);
  const outcome = outcomeOf(state, signal, verdicts);
  const record = decisionRecord(market, { signal, timeMs }, { outcome, verdicts, signalReadings, refusal });
  return judgedAs === null ? record : { ...record, judgedAs };
}

/** The direction a quiet instrument is judged in; null at a signal, and without an RSI. */
function quietDirection({ scan }: InstrumentMarket, { kind, rsi }: Signal): Direction | null {
  return kind !== 'wait' || rsi === null ? null : nearerLevel(rsi, scan.levels).direction;
}

function judgedSignal(signal: Signal, direction: Direction | null): Signal {
  if (direction === null) return signal;
  return { ...signal, kind: direction === 'long' ? 'enter-long' : 'enter-short' };
}

/** What the entry filters judge, gathered at one moment; `direction` is the one a person asks for, if one does. */
export function entryContext(
  state: EngineState,
  market: InstrumentMarket,
  moment: { readonly signal: Signal; readonly timeMs: number; readonly direction?: Direction },
): EntryContext {
  const { signal: signalSettings, filter } = settingsOf(state, market.instrument.id);
  const direction = moment.direction ?? entryDirection(moment.signal);
  return {
    timeMs: moment.timeMs,
    instrument: market.instrument,
    timeframe: state.settings.timeframe,
    signal: moment.signal,
    signalSettings,
    signalReadings: aroundSignal(market, direction, signalSettings),
    settings: filter,
    entriesAllowed: state.entriesAllowed,
    candles: market.scan.facts(state.feedLost),
    coolDownUntilMs: state.coolDowns.get(market.instrument.id) ?? null,
    market,
    quotesGiven: state.quotesGiven,
    fundingGiven: state.fundingGiven,
    lossStreak: state.lossStreaks.get(market.instrument.id) ?? null,
    heldMarkets: () => heldMarkets(state),
  };
}

/** What surrounds an entry, where a filter asks for it: reading it costs as much as several candles. */
function aroundSignal(
  { scan }: InstrumentMarket,
  direction: Direction | null,
  settings: SignalSettings,
): SignalReadings | null {
  const asked = settings.adaptiveEnabled || settings.confirmEnabled;
  return direction === null || !asked ? null : readAroundSignal(direction, scan, settings);
}

/** Markets of the open positions, entries on their way included, on the scanned timeframe. */
function heldMarkets(state: EngineState): HeldMarket[] {
  return [...state.positions.values()].flatMap(({ instrumentId, holding }) => {
    const market = state.markets.get(instrumentId);
    return market === undefined ? [] : [{ direction: holding.direction, candles: market.scan.candles }];
  });
}

/** What stands in the way of an entry besides filters and risk; null when nothing does. */
export function entryObstacle(state: EngineState, signal: Signal): Refusal | null {
  const { instrumentId } = signal;
  const bot = state.bots.get(instrumentId);
  const holder = holdingObstacle(state, instrumentId);
  if (holder !== null) return holder;
  if (bot?.paused === true) return refuseEntry('bot-paused', 'Its bot is paused.');
  if (bot === undefined && !state.autoBot.enabled) {
    return refuseEntry('no-bot', 'Auto Bot is off and no bot runs on it.');
  }
  const direction = directionObstacle(bot, entryDirection(signal));
  if (direction !== null) return direction;
  if ((state.attempts.get(instrumentId) ?? 0) >= signal.candleOpenTimeMs) {
    return refuseEntry('attempted', 'The signal of this candle has had its attempt.');
  }
  return leaseObstacle(state);
}

/** The obstacles that stand in a person's way, too. */
export function handEntryObstacle(
  state: EngineState,
  instrumentId: InstrumentId,
  direction: Direction,
): Refusal | null {
  const bot = state.bots.get(instrumentId);
  return (
    holdingObstacle(state, instrumentId) ??
    directionObstacle(bot, direction) ??
    pausedLadderObstacle(state, bot) ??
    leaseObstacle(state)
  );
}

/** A ladder ends with the pause of its bot: all but its first order would be taken back at once. */
function pausedLadderObstacle(state: EngineState, bot: Bot | undefined): Refusal | null {
  if (bot?.paused !== true || settingsOf(state, bot.instrumentId).entry.entryMethod !== 'ladder') return null;
  const detail =
    'Its bot is paused and would take a ladder back: start it, or set entry.entryMethod to market.';
  return refuseEntry('bot-paused', detail);
}

function directionObstacle(bot: Bot | undefined, direction: Direction | null): Refusal | null {
  const only = bot?.direction ?? null;
  if (only === null || only === direction) return null;
  return refuseEntry('other-direction', `Its bot trades ${only} only.`);
}

function holdingObstacle(state: EngineState, instrumentId: InstrumentId): Refusal | null {
  const frozen = frozenOn(state, instrumentId);
  if (frozen !== null) return refuseEntry('frozen', FROZEN_TEXTS[frozen.why]);
  if (isInDoubt(state, instrumentId))
    return refuseEntry('doubtful-position', 'Whether our position on it still stands is not certain.');
  if (isOccupied(state, instrumentId))
    return refuseEntry('occupied', 'A position or an order holds it already.');
  if (state.foreign.some((position) => position.instrumentId === instrumentId))
    return refuseEntry('foreign-position', 'The exchange holds a position on it that is not ours.');
  if (foreignOrderOn(state, instrumentId) !== null)
    return refuseEntry('foreign-order', 'An order that is not ours rests on it and may open a position.');
  const stops = stopObstacle(state);
  return stops === null ? null : refuseEntry(stops.kind, stops.detail);
}

function leaseObstacle(state: EngineState): Refusal | null {
  return state.lease === null ? refuseEntry('no-lease', 'No lease of the account is held.') : null;
}

/** True while the exchange's list states less of our position than our fills add up to. */
export function isInDoubt({ positions }: EngineState, instrumentId: InstrumentId): boolean {
  const position = positions.get(instrumentId);
  return position !== undefined && isDoubtful(position);
}

/** True while a position or an order that may still fill holds the instrument. */
export function isOccupied(state: EngineState, instrumentId: InstrumentId): boolean {
  return state.positions.has(instrumentId) || liveOrder(state, instrumentId) !== null;
}

/** The record of one look at one instrument. */
export function decisionRecord(
  market: InstrumentMarket,
  moment: { readonly signal: Signal; readonly timeMs: number },
  finding: Finding,
): DecisionRecord {
  const { signal, timeMs } = moment;
  const closeTimeMs = signal.candleOpenTimeMs + timeframeMs(signal.timeframe);
  return {
    instrumentId: market.instrument.id,
    timeframe: signal.timeframe,
    timeMs,
    signal,
    dataAgeMs: timeMs - closeTimeMs,
    verdicts: finding.verdicts ?? [],
    signalReadings: finding.signalReadings ?? null,
    outcome: finding.outcome,
    forced: finding.forced ?? false,
    rank: finding.rank ?? null,
    slotsFree: finding.slotsFree ?? null,
    refusal: finding.refusal ?? null,
    clientOrderId: finding.clientOrderId ?? null,
  };
}

/**
 * Adds a record to the decisions unless the same was said of the same candle last time: an entry pass runs
 * every few seconds, an explanation is worth storing when it changes.
 */
export function explainOnce(market: InstrumentMarket, record: DecisionRecord, out: Decision[]): void {
  const explained = explainedBy(record);
  if (isSame(explained, market.explained)) return;
  market.explained = explained;
  out.push({ kind: 'explain', record });
}

function outcomeOf(state: EngineState, signal: Signal, verdicts: readonly Verdict[]): DecisionOutcome {
  if (isOccupied(state, signal.instrumentId)) return 'hold';
  if (signal.kind === 'wait') return 'no-signal';
  return verdicts.some((verdict) => verdict.kind === 'veto') ? 'vetoed' : 'candidate';
}

const FROZEN_TEXTS: Readonly<Record<FrozenInstrument['why'], string>> = {
  'order-unknown': 'Whether an order on it exists is not known yet.',
  surprise: 'An order on it existed that was said, or concluded, not to.',
};

type Obstacle =
  | 'frozen'
  | 'doubtful-position'
  | 'stops-refused'
  | 'stops-unconfirmed'
  | 'occupied'
  | 'foreign-position'
  | 'foreign-order'
  | 'bot-paused'
  | 'no-bot'
  | 'other-direction'
  | 'attempted'
  | 'no-lease';

function refuseEntry(obstacle: Obstacle, detail: string): Refusal {
  return refuse(`engine.entry.${obstacle}`, detail);
}
