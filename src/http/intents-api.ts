import type { IntentFileView, IntentView } from '../api/intent.ts';
import type { PageRequest, Rows } from './caller.ts';

/** Which intents; null for all states, for all coins. */
export interface IntentRequest extends PageRequest {
  readonly state: IntentView['state'] | null;
  readonly symbol: string | null;
}

/** Orders as they were journaled, and how their outcomes were found out. */
export interface IntentsApi {
  /** Newest first. Null: not a cursor this list gave. A coin that is not known has none. */
  list(page: IntentRequest): Promise<Rows<IntentView> | null>;
  /** Null: there is no such intent. */
  find(id: string): Promise<IntentFileView | null>;
}
