import type { z } from 'zod';
import type { AutoBotState, autoBotConfigViewSchema, botSchema } from '../api/auto-bot.ts';
import type {
  CoinList,
  CoinRow,
  coinCandlesSchema,
  coinDecisionSchema,
  coinRsiSchema,
  DecisionView,
} from '../api/coin.ts';
import type { EventView, PositionList, TradeView } from '../api/position.ts';
import type { Status, Worker, WorkerRun } from '../api/status.ts';
import type { StreamTopic } from '../api/stream.ts';
import type { Direction } from '../core/domain/order.ts';
import type { InstrumentPatch } from '../core/engine/settings.ts';
import type { Actor, PageRequest, Rows } from './caller.ts';
import type { DecisionLogApi } from './decision-log-api.ts';
import type { FilterWorthApi } from './filter-worth-api.ts';
import type { HaltApi } from './halt-api.ts';
import type { IntentsApi } from './intents-api.ts';
import type { LedgerApi } from './ledger-api.ts';
import type { OptimalEmaApi } from './optimal-ema-api.ts';
import type { ReconciliationApi } from './reconciliation-api.ts';
import type { RiskApi } from './risk-api.ts';
import type { SettingsApi } from './settings-api.ts';

/** What a person may ask for that changes something. `symbol` as typed: `btc`, `BTC`, `BTCUSDT`. */
export type ApiCommand =
  | { readonly kind: 'enable-auto-bot' }
  | { readonly kind: 'disable-auto-bot' }
  | {
      readonly kind: 'create-bot';
      readonly symbol: string;
      readonly direction: Direction | null;
      /** What the bot does otherwise than its coin. */
      readonly settings: InstrumentPatch;
    }
  | { readonly kind: 'start-bot'; readonly symbol: string }
  | { readonly kind: 'stop-bot'; readonly symbol: string }
  | { readonly kind: 'delete-bot'; readonly symbol: string }
  | {
      readonly kind: 'enter';
      readonly symbol: string;
      readonly direction: Direction;
      /** Whatever the filters say. */
      readonly force: boolean;
    }
  | { readonly kind: 'close-position'; readonly symbol: string }
  /** A foreign position becomes ours. */
  | { readonly kind: 'adopt-position'; readonly symbol: string }
  /** A foreign position is told no more until it changes. */
  | { readonly kind: 'ignore-position'; readonly symbol: string }
  /** Entries go on where an order came as a surprise. */
  | { readonly kind: 'unfreeze-instrument'; readonly symbol: string }
  /** A position of ours becomes foreign. */
  | { readonly kind: 'disown-position'; readonly symbol: string };

/** `code` is stable; `not-found` codes become 404, `conflict` 409, the rest 422. */
export type CommandResult =
  | { readonly ok: true; readonly message: string }
  | {
      readonly ok: false;
      readonly kind: 'not-found' | 'conflict' | 'refused';
      readonly code: string;
      readonly detail: string;
    };

/** Which recorded decisions; null for all coins, for all outcomes. */
export interface DecisionRequest extends PageRequest {
  readonly symbol: string | null;
  readonly outcome: DecisionView['outcome'] | null;
}

/** One live message: `json` is serialised once for all clients. */
export interface StreamMessage {
  readonly topic: StreamTopic;
  readonly json: string;
}

/** What the bots service offers to its HTTP server. Null: no such coin; of a list, no such cursor. */
export interface BotsApi {
  /** The settings and their history. */
  readonly settings: SettingsApi;
  /** Why it traded and why not, close by close. */
  readonly decisionLog: DecisionLogApi;
  /** What the entry filters saved or lost. */
  readonly filterWorth: FilterWorthApi;
  /** The kill switch. */
  readonly halt: HaltApi;
  /** Orders as they were journaled, and how their outcomes were found out. */
  readonly intents: IntentsApi;
  /** The account's money by double entry. */
  readonly ledger: LedgerApi;
  /** Pairs of averages that were searched for. */
  readonly optimalEma: OptimalEmaApi;
  /** What the exchange's account holds, and whether it is what we hold. */
  readonly reconciliation: ReconciliationApi;
  /** Limits and protection. */
  readonly risk: RiskApi;
  status(): Status;
  ready(): { readonly ready: boolean; readonly reason: string };
  /** Cheap: lets HTTP answer 304 or a cached buffer without building the list. */
  coinsVersion(): number;
  coins(): CoinList;
  coin(symbol: string): CoinRow | null;
  candles(symbol: string, limit: number): z.infer<typeof coinCandlesSchema> | null;
  rsi(symbol: string, limit: number): z.infer<typeof coinRsiSchema> | null;
  decision(symbol: string, historyLimit: number): Promise<z.infer<typeof coinDecisionSchema> | null>;
  bots(): readonly z.infer<typeof botSchema>[];
  positions(): PositionList;
  trades(page: PageRequest): Promise<Rows<TradeView> | null>;
  events(page: PageRequest): Promise<Rows<EventView> | null>;
  /** Recorded decisions, newest first. A coin that is not known has none. */
  decisions(page: DecisionRequest): Promise<Rows<DecisionView> | null>;
  autoBot(): AutoBotState;
  config(): z.infer<typeof autoBotConfigViewSchema>;
  command(command: ApiCommand, actor: Actor, reason: string): Promise<CommandResult>;
  workers(): readonly Worker[];
  /** Runs a periodic job now, unless it runs already, and records who asked. Null: no such job. */
  runWorker(name: string, actor: Actor, reason: string): Promise<WorkerRun | null>;
  /**
   * Calls `listener` with the current state of each topic that has one before it returns, then with every
   * change. The result ends it.
   */
  subscribe(topics: readonly StreamTopic[], listener: (message: StreamMessage) => void): () => void;
}
