import type { z } from 'zod';
import type { doneSchema } from '../api/wire-values.ts';
import type { ApiCommand, BotsApi, CommandResult } from './bots-api.ts';
import type { Actor } from './caller.ts';
import { commandRefusal } from './problem.ts';

/** Passes a command to the service; its refusal becomes a problem with the service's own code. */
export async function runCommand(
  api: BotsApi,
  command: ApiCommand,
  actor: Actor,
  reason: string,
): Promise<z.infer<typeof doneSchema>> {
  return doneOf(await api.command(command, actor, reason));
}

/** The answer to a command that was carried out; a refused one throws its problem. */
function doneOf(result: CommandResult): z.infer<typeof doneSchema> {
  if (!result.ok) throw commandRefusal(result);
  return { done: true, message: result.message };
}
