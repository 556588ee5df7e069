import { assertNever } from '../base/assert.ts';
import { applyAccount } from './account.ts';
import { applyCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import { entryPass } from './entry-pass.ts';
import type { CandleClosed, EngineEvent, PriceTick } from './event.ts';
import { bookFill } from './fills.ts';
import { noteStopRefused } from './keep-stop.ts';
import { applyMarketEvent } from './market-events.ts';
import { applyOrderUpdate } from './order-updates.ts';
import { protectAll } from './protect.ts';
import type { EngineState } from './state.ts';
import { applyPositions } from './stated-positions.ts';

/** Learns any event but those of the hot path, candles and prices, which the engine takes by itself. */
export function applyEvent(
  state: EngineState,
  event: Exclude<EngineEvent, CandleClosed | PriceTick>,
  out: Decision[],
): void {
  switch (event.kind) {
    case 'order-update':
      applyOrderUpdate(state, event, out);
      return;
    case 'fill':
      bookFill(state, event.fill, out);
      return;
    case 'account-snapshot':
      applyAccount(state, event, out);
      return;
    case 'positions-stated':
      applyPositions(state, event, out);
      return;
    case 'stop-refused':
      noteStopRefused(state, event, out);
      return;
    case 'command':
      applyCommand(state, event, out);
      return;
    case 'timer':
      if (event.name === 'entry-pass') entryPass(state, event.among ?? null, out);
      else protectAll(state, out);
      return;
    case 'candle-history':
    case 'instrument':
    case 'feed-lost':
    case 'feed-restored':
    case 'lease':
    case 'entries-allowed':
      applyMarketEvent(state, event, out);
      return;
    default:
      assertNever(event);
  }
}
