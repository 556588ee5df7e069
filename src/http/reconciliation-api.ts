import type {
  DifferenceView,
  FillView,
  ReconciliationView,
  RestingOrderView,
} from '../api/reconciliation.ts';
import type { PageRequest, Rows } from './caller.ts';

/** Which differences that have ended; null for all kinds, for all coins. */
export interface DifferenceRequest extends PageRequest {
  readonly kind: DifferenceView['kind'] | null;
  readonly symbol: string | null;
}

/** Which resting orders; null for all coins, whoever placed them. */
export interface RestingOrderRequest extends PageRequest {
  readonly symbol: string | null;
  readonly ours: boolean | null;
}

/** Which executions; null for all coins, of all orders. */
export interface FillRequest extends PageRequest {
  readonly symbol: string | null;
  readonly intentId: string | null;
}

/** What the exchange's account holds, and whether it is what we hold. Null: not a cursor the list gave. */
export interface ReconciliationApi {
  /** How far both agree, and what is open. */
  standing(): Promise<Omit<ReconciliationView, 'rows' | 'nextCursor'>>;
  /** Differences that have ended, newest first. */
  ended(page: DifferenceRequest): Promise<Rows<DifferenceView> | null>;
  /** What rests at the exchange by its newest list. */
  orders(page: RestingOrderRequest): Promise<(Rows<RestingOrderView> & { asOfMs: number | null }) | null>;
  /** Every execution that was told, newest first. */
  fills(page: FillRequest): Promise<Rows<FillView> | null>;
}
