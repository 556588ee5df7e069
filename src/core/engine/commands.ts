import { assertNever } from '../base/assert.ts';
import type { Code } from '../domain/codes.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Direction } from '../domain/order.ts';
import { heldQuantity } from '../position/holding.ts';
import type { Bot } from './bot.ts';
import { configure } from './configure.ts';
import type { Decision } from './decision.ts';
import type { Command, CommandReceived } from './event.ts';
import { orderExit } from './exits.ts';
import { isOccupied } from './explain.ts';
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
      configure(state, command, out);
      return {
        accepted: true,
        instrumentId: null,
        message: `Settings version ${command.version} is in force.`,
      };
    case 'create-bot':
      return createBot(state, command.instrumentId, command.direction);
    case 'start-bot':
      return pauseBot(state, command.instrumentId, false);
    case 'stop-bot':
      return pauseBot(state, command.instrumentId, true);
    case 'delete-bot':
      return deleteBot(state, command.instrumentId);
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

function createBot(state: EngineState, instrumentId: InstrumentId, direction: Direction | null): Answer {
  if (!state.markets.has(instrumentId)) return refused(instrumentId, `${instrumentId} is not known here.`);
  if (state.bots.has(instrumentId)) return refused(instrumentId, `${instrumentId} has a bot already.`);
  const createdMs = state.timeMs;
  state.bots.set(instrumentId, { instrumentId, origin: 'manual', paused: false, direction, createdMs });
  touchTrading(state);
  return done(instrumentId, `A bot runs on ${instrumentId}.`);
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

function deleteBot(state: EngineState, instrumentId: InstrumentId): Answer {
  if (!state.bots.has(instrumentId)) return refused(instrumentId, `${instrumentId} has no bot.`);
  if (isOccupied(state, instrumentId)) {
    return refused(instrumentId, `The bot on ${instrumentId} holds a position; close it first.`);
  }
  state.bots.delete(instrumentId);
  touchTrading(state);
  return done(instrumentId, `The bot on ${instrumentId} is deleted.`);
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
