import type { InstrumentId } from '../domain/instrument.ts';
import type { ExitReason } from '../domain/order.ts';
import { type Timeframe, timeframeMs } from '../domain/timeframe.ts';
import { settingsOf } from './own-settings.ts';
import type { EngineState } from './state.ts';

const BY_HAND: readonly string[] = ['manual', 'external'] satisfies readonly ExitReason[];

/** True when a person closed the position: by a command, or at the exchange. */
export function isEndedByHand(reason: string): boolean {
  return BY_HAND.includes(reason);
}

/** Has an instrument wait that a person took us out of: the signal that led in mostly still stands. Shortens no wait. */
export function coolAfterHand(
  state: EngineState,
  ended: { readonly instrumentId: InstrumentId; readonly timeframe: Timeframe; readonly endedMs: number },
): void {
  const { instrumentId, timeframe, endedMs } = ended;
  const { handCloseCandles } = settingsOf(state, instrumentId).filter;
  if (handCloseCandles === 0) return;
  const untilMs = endedMs + handCloseCandles * timeframeMs(timeframe);
  state.coolDowns.set(instrumentId, Math.max(untilMs, state.coolDowns.get(instrumentId) ?? 0));
}
