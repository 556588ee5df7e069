import { assertNever } from '../base/assert.ts';
import type { Code } from '../domain/codes.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { heldQuantity } from '../position/holding.ts';
import type { Bot } from './bot.ts';
import { configure, dropBot, putBot } from './configure.ts';
import type { Decision } from './decision.ts';
import { enterByHand } from './enter-by-hand.ts';
import type { Command, CommandReceived } from './event.ts';
import { orderExit } from './exits.ts';
import { isOccupied } from './explain.ts';
import type { SettingsFault } from './settings-fault.ts';
import { type EngineState, notify, touchTrading } from './state.ts';

/** What came of a command, in a sentence; `accepted` false changed nothing. */
interface Answer {
  readonly accepted: boolean;
  readonly instrumentId: InstrumentId | null;
  readonly message: string;
}

/**
 * Carries out a command and answers it with exactly one notice whose detail holds `commandId` and `accepted`,
 * after whatever else it led to. A refused command has changed nothing.
 */
export function applyCommand(state: EngineState, event: CommandReceived, out: Decision[]): void {
  const { commandId, actor, reason, command } = event;
  const { accepted, instrumentId, message } = carryOut(state, event, out);
  const code: Code = accepted ? 'engine.command.accepted' : 'engine.command.refused';
  const detail = { commandId, accepted, command: command.kind, actor, reason };
  out.push(notify(accepted ? 'info' : 'warning', code, { instrumentId, message, detail }));
}

function carryOut(state: EngineState, event: CommandReceived, out: Decision[]): Answer {
  const { command } = event;
  switch (command.kind) {
    case 'enable-auto-bot':
      return switchAutoBot(state, event, true);
    case 'disable-auto-bot':
      return switchAutoBot(state, event, false);
    case 'configure':
      return changeSettings(state, command, out);
    case 'create-bot':
      return createBot(state, command, out);
    case 'configure-bot':
      return configureBot(state, command, out);
    case 'start-bot':
      return pauseBot(state, command.instrumentId, false);
    case 'stop-bot':
      return pauseBot(state, command.instrumentId, true);
    case 'delete-bot':
      return deleteBot(state, command.instrumentId, out);
    case 'enter':
      return enter(state, command, out);
    case 'close-position':
      return closeByHand(state, command, out);
    default:
      return assertNever(command);
  }
}

function switchAutoBot(
  state: EngineState,
  { actor, timeMs, reason }: CommandReceived,
  enabled: boolean,
): Answer {
  state.autoBot = { enabled, changed: { actor, timeMs, reason } };
  touchTrading(state);
  return { accepted: true, instrumentId: null, message: `Auto Bot is ${enabled ? 'on' : 'off'}.` };
}

function changeSettings(
  state: EngineState,
  command: Extract<Command, { kind: 'configure' }>,
  out: Decision[],
): Answer {
  const faults = configure(state, command, out);
  const instrumentId = null;
  if (faults !== null) return { accepted: false, instrumentId, message: contradiction(faults) };
  return { accepted: true, instrumentId, message: `Settings version ${command.version} is in force.` };
}

function createBot(
  state: EngineState,
  { instrumentId, direction, settings = {} }: Extract<Command, { kind: 'create-bot' }>,
  out: Decision[],
): Answer {
  if (!state.markets.has(instrumentId)) return refused(instrumentId, `${instrumentId} is not known here.`);
  if (state.bots.has(instrumentId)) return refused(instrumentId, `${instrumentId} has a bot already.`);
  const createdMs = state.timeMs;
  const bot: Bot = { instrumentId, origin: 'manual', paused: false, direction, createdMs, settings };
  const faults = putBot(state, bot, out);
  if (faults !== null) return refused(instrumentId, contradiction(faults));
  return done(instrumentId, `A bot runs on ${instrumentId}.`);
}

function configureBot(
  state: EngineState,
  { instrumentId, settings }: Extract<Command, { kind: 'configure-bot' }>,
  out: Decision[],
): Answer {
  const bot = state.bots.get(instrumentId);
  if (bot === undefined) return refused(instrumentId, `${instrumentId} has no bot.`);
  if (bot.origin === 'auto') {
    const message = `The bot on ${instrumentId} is Auto Bot's and goes with its position; set the coin's settings.`;
    return refused(instrumentId, message);
  }
  const faults = putBot(state, { ...bot, settings }, out);
  if (faults !== null) return refused(instrumentId, contradiction(faults));
  return done(instrumentId, `The bot on ${instrumentId} has its settings.`);
}

function contradiction(faults: readonly SettingsFault[]): string {
  return faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
}

function pauseBot(state: EngineState, instrumentId: InstrumentId, paused: boolean): Answer {
  const bot = state.bots.get(instrumentId);
  if (bot === undefined) return refused(instrumentId, `${instrumentId} has no bot.`);
  const changed: Bot = { ...bot, paused };
  state.bots.set(instrumentId, changed);
  touchTrading(state);
  const kept = state.positions.has(instrumentId) ? ' Its position stays, with its stop.' : '';
  return done(instrumentId, `The bot on ${instrumentId} is ${paused ? 'paused' : 'running'}.${kept}`);
}

function deleteBot(state: EngineState, instrumentId: InstrumentId, out: Decision[]): Answer {
  if (!state.bots.has(instrumentId)) return refused(instrumentId, `${instrumentId} has no bot.`);
  if (isOccupied(state, instrumentId)) {
    return refused(instrumentId, `The bot on ${instrumentId} holds a position; close it first.`);
  }
  dropBot(state, instrumentId, out);
  return done(instrumentId, `The bot on ${instrumentId} is deleted.`);
}

function enter(state: EngineState, command: Extract<Command, { kind: 'enter' }>, out: Decision[]): Answer {
  const { instrumentId, direction } = command;
  const refusal = enterByHand(state, command, out);
  return refusal === null
    ? done(instrumentId, `An order to go ${direction} on ${instrumentId} is on its way.`)
    : refused(instrumentId, refusal);
}

function closeByHand(
  state: EngineState,
  { instrumentId }: Extract<Command, { kind: 'close-position' }>,
  out: Decision[],
): Answer {
  const position = state.positions.get(instrumentId);
  if (position === undefined) return refused(instrumentId, `No position of ours is open on ${instrumentId}.`);
  if (heldQuantity(position.holding).isZero()) {
    return refused(instrumentId, `The entry on ${instrumentId} is still on its way.`);
  }
  if (position.closing !== null) return refused(instrumentId, `${instrumentId} is being closed already.`);
  orderExit(state, position, { reason: 'manual', finding: null, out });
  return done(instrumentId, `${instrumentId} is being closed.`);
}

function done(instrumentId: InstrumentId, message: string): Answer {
  return { accepted: true, instrumentId, message };
}

function refused(instrumentId: InstrumentId, message: string): Answer {
  return { accepted: false, instrumentId, message };
}
