import { type Decimal, decimalText, ZERO } from '../base/decimal.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import { heldQuantity } from '../position/holding.ts';
import { endBotPosition } from './bot.ts';
import type { Decision } from './decision.ts';
import { coolAfterHand } from './ended-by-hand.ts';
import { followSeriesOf } from './held-series.ts';
import { isRungOver, type Ladder, type LadderEnd, type Rung } from './ladder.ts';
import { isCalm, ladderEnd } from './ladder-end.ts';
import { liveRungs, sendRung, tellRung } from './ladder-rungs.ts';
import type { OpenPosition } from './open-position.ts';
import { tightenStop } from './protect.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';
import { stopObstacle } from './stop-obstacle.ts';

/** A cancel that has led to no end is asked for again, and the order looked up. */
const CANCEL_RETRY_MS = 5_000;
/** How long a resting order goes without being looked up: the word of its end may have been lost. */
const RESTING_CHECK_MS = 60_000;

/**
 * Looks after every ladder: sends the next rung when the one before it is known to be taken, has the rest taken back
 * when a rule says so, and lets go of a ladder when no order of it can fill any more. Level-triggered: what it does
 * follows from how things stand, at whichever step it is called. Gives the decisions of the step.
 */
export function tendLadders(state: EngineState, out: Decision[]): readonly Decision[] {
  if (state.ladders.size > 0) for (const ladder of [...state.ladders.values()]) tend(state, ladder, out);
  return out;
}

function tend(state: EngineState, ladder: Ladder, out: Decision[]): void {
  if (!ladder.wasCalm && isCalm(state, ladder)) {
    ladder.wasCalm = true;
    touchTrading(state);
  }
  const end = ladder.ending ?? ladderEnd(state, ladder);
  if (end === null) goOn(state, ladder, out);
  else if (!state.entriesAllowed.leaseLost) withdraw(state, ladder, end, out);
  checkResting(state, ladder, out);
  if (ladder.rungs.every(isRungOver) && liveRungs(state, ladder).length === 0) letGo(state, ladder, out);
}

/** One at a time: while it is not known whether a rung exists, none follows it. */
function goOn(state: EngineState, ladder: Ladder, out: Decision[]): void {
  const next = ladder.rungs.find((rung) => rung.state === 'planned');
  const waits = ladder.rungs.some((rung) => rung.state === 'sent' || rung.state === 'unknown');
  if (next === undefined || waits || !state.entriesAllowed.allowed) return;
  if (stopObstacle(state) === null) sendRung(state, ladder, next, out);
}

/**
 * Takes back what has not filled: what was never sent is not sent, what rests is cancelled, and cancelled again while
 * its end does not come. What may exist waits for its word. A market order cannot be taken back.
 */
function withdraw(state: EngineState, ladder: Ladder, end: LadderEnd, out: Decision[]): void {
  if (ladder.ending === null) endLadder(state, ladder, end, out);
  for (const rung of ladder.rungs) {
    if (rung.state === 'planned') tellRung(state, ladder, { rung, to: 'cancelled', code: end, out });
    else if (isCancellable(state, rung)) {
      tellRung(state, ladder, { rung, to: 'cancelling', code: end, out });
      cancel(state, ladder, rung, out);
    } else if (rung.state === 'cancelling' && state.timeMs - (rung.cancelMs ?? 0) >= CANCEL_RETRY_MS) {
      lookUp(state, ladder, rung, out);
      cancel(state, ladder, rung, out);
    }
  }
}

/** No rung is sent any more; what rests is taken back at the end of the step. */
export function endLadder(state: EngineState, ladder: Ladder, end: LadderEnd, out: Decision[]): void {
  ladder.ending = end;
  touchTrading(state);
  const { instrumentId } = ladder.plan;
  const message = `What has not filled of the ladder on ${instrumentId} is taken back: ${END_TEXTS[end]}.`;
  const detail = { ladderId: ladder.ladderId, reason: end, filled: decimalText(filledOf(ladder)) };
  out.push(notify('info', 'engine.ladder.ending', { instrumentId, message, detail }));
}

function isCancellable({ orders }: EngineState, { state, clientOrderId }: Rung): boolean {
  if (state !== 'accepted' && state !== 'partly-filled') return false;
  return clientOrderId !== null && orders.get(clientOrderId)?.limitPrice !== null;
}

function cancel(state: EngineState, { plan }: Ladder, rung: Rung, out: Decision[]): void {
  if (rung.clientOrderId === null) return;
  rung.cancelMs = state.timeMs;
  out.push({ kind: 'cancel-order', instrumentId: plan.instrumentId, clientOrderId: rung.clientOrderId });
}

/** Orders are followed by what the exchange tells of them; one that rests silently is asked about now and then. */
function checkResting(state: EngineState, ladder: Ladder, out: Decision[]): void {
  for (const rung of ladder.rungs) {
    const rests = rung.state === 'accepted' || rung.state === 'partly-filled';
    if (rests && state.timeMs - rung.checkedMs >= RESTING_CHECK_MS) lookUp(state, ladder, rung, out);
  }
}

function lookUp(state: EngineState, { plan }: Ladder, rung: Rung, out: Decision[]): void {
  if (rung.clientOrderId === null) return;
  rung.checkedMs = state.timeMs;
  const { clientOrderId } = rung;
  out.push({ kind: 'look-up-order', instrumentId: plan.instrumentId, clientOrderId, taken: true });
}

/** No order of it can fill any more. What it opened goes on as any position, its stop where its own average wants it. */
function letGo(state: EngineState, ladder: Ladder, out: Decision[]): void {
  const { instrumentId } = ladder.plan;
  state.ladders.delete(instrumentId);
  touchTrading(state);
  const position = state.positions.get(instrumentId);
  const ours = position !== undefined && position.entryOrderId === ladder.ladderId ? position : null;
  const filled = filledOf(ladder);
  const message = `The ladder on ${instrumentId} is done: ${decimalText(filled)} has filled.`;
  const detail = { ladderId: ladder.ladderId, reason: ladder.ending, filled: decimalText(filled) };
  out.push(notify('info', 'engine.ladder.done', { instrumentId, message, detail }));
  if (ours === null) return;
  if (heldQuantity(ours.holding).isZero()) dropUnfilled(state, ladder, ours);
  else {
    tightenStop(state, ours);
    requestSnapshot('ladder-done', out);
  }
}

/** Nothing came of it: the slot is free again. After a failure, or a person's word, the instrument waits. */
function dropUnfilled(state: EngineState, ladder: Ladder, { instrumentId, entry }: OpenPosition): void {
  state.positions.delete(instrumentId);
  followSeriesOf(state, instrumentId);
  endBotPosition(state.bots, instrumentId);
  const { timeframe } = entry;
  if (ladder.ending === 'by-hand') coolAfterHand(state, { instrumentId, timeframe, endedMs: state.timeMs });
  if (ladder.ending !== 'rung-failed') return;
  state.coolDowns.set(instrumentId, state.timeMs + timeframeMs(timeframe));
}

function filledOf({ rungs }: Ladder): Decimal {
  return rungs.reduce((sum, rung) => sum.plus(rung.filledQuantity), ZERO);
}

const END_TEXTS: Readonly<Record<LadderEnd, string>> = {
  'position-over': 'its position is over',
  closing: 'its position is being closed',
  'position-doubtful': 'the exchange states less of its position than has filled',
  'stop-unconfirmed': 'the stop of its position is not confirmed',
  'stop-moved': 'the stop of its position was tightened',
  'bot-paused': 'its bot is paused',
  'bot-deleted': 'its bot is deleted',
  'auto-bot-off': 'Auto Bot is off',
  'not-ready': 'the service is not ready',
  halted: 'a person has halted trading',
  'not-trading': 'its instrument does not trade or is about to leave the exchange',
  'daily-loss': 'the loss of the day has reached its limit',
  expired: 'it is older than its rungs may become',
  'rsi-left': 'RSI has left the calm zone',
  'rung-failed': 'a rung of it was refused',
  restarted: 'the service was started again before all of it was sent',
  'by-hand': 'a person asked for it',
  'state-lost': 'it was found in the journal, without its plan',
};
