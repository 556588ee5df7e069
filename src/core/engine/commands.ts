import { assertNever } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import type { Code } from '../domain/codes.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { heldQuantity } from '../position/holding.ts';
import { adoptPosition } from './adopt.ts';
import { type Bot, pausedBot, plainBot, startedBot } from './bot.ts';
import { configure, dropBot, putBot } from './configure.ts';
import type { Decision } from './decision.ts';
import { disownPosition } from './disown.ts';
import { enterByHand } from './enter-by-hand.ts';
import type { Command, CommandReceived } from './event.ts';
import { orderExit } from './exits.ts';
import { isOccupied } from './explain.ts';
import { foreignOn, ignoreForeign } from './foreign.ts';
import { type Ladder, ladderOf } from './ladder.ts';
import type { SettingsFault } from './settings-fault.ts';
import { type EngineState, notify, touchTrading } from './state.ts';
import { unfreeze } from './surprise.ts';
import { endLadder } from './tend-ladder.ts';

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
  const detail = { commandId, accepted, command: command.kind, actor, reason, ...botDetail(command) };
  out.push(notify(accepted ? 'info' : 'warning', code, { instrumentId, message, detail }));
}

/** What a bot can be made again from, where nothing but the record of commands is left. */
function botDetail(command: Command): Record<string, string | null> {
  if (command.kind !== 'create-bot' && command.kind !== 'configure-bot') return {};
  const settings = JSON.stringify(command.settings ?? {});
  return command.kind === 'create-bot' ? { settings, direction: command.direction } : { settings };
}

function carryOut(state: EngineState, event: CommandReceived, out: Decision[]): Answer {
  const { command } = event;
  const by = { actor: event.actor, reason: event.reason };
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
      return startBot(state, command.instrumentId);
    case 'stop-bot':
      return stopBot(state, command.instrumentId);
    case 'delete-bot':
      return deleteBot(state, command.instrumentId, out);
    case 'enter':
      return enter(state, command, out);
    case 'close-position':
      return closeByHand(state, command, out);
    case 'adopt-position':
      return answered(command.instrumentId, adoptPosition(state, { ...event, command }, out));
    case 'ignore-position':
      return answered(command.instrumentId, ignoreForeign(state, command.instrumentId, by));
    case 'unfreeze-instrument':
      return answered(command.instrumentId, unfreeze(state, command.instrumentId, { ...by, out }));
    case 'disown-position':
      return answered(command.instrumentId, disownPosition(state, command.instrumentId, { ...by, out }));
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
  const bot: Bot = { ...plainBot(instrumentId, 'manual', state.timeMs), direction, settings };
  const conflict = conflictText(state, instrumentId);
  const faults = putBot(state, conflict === null ? bot : pausedBot(bot, 'conflict'), out);
  if (faults !== null) return refused(instrumentId, contradiction(faults));
  return done(
    instrumentId,
    conflict === null ? `A bot runs on ${instrumentId}.` : `It is paused: ${conflict}`,
  );
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

/** A bot whose instrument somebody else trades does not run: that has to be settled first. */
function startBot(state: EngineState, instrumentId: InstrumentId): Answer {
  const bot = state.bots.get(instrumentId);
  if (bot === undefined) return refused(instrumentId, `${instrumentId} has no bot.`);
  const conflict = conflictText(state, instrumentId);
  if (conflict !== null) return refused(instrumentId, conflict);
  state.bots.set(instrumentId, startedBot(bot));
  touchTrading(state);
  return done(instrumentId, `The bot on ${instrumentId} is running.${keptText(state, instrumentId)}`);
}

function stopBot(state: EngineState, instrumentId: InstrumentId): Answer {
  const bot = state.bots.get(instrumentId);
  if (bot === undefined) return refused(instrumentId, `${instrumentId} has no bot.`);
  state.bots.set(instrumentId, pausedBot({ ...bot, paused: false }, 'person'));
  touchTrading(state);
  return done(instrumentId, `The bot on ${instrumentId} is paused.${keptText(state, instrumentId)}`);
}

function keptText(state: EngineState, instrumentId: InstrumentId): string {
  return state.positions.has(instrumentId) ? ' Its position stays, with its stop.' : '';
}

/** What keeps a bot from running on an instrument; null when nothing does. */
function conflictText(state: EngineState, instrumentId: InstrumentId): string | null {
  const [row] = foreignOn(state, instrumentId);
  if (row === undefined) return null;
  return `The exchange holds a ${row.direction} on ${instrumentId} that is not ours: adopt it or close it first.`;
}

function deleteBot(state: EngineState, instrumentId: InstrumentId, out: Decision[]): Answer {
  if (!state.bots.has(instrumentId)) return refused(instrumentId, `${instrumentId} has no bot.`);
  if (isOccupied(state, instrumentId) && unfilledLadder(state, instrumentId) === null) {
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
  const ladder = unfilledLadder(state, instrumentId);
  if (ladder !== null && state.entriesAllowed.leaseLost) {
    return refused(
      instrumentId,
      `The orders on ${instrumentId} are those of the process that has the account.`,
    );
  }
  if (ladder !== null) {
    if (ladder.ending === null) endLadder(state, ladder, 'by-hand', out);
    return done(
      instrumentId,
      `The orders of the ladder on ${instrumentId} are taken back; what fills all the same is closed.`,
    );
  }
  if (heldQuantity(position.holding).isZero()) {
    return refused(instrumentId, `The entry on ${instrumentId} is still on its way.`);
  }
  if (position.closing !== null) return refused(instrumentId, `${instrumentId} is being closed already.`);
  orderExit(state, position, { reason: 'manual', finding: null, out });
  return done(instrumentId, `${instrumentId} is being closed.`);
}

/** The ladder of an instrument none of whose rungs has filled: ending it leaves nothing; null without one. */
function unfilledLadder(state: EngineState, instrumentId: InstrumentId): Ladder | null {
  const position = state.positions.get(instrumentId);
  if (position === undefined || !heldQuantity(position.holding).isZero()) return null;
  return ladderOf(state, position);
}

function answered(instrumentId: InstrumentId, result: Result<string, string>): Answer {
  return result.ok ? done(instrumentId, result.value) : refused(instrumentId, result.error);
}

function done(instrumentId: InstrumentId, message: string): Answer {
  return { accepted: true, instrumentId, message };
}

function refused(instrumentId: InstrumentId, message: string): Answer {
  return { accepted: false, instrumentId, message };
}
