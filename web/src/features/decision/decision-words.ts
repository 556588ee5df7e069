import type { DecisionView } from '../../../../src/api/coin.ts';
import { rsi } from '../../format.ts';
import { codeText } from './code-text.ts';
import { DECISION_TEXT as TEXT } from './text.ts';

/** What came of the look at a coin, as one sentence. */
export function decisionWords(decision: DecisionView): string {
  const direction = TEXT.direction[decision.signal.kind];
  switch (decision.outcome) {
    case 'no-signal':
      return decision.signal.rsi === null ? TEXT.say.noReading : TEXT.say.between(rsi(decision.signal.rsi));
    case 'vetoed':
      return TEXT.say.vetoed(direction, vetoWords(decision));
    case 'candidate':
      return decision.refusal === null
        ? TEXT.say.candidate(direction)
        : TEXT.say.notEntered(direction, decision.refusal.detail);
    case 'no-slot':
      return TEXT.say.noSlot(direction);
    case 'refused':
      return TEXT.say.refused(decision.refusal?.detail ?? '');
    case 'ordered':
      return decision.forced ? TEXT.say.forced : TEXT.say.ordered(direction);
    case 'exit-ordered':
      return TEXT.say.exit;
    case 'hold':
      return TEXT.say.hold;
  }
}

/** The reason alone, for a line of a list. */
export function reasonWords(decision: DecisionView): string {
  const { outcome, refusal } = decision;
  if (outcome === 'vetoed') return vetoWords(decision);
  if (refusal !== null) return refusal.detail;
  if (outcome === 'no-signal' || outcome === 'refused' || decision.forced) return decisionWords(decision);
  return TEXT.reason[outcome];
}

function vetoWords(decision: DecisionView): string {
  const vetoes = decision.verdicts.filter((verdict) => verdict.kind === 'veto');
  return vetoes.map((verdict) => codeText(verdict.code).toLowerCase().replaceAll('rsi', 'RSI')).join(', ');
}
