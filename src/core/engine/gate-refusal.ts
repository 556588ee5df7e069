import type { Refusal } from '../domain/verdict.ts';
import type { Decision } from './decision.ts';
import { decisionRecord } from './explain.ts';
import type { TrackedOrder } from './open-position.ts';
import type { EngineState } from './state.ts';

/** Adds the record of an order that the gate did not let through: what the engine decided is not what happened. */
export function explainRefused(
  state: EngineState,
  { instrumentId, clientOrderId }: TrackedOrder,
  refusal: Refusal,
  out: Decision[],
): void {
  const market = state.markets.get(instrumentId);
  const signal = market?.scan.signal() ?? null;
  if (market === undefined || signal === null) return;
  const finding = { outcome: 'refused', refusal, clientOrderId } as const;
  out.push({ kind: 'explain', record: decisionRecord(market, { signal, timeMs: state.timeMs }, finding) });
}
