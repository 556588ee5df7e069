import { ensure } from '../core/base/assert.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { StepObserver } from '../trading/trading-loop.ts';

/** What the engine said to a command. A refused command has changed nothing. */
export interface CommandAnswer {
  readonly accepted: boolean;
  readonly message: string;
}

/** Picks the answers to commands out of the engine's decisions: one notice each, named by the command's id. */
export class CommandAnswers implements StepObserver {
  private readonly answers = new Map<string, CommandAnswer | null>();

  expect(commandId: string): void {
    this.answers.set(commandId, null);
  }

  onStep(_sequence: number, event: EngineEvent, decisions: readonly Decision[]): void {
    if (event.kind !== 'command' || !this.answers.has(event.commandId)) return;
    for (const decision of decisions) {
      if (decision.kind !== 'notify' || decision.detail['commandId'] !== event.commandId) continue;
      const accepted = decision.detail['accepted'] === true;
      this.answers.set(event.commandId, { accepted, message: decision.message });
    }
  }

  /** The answer, once. Stops when there is none: a command is never raised from inside a step. */
  take(commandId: string): CommandAnswer {
    const answer = this.answers.get(commandId);
    this.answers.delete(commandId);
    return ensure(answer, 'The engine answers every command in its own step.');
  }
}
