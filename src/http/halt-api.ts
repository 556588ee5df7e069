import type { Actor } from './caller.ts';

/** The kill switch. */
export interface HaltApi {
  /** Nothing is entered from now on; gives what that means, a sentence. A halt in force stays as it is. */
  halt(actor: Actor, reason: string): Promise<string>;
}
