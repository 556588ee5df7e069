import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Command } from '../core/engine/event.ts';
import type { ApiCommand } from '../http/bots-api.ts';

/** True for a command about a bot that must be there. */
export function takesBot({ kind }: ApiCommand): boolean {
  return kind === 'start-bot' || kind === 'stop-bot' || kind === 'delete-bot';
}

/** The command of the engine behind one of the API that takes nothing more than it says. */
export function commandFor(
  command: Exclude<ApiCommand, { kind: 'enable-auto-bot' | 'disable-auto-bot' | 'adopt-position' }>,
  instrumentId: InstrumentId,
): Command {
  if (command.kind === 'create-bot') {
    const { direction, settings } = command;
    return { kind: 'create-bot', instrumentId, direction, settings };
  }
  if (command.kind === 'enter') {
    const { direction, force } = command;
    return { kind: 'enter', instrumentId, direction, force };
  }
  return { kind: command.kind, instrumentId };
}
