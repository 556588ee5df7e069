import type { CandleSeries } from '../domain/candle-series.ts';
import type { Direction } from '../domain/order.ts';
import type { Signal } from '../domain/verdict.ts';
import type { Rsi } from '../indicator/rsi.ts';
import type { RsiHistory } from '../indicator/rsi-history.ts';
import type { SignalReadings } from '../signal/readings.ts';
import type { SignalSettings } from '../signal/settings.ts';
import type { VolatilityState } from '../signal/volatility.ts';
import type { ExitScamAggressiveness, LearnedExitScam } from './learn-exit-scam.ts';

/** A signal and what was read around it. */
export interface AroundSignal {
  readonly signal: Signal;
  /** What made the signal. */
  readonly signalSettings: SignalSettings;
  /** Null without an entry signal, with both filters that read them off, or with too few candles. */
  readonly signalReadings: SignalReadings | null;
}

/**
 * What the filters read beside the facts: views of live state, read at once and never kept. Nothing is computed
 * before a filter asks.
 */
export interface EntryReadings {
  readonly market: EntryMarket;
  /** Whether this market tells bid and ask at all; candles of the past do not. */
  readonly quotesGiven: boolean;
  /** Whether it tells funding rates. */
  readonly fundingGiven: boolean;
  /** Null when the instrument's last closed position won, or it has none. */
  readonly lossStreak: LossStreak | null;
  /** Markets of the open positions of ours, entries on their way included. */
  readonly heldMarkets: () => readonly HeldMarket[];
}

/** One instrument's market. */
export interface EntryMarket {
  /** The series the signal is read from. */
  readonly scan: EntrySeries;
  /** The newest price; null before the first. */
  readonly price: number | null;
  /** When the newest quote arrived, ms UTC; 0 before the first. */
  readonly priceMs: number;
  /** Quote currency, as the exchange states it; null before the first quote. */
  readonly turnover24h: number | null;
  readonly bidPrice: number | null;
  readonly askPrice: number | null;
  /** Paid by a long to a short per funding interval, as a rate; null while not known. */
  readonly fundingRate: number | null;
}

/** Closed candles of one timeframe and what streams from them. */
export interface EntrySeries {
  readonly candles: CandleSeries;
  readonly rsi: Pick<Rsi, 'peek'>;
  readonly rsiHistory: RsiHistory;
  readonly volatility: Pick<VolatilityState, 'value'>;
  /** When a candle was refused, ms UTC, ascending; the newest few. */
  readonly faultsMs: readonly number[];
  /** Thresholds learned from its own past; null with too little of it. Costly the first time after a candle. */
  learnedExitScam(aggressiveness: ExitScamAggressiveness): LearnedExitScam | null;
}

/** The closed candles of an open position's instrument, and which way the position goes. */
export interface HeldMarket {
  readonly direction: Direction;
  readonly candles: CandleSeries;
}

/** Closed positions of one instrument that lost, one after the other, up to its newest. */
export interface LossStreak {
  readonly count: number;
  /** End of the newest, ms UTC. */
  readonly closedMs: number;
}
