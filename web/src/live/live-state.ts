import type { AutoBotState } from '../../../src/api/auto-bot.ts';
import type { CoinList, DecisionView } from '../../../src/api/coin.ts';
import type { EventView, PositionList, TradeView } from '../../../src/api/position.ts';
import type { Status } from '../../../src/api/status.ts';
import type { ApiError } from '../client.ts';
import { type Cell, createCell } from './cell.ts';
import { CoinRows } from './coin-rows.ts';
import { Journal } from './journal.ts';

/** What the page loads on each connection. */
export type Part = 'status' | 'coins' | 'positions' | 'auto-bot' | 'decisions' | 'trades' | 'events';

/** How the figures on screen are doing. */
export interface Pulse {
  readonly link: 'connecting' | 'up' | 'down';
  /** Whole seconds; null before the first figure. */
  readonly ageSeconds: number | null;
  readonly isStale: boolean;
}

/** Everything the page knows of the running bot. Null: not heard yet, which is never the same as none. */
export interface LiveState {
  readonly rows: CoinRows;
  /** Moves with every change of the rows: lists re-sort by it, at their own pace. */
  readonly rowsVersion: Cell<number>;
  /** Coins in the scan; moves only when one comes or goes. */
  readonly coinCount: Cell<number>;
  readonly progress: Cell<CoinList['progress'] | null>;
  readonly status: Cell<Status | null>;
  readonly positions: Cell<PositionList | null>;
  readonly autoBot: Cell<AutoBotState | null>;
  readonly decisions: Journal<DecisionView>;
  readonly trades: Journal<TradeView>;
  readonly events: Journal<EventView>;
  readonly pulse: Cell<Pulse>;
  /** Why a part could not be read, until it is. */
  readonly faults: Cell<ReadonlyMap<Part, ApiError>>;
  /** A live message this page could not read; null while all were sound. */
  readonly streamFault: Cell<string | null>;
  /** The server's clock as of now, ms UTC: ages are told by the clock that stamped them. */
  readonly serverTimeMs: Cell<number>;
}

/** A page that has heard nothing yet. */
export function createLiveState(): LiveState {
  return {
    rows: new CoinRows(),
    rowsVersion: createCell(0),
    coinCount: createCell(0),
    progress: createCell<CoinList['progress'] | null>(null),
    status: createCell<Status | null>(null),
    positions: createCell<PositionList | null>(null),
    autoBot: createCell<AutoBotState | null>(null),
    decisions: new Journal<DecisionView>({
      keyOf: (decision) => `${decision.symbol} ${decision.timeMs} ${decision.outcome}`,
      timeMsOf: (decision) => decision.timeMs,
    }),
    trades: new Journal<TradeView>({ keyOf: (trade) => trade.id, timeMsOf: (trade) => trade.closedMs }),
    events: new Journal<EventView>({ keyOf: (event) => String(event.id), timeMsOf: (event) => event.timeMs }),
    pulse: createCell<Pulse>({ link: 'connecting', ageSeconds: null, isStale: false }),
    faults: createCell<ReadonlyMap<Part, ApiError>>(new Map()),
    streamFault: createCell<string | null>(null),
    serverTimeMs: createCell(0),
  };
}
