import { heldQuantity } from '../position/holding.ts';
import type { Decision } from './decision.ts';
import type { Command } from './event.ts';
import type { OpenPosition } from './open-position.ts';
import { amendStop, placeTakeProfit, tightenStop } from './protect.ts';
import type { TradingSettings } from './settings.ts';
import { type EngineState, notify, touchTrading } from './state.ts';

/**
 * Puts settings in force between two steps. Candles and indicators are rebuilt where they depend on what changed:
 * another timeframe starts empty and waits for its history. Open positions keep their own timeframe; their
 * stops may tighten and never loosen, their take-profit follows.
 */
export function configure(
  state: EngineState,
  { settings, version }: Extract<Command, { kind: 'configure' }>,
  out: Decision[],
): void {
  const before = state.settings;
  state.settings = settings;
  state.settingsVersion = version;
  touchTrading(state);
  if (before.timeframe !== settings.timeframe) changeTimeframe(state, out);
  else for (const market of state.markets.values()) market.configure(settings.signal);
  for (const position of state.positions.values()) moveLevels(state, position, { before, out });
}

function changeTimeframe(state: EngineState, out: Decision[]): void {
  const { timeframe, signal } = state.settings;
  for (const market of state.markets.values()) {
    state.markets.set(market.instrument.id, market.restarted(timeframe, signal));
  }
  const message = `Signals are read on ${timeframe} candles from now on.`;
  out.push(notify('info', 'engine.settings.timeframe', { instrumentId: null, message }));
  for (const { instrumentId, entry } of state.positions.values()) {
    if (entry.timeframe === timeframe) continue;
    const waits = `The RSI exit of ${instrumentId} waits: ${entry.timeframe} candles are no longer streamed.`;
    out.push(notify('warning', 'engine.position.rsi-exit-waits', { instrumentId, message: waits }));
  }
}

function moveLevels(
  state: EngineState,
  position: OpenPosition,
  { before, out }: { readonly before: TradingSettings; readonly out: Decision[] },
): void {
  const { stopPrice, takeProfitPrice } = position;
  tightenStop(state, position);
  if (before.exit.takeProfitPct !== state.settings.exit.takeProfitPct) placeTakeProfit(state, position);
  const same =
    stopPrice.equals(position.stopPrice) && String(takeProfitPrice) === String(position.takeProfitPrice);
  if (!same && heldQuantity(position.holding).greaterThan(0)) out.push(amendStop(position));
}
