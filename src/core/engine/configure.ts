import { ensure } from '../base/assert.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { heldQuantity } from '../position/holding.ts';
import type { Bot } from './bot.ts';
import type { Decision } from './decision.ts';
import type { Command } from './event.ts';
import { followSeries } from './held-series.ts';
import type { OpenPosition } from './open-position.ts';
import { ownSettings, settingsOf } from './own-settings.ts';
import { placeTakeProfit, tightenStop } from './protect.ts';
import type { TradingSettings } from './settings.ts';
import { agreementFaults } from './settings-agreement.ts';
import type { SettingsFault } from './settings-fault.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';

/**
 * Puts settings in force between two steps. Candles and indicators are rebuilt where they depend on what changed:
 * another timeframe starts empty and waits for its history, while the series of an open position goes on beside it.
 * Stops of open positions may tighten and never loosen, their take-profit follows. Null when it is done; what is wrong
 * when the layers contradict each other, and then nothing has changed.
 */
export function configure(
  state: EngineState,
  command: Extract<Command, { kind: 'configure' }>,
  out: Decision[],
): readonly SettingsFault[] | null {
  const { settings, version, instruments = new Map() } = command;
  const own = ownSettings({ settings, instruments, bots: state.bots.values() });
  if (!own.ok) return own.error;
  const before = { settings: state.settings, own: state.own };
  state.settings = settings;
  state.instrumentPatches = instruments;
  state.own = own.value;
  state.settingsVersion = version;
  touchTrading(state);
  if (before.settings.timeframe !== settings.timeframe) changeTimeframe(state, out);
  for (const id of state.markets.keys()) follow(state, id, { before: settingsOf(before, id), out });
  return null;
}

/** Puts a bot in the place of the one there was, with what it does otherwise. Answers like `configure`. */
export function putBot(state: EngineState, bot: Bot, out: Decision[]): readonly SettingsFault[] | null {
  const bots = new Map(state.bots).set(bot.instrumentId, bot);
  const { settings, instrumentPatches: instruments } = state;
  const own = ownSettings({ settings, instruments, bots: bots.values() });
  if (!own.ok) return own.error;
  const { instrumentId } = bot;
  const held = own.value.get(instrumentId);
  const sets = Object.keys(bot.settings).length > 0 && held !== undefined;
  const faults = sets ? agreementFaults(held, new Map()) : [];
  if (faults.length > 0) return faults;
  const before = settingsOf(state, instrumentId);
  state.bots.set(instrumentId, bot);
  state.own = own.value;
  touchTrading(state);
  follow(state, instrumentId, { before, out });
  return null;
}

/** Takes a bot away; its instrument does what it did without it. */
export function dropBot(state: EngineState, instrumentId: InstrumentId, out: Decision[]): void {
  const { settings, instrumentPatches: instruments } = state;
  const before = settingsOf(state, instrumentId);
  state.bots.delete(instrumentId);
  const own = ownSettings({ settings, instruments, bots: state.bots.values() });
  state.own = ensure(own.ok ? own.value : null, 'The layers below a bot fit together.');
  touchTrading(state);
  follow(state, instrumentId, { before, out });
}

/** What depends on an instrument's settings goes after them. */
function follow(
  state: EngineState,
  instrumentId: InstrumentId,
  change: { readonly before: TradingSettings; readonly out: Decision[] },
): void {
  state.markets.get(instrumentId)?.configure(settingsOf(state, instrumentId).signal);
  const position = state.positions.get(instrumentId);
  if (position !== undefined) moveLevels(state, position, change);
}

function changeTimeframe(state: EngineState, out: Decision[]): void {
  for (const market of state.markets.values()) followSeries(state, market);
  const message = `Signals are read on ${state.settings.timeframe} candles from now on.`;
  out.push(notify('info', 'engine.settings.timeframe', { instrumentId: null, message }));
}

/**
 * Only what is wanted changes here. The exchange is asked first what rests there now, for a person may have set a
 * tighter stop since the last reading; `protectStop` sends what is still needed in the step of that reading.
 */
function moveLevels(
  state: EngineState,
  position: OpenPosition,
  { before, out }: { readonly before: TradingSettings; readonly out: Decision[] },
): void {
  const { stopPrice, takeProfitPrice } = position;
  tightenStop(state, position);
  const { exit } = settingsOf(state, position.instrumentId);
  if (before.exit.takeProfitPct !== exit.takeProfitPct) placeTakeProfit(state, position);
  const same =
    stopPrice.equals(position.stopPrice) && String(takeProfitPrice) === String(position.takeProfitPrice);
  if (!same && heldQuantity(position.holding).greaterThan(0)) requestSnapshot('levels-moved', out);
}
