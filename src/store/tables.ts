import type { Generated, Selectable } from 'kysely';
import type { DifferenceRow } from './difference-row.ts';
import type { EquityMarkRow } from './equity-mark.ts';
import type { FillRow } from './fill-row.ts';
import type { BlockedTradeRow, FilterWorthRow } from './filter-worth-log.ts';
import type { EvidenceRow, IntentRow, IntentState } from './intent-row.ts';
import type { LedgerMark, MovementRow, PostingRow } from './ledger-row.ts';
import type { SettingsRow } from './settings-row.ts';
import type { DecisionRow, EmaSearchRow, EventRow } from './store.ts';
import type { TradeRow, TradeStepRow } from './trade-row.ts';

/** The tables as queries see them: the port's rows, with 0 and 1 for false and true. */
export interface Tables {
  readonly accountEpoch: AccountEpochTable;
  readonly intent: IntentTable & { readonly rowid: Generated<number> };
  readonly intentEvidence: EvidenceRow & GeneratedId;
  readonly fill: FillTable & { readonly rowid: Generated<number> };
  readonly difference: DifferenceRow & GeneratedId;
  readonly tradingState: TradingStateTable;
  readonly trade: TradeTable & GeneratedId;
  readonly tradeStep: TradeStepRow & { readonly tradeId: string; readonly part: number };
  readonly event: EventRow & GeneratedId;
  readonly decision: DecisionRow & GeneratedId;
  readonly packedDecision: PackedDecisionTable;
  readonly decisionDictionary: DecisionDictionaryTable;
  readonly decisionClose: DecisionCloseColumns & GeneratedId;
  readonly closeVerdicts: CloseVerdictsTable;
  readonly instrumentNumber: InstrumentNumberTable;
  readonly emaSearch: EmaSearchRow;
  readonly blockedTrade: BlockedTradeRow;
  readonly filterWorth: FilterWorthRow;
  readonly settings: SettingsRow & { readonly version: Generated<number> };
  readonly ledgerMovement: MovementRow & OfAccount & GeneratedId;
  readonly ledgerPosting: PostingRow & { readonly movement: number; readonly part: number };
  readonly ledgerBalance: OfAccount & { readonly account: string; readonly amount: string };
  readonly ledgerMark: LedgerMark & OfAccount;
  readonly equityMark: EquityMarkRow;
}

interface OfAccount {
  readonly accountId: string;
}

/** `pnl`: gross less fees; funding is no part of the table. */
export interface TradeTable extends Omit<TradeRow, 'tradedPnl' | 'steps'> {
  readonly pnl: string;
}

interface GeneratedId {
  readonly id: Generated<number>;
}

/** A decision whose record is packed; the id is the one it had before. */
export interface PackedDecisionTable extends Omit<DecisionRow, 'recordJson'> {
  readonly id: number;
  readonly dictionary: number;
  readonly packed: Uint8Array;
}

interface DecisionDictionaryTable {
  readonly number: Generated<number>;
  readonly madeMs: number;
  readonly bytes: Uint8Array;
}

interface DecisionCloseColumns {
  readonly closeTimeMs: number;
  readonly timeframe: string;
  readonly headJson: string;
  /** Packed rows: `close-codec.ts`. */
  readonly instruments: Uint8Array;
}

export type DecisionCloseTable = Selectable<Tables['decisionClose']>;

interface CloseVerdictsTable {
  readonly closeId: number;
  /** `verdict-codec.ts`. */
  readonly packed: Uint8Array;
}

interface InstrumentNumberTable {
  readonly number: number;
  readonly instrumentId: string;
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
