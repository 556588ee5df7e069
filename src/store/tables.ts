import type { Generated } from 'kysely';
import type {
  DecisionRow,
  EventRow,
  FillRow,
  IntentRow,
  IntentState,
  SettingsRow,
  TradeRow,
} from './store.ts';

/** The tables as queries see them: the port's rows, with 0 and 1 for false and true. */
export interface Tables {
  readonly accountEpoch: AccountEpochTable;
  readonly intent: IntentTable;
  readonly fill: FillTable;
  readonly tradingState: TradingStateTable;
  readonly trade: TradeRow & GeneratedId;
  readonly event: EventRow & GeneratedId;
  readonly decision: DecisionRow & GeneratedId;
  readonly settings: SettingsRow & { readonly version: Generated<number> };
}

interface GeneratedId {
  readonly id: Generated<number>;
}

interface AccountEpochTable {
  readonly accountId: string;
  readonly epoch: number;
  readonly takenMs: number;
}

export interface IntentTable extends Omit<IntentRow, 'reduceOnly'> {
  readonly reduceOnly: number;
  readonly state: IntentState;
}

interface FillTable extends Omit<FillRow, 'maker'> {
  readonly maker: number;
}

interface TradingStateTable {
  readonly accountId: string;
  readonly stateJson: string;
  readonly savedMs: number;
}
