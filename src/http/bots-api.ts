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
import type { Status, workerSchema } from '../api/status.ts';
import type { StreamTopic } from '../api/stream.ts';
import type { Direction } from '../core/domain/order.ts';
import type { TradingSettings } from '../core/engine/settings.ts';

/** Who asks, as authentication found out. */
export interface Actor {
  readonly name: string;
  readonly role: 'viewer' | 'trader' | 'admin';
}

/** What a person may ask for that changes something. `symbol` as typed: `btc`, `BTC`, `BTCUSDT`. */
export type ApiCommand =
  | { readonly kind: 'enable-auto-bot' }
  | { readonly kind: 'disable-auto-bot' }
  | { readonly kind: 'create-bot'; readonly symbol: string; readonly direction: Direction | null }
  | { readonly kind: 'start-bot'; readonly symbol: string }
  | { readonly kind: 'stop-bot'; readonly symbol: string }
  | { readonly kind: 'delete-bot'; readonly symbol: string }
  | { readonly kind: 'close-position'; readonly symbol: string };

/** `code` is stable; `not-found` codes become 404, `conflict` 409, the rest 422. */
export type CommandResult =
  | { readonly ok: true; readonly message: string }
  | {
      readonly ok: false;
      readonly kind: 'not-found' | 'conflict' | 'refused';
      readonly code: string;
      readonly detail: string;
    };

/** `cursor` is what the page before gave as `nextCursor`; null for the first page. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** Which recorded decisions; null for all coins, for all outcomes. */
export interface DecisionRequest extends PageRequest {
  readonly symbol: string | null;
  readonly outcome: DecisionView['outcome'] | null;
}

/** A page; `nextCursor` is null on the last one. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
}

/** One live message: `json` is serialised once for all clients. */
export interface StreamMessage {
  readonly topic: StreamTopic;
  readonly json: string;
}

/** What the bots service offers to its HTTP server. Null: no such coin; of a list, no such cursor. */
export interface BotsApi {
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
  replaceConfig(config: TradingSettings, actor: Actor, reason: string): Promise<CommandResult>;
  command(command: ApiCommand, actor: Actor, reason: string): Promise<CommandResult>;
  workers(): readonly z.infer<typeof workerSchema>[];
  /**
   * Calls `listener` with the current state of each topic that has one before it returns, then with every
   * change. The result ends it.
   */
  subscribe(topics: readonly StreamTopic[], listener: (message: StreamMessage) => void): () => void;
}
