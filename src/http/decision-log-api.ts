import type { z } from 'zod';
import type { CoinClose } from '../api/coin.ts';
import type {
  blockersSchema,
  candidatesSchema,
  DecisionChanges,
  DecisionFunnel,
} from '../api/decision-log.ts';
import type { PageRequest, Rows } from './caller.ts';

/** Why it traded and why not, over all coins and closes. Coins as typed; one that is not known has nothing. */
export interface DecisionLogApi {
  /** One coin at every close, newest first, where asked with every verdict. Null: not a cursor this list gave. */
  coinCloses(symbol: string, page: PageRequest, judged: boolean): Promise<Rows<CoinClose> | null>;
  /** With a null symbol, of all coins. */
  blockers(symbol: string | null, days: number): Promise<z.infer<typeof blockersSchema>>;
  changes(): Promise<DecisionChanges>;
  /** With null, of the newest close. */
  funnel(untilMs: number | null): Promise<DecisionFunnel>;
  candidates(limit: number): z.infer<typeof candidatesSchema>;
}
