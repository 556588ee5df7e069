import { codeMeaning } from '../domain/codes.ts';
import type { Verdict } from '../domain/verdict.ts';
import { entryDirection } from '../filter/entry-context.ts';
import { forceEntry, isStanding, passEntry } from '../filter/entry-filters.ts';
import { singleBot } from './bot.ts';
import type { Decision, DecisionRecord } from './decision.ts';
import { takeSlot } from './entry-pass.ts';
import type { Command } from './event.ts';
import { decisionRecord, entryContext, explainOnce, handEntryObstacle } from './explain.ts';
import type { EngineState } from './state.ts';

/**
 * Carries out a person's entry: null when an order is on its way, else why not, in a sentence. Slots and risk limits
 * hold for everyone. What the filters say is kept with the decision either way.
 */
export function enterByHand(
  state: EngineState,
  { instrumentId, direction, force }: Extract<Command, { kind: 'enter' }>,
  out: Decision[],
): string | null {
  const market = state.markets.get(instrumentId);
  if (market === undefined) return `${instrumentId} is not known here.`;
  const signal = market.scan.signal();
  if (signal === null) return `${instrumentId} has no closed candle yet.`;
  const obstacle = handEntryObstacle(state, instrumentId, direction);
  if (obstacle !== null) return obstacle.detail;
  if (!force && entryDirection(signal) !== direction)
    return `${instrumentId} gives no signal to go ${direction}.`;
  const moment = { signal, timeMs: state.timeMs };
  const context = entryContext(state, market, { ...moment, direction });
  const { signalReadings } = context;
  const passed = force ? forceEntry(context, direction) : passEntry(context);
  if (!passed.ok) {
    const finding = { outcome: 'vetoed', forced: force, verdicts: passed.error, signalReadings } as const;
    explainOnce(market, decisionRecord(market, moment, finding), out);
    return vetoText(passed.error, force);
  }
  const candidate = { market, signal, signalReadings, passed: passed.value };
  const hasBot = state.bots.has(instrumentId);
  const record = takeSlot(state, candidate, { rank: null, out });
  if (!hasBot && record.outcome === 'ordered')
    state.bots.set(instrumentId, singleBot(instrumentId, state.timeMs));
  return refusalText(record);
}

function vetoText(verdicts: readonly Verdict[], force: boolean): string {
  const told = verdicts.filter((verdict) => verdict.kind === 'veto' && (!force || isStanding(verdict)));
  return told.map(({ code }) => codeMeaning(code) ?? code).join(' ');
}

function refusalText({ outcome, refusal }: DecisionRecord): string | null {
  if (outcome === 'ordered') return null;
  return refusal?.detail ?? 'All positions are taken.';
}
