import { dailyLossRefusal } from '../risk/daily-loss.ts';
import { isTighter } from '../risk/stop-price.ts';
import { isDoubtful } from './doubt.ts';
import type { Ladder, LadderEnd } from './ladder.ts';
import { settingsOf } from './own-settings.ts';
import type { EngineState } from './state.ts';
import { isStopOverdue } from './stop-obstacle.ts';

/** How long rungs rest while the service is not ready: a lost connection that comes back costs no ladder. */
const NOT_READY_MS_MAX = 15_000;

type EndRule = (state: EngineState, ladder: Ladder) => boolean;

/** In the order in which they are told: what is over comes before what a person or the market wants. */
const END_RULES: readonly (readonly [LadderEnd, EndRule])[] = [
  ['position-over', (state, ladder) => positionOf(state, ladder) === null],
  ['closing', (state, ladder) => positionOf(state, ladder)?.state === 'closing'],
  ['position-doubtful', isPositionDoubtful],
  ['stop-unconfirmed', isUnprotected],
  ['stop-moved', hasStopMoved],
  ['bot-deleted', ({ bots }, { plan }) => !bots.has(plan.instrumentId)],
  ['bot-paused', ({ bots }, { plan }) => bots.get(plan.instrumentId)?.paused === true],
  ['auto-bot-off', isAutoBotOff],
  ['restarted', isUnsentElsewhere],
  ['rung-failed', (_state, { rungs }) => rungs.some((rung) => rung.state === 'rejected')],
  ['not-trading', isNotTrading],
  ['not-ready', isLongNotReady],
  ['daily-loss', isLossReached],
  ['expired', ({ timeMs }, { expiresMs }) => expiresMs !== null && timeMs >= expiresMs],
  ['rsi-left', hasRsiLeft],
];

/**
 * Why what has not filled of a ladder must be taken back now; null while it may stay. Judged on what is, not on what
 * happened: whatever was missed in between does not matter.
 */
export function ladderEnd(state: EngineState, ladder: Ladder): LadderEnd | null {
  for (const [end, applies] of END_RULES) if (applies(state, ladder)) return end;
  return null;
}

/** The newest closed candle of the ladder's own timeframe shows an RSI inside the calm zone. */
export function isCalm(state: EngineState, ladder: Ladder): boolean {
  const rsi = rsiOf(state, ladder);
  return rsi !== null && !isBeyondCalm(state, ladder, rsi);
}

function positionOf({ positions }: EngineState, { plan, ladderId }: Ladder) {
  const position = positions.get(plan.instrumentId);
  return position?.entryOrderId === ladderId ? position : null;
}

/** What may be gone is not added to. */
function isPositionDoubtful(state: EngineState, ladder: Ladder): boolean {
  const position = positionOf(state, ladder);
  return position !== null && isDoubtful(position);
}

/** What has no confirmed stop is not added to either. */
function isUnprotected(state: EngineState, ladder: Ladder): boolean {
  const position = positionOf(state, ladder);
  return position !== null && isStopOverdue(state, position);
}

/**
 * The plan stands no more: settings, break-even, the trailing stop or a person has tightened the stop. A rung that
 * fills sets the exchange's stop to the one it carries, which would loosen it.
 */
function hasStopMoved(state: EngineState, ladder: Ladder): boolean {
  const position = positionOf(state, ladder);
  const { stopPrice, direction } = ladder.plan;
  return position !== null && isTighter(position.stopPrice, stopPrice, direction);
}

/** A ladder of Auto Bot's ends with its permission; a person's bot needs none. */
function isAutoBotOff({ autoBot, bots }: EngineState, { plan }: Ladder): boolean {
  return !autoBot.enabled && bots.get(plan.instrumentId)?.origin === 'auto';
}

/** An approval holds under the lease it was given under: a later life sends none of it. */
function isUnsentElsewhere({ lease }: EngineState, { epoch, rungs }: Ladder): boolean {
  return lease?.epoch !== epoch && rungs.some((rung) => rung.state === 'planned');
}

function isNotTrading({ markets }: EngineState, { plan }: Ladder): boolean {
  const instrument = markets.get(plan.instrumentId)?.instrument;
  return instrument !== undefined && (instrument.status !== 'trading' || instrument.deliveryTimeMs !== null);
}

function isLongNotReady({ entriesAllowed, timeMs }: EngineState): boolean {
  return !entriesAllowed.allowed && timeMs - entriesAllowed.sinceMs >= NOT_READY_MS_MAX;
}

/** The limit that ends entries for the day ends what is left of one, too; a loss that is not known ends nothing. */
function isLossReached({ account, dayStart, settings }: EngineState): boolean {
  if (account === null) return false;
  const { balance, transferred } = account;
  const pctMax = settings.risk.dailyLossPctMax;
  const refusal = dailyLossRefusal({ equity: balance.equity, dayStart, transferred, pctMax });
  return refusal?.code === 'risk.limit.daily-loss';
}

/** RSI was inside the calm zone and is not any more; one forced into the market at another RSI has nothing to leave. */
function hasRsiLeft(state: EngineState, ladder: Ladder): boolean {
  const rsi = ladder.wasCalm ? rsiOf(state, ladder) : null;
  return rsi !== null && isBeyondCalm(state, ladder, rsi);
}

function rsiOf({ markets }: EngineState, { plan }: Ladder): number | null {
  return markets.get(plan.instrumentId)?.on(plan.timeframe)?.rsi.value ?? null;
}

function isBeyondCalm(state: EngineState, { plan }: Ladder, rsi: number): boolean {
  const { rungsRsiLongMax, rungsRsiShortMin } = settingsOf(state, plan.instrumentId).entry;
  return plan.direction === 'long' ? rsi > rungsRsiLongMax : rsi < rungsRsiShortMin;
}
