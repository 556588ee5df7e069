import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Direction } from '../core/domain/order.ts';
import type { TradingSettings } from '../core/engine/settings.ts';
import type { InstrumentPatches } from '../core/engine/settings-document.ts';
import type { BacktestOptions } from './options.ts';
import type { PastMarket } from './past-market.ts';
import type { WalkObserver } from './past-walk.ts';

/** An entry by command, whatever the filters say. */
export interface HandEntry {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  /** Close of the candle it is decided on, ms UTC. */
  readonly timeMs: number;
}

/** A walk that is asked for. */
export interface BacktestRequest {
  readonly market: PastMarket;
  /** Its timeframe is the market's. */
  readonly settings: TradingSettings;
  /** What single instruments do otherwise. */
  readonly instruments: InstrumentPatches;
  readonly options: BacktestOptions;
  /** First candle to decide on opens here or later; earlier ones are history. Null: the first there is. */
  readonly fromMs: number | null;
  /** The last candle closes here or earlier. Null: the last there is. */
  readonly toMs: number | null;
  readonly engineVersion: string;
  /** The only entry there is, instead of Auto Bot's: the walk ends with the position it opened. */
  readonly entry?: HandEntry;
  /** False shows the engine every candle, whether anything can be decided on it or not; the outcome is the same. */
  readonly screening?: boolean;
  /** False leaves out counts of looks at signals for which no slot was free, where the walk is screened. */
  readonly looks?: boolean;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly observe?: WalkObserver;
}

/** What is walked, ms UTC. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
