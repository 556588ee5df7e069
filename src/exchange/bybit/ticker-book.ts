import type { Instrument } from '../../core/domain/instrument.ts';
import type { Counters } from '../counters.ts';
import type { Ticker } from '../exchange.ts';
import { tickerFrom } from './mapper.ts';
import type { Push } from './push.ts';
import { TICKER_FIELDS } from './schema.ts';

/**
 * Whole tickers from pushes: a snapshot replaces what was known, a delta changes the fields it carries. What
 * cannot be read changes nothing and is counted.
 */
export class TickerBook {
  private readonly counters: Counters;
  private readonly fields = new Map<string, Readonly<Record<string, unknown>>>();

  constructor(counters: Counters) {
    this.counters = counters;
  }

  /** The ticker after this push; null when nothing we read has changed or it cannot be told. */
  apply({ topic, type, data }: Push, instrument: Instrument): Ticker | null {
    const before = type === 'snapshot' ? {} : this.fields.get(topic);
    if (before === undefined || typeof data !== 'object' || data === null) return this.unreadable();
    const changed = Object.entries(data).filter(([name]) => TICKER_FIELDS.includes(name));
    if (type !== 'snapshot' && changed.every(([name, value]) => before[name] === value)) return null;
    const after = { ...before, ...Object.fromEntries(changed) };
    const ticker = after['symbol'] === instrument.exchangeSymbol ? tickerFrom(after, instrument.id) : null;
    if (ticker?.ok !== true) return this.unreadable();
    this.fields.set(topic, after);
    return ticker.value;
  }

  /** After a reconnect deltas mean nothing until the next snapshot. */
  clear(): void {
    this.fields.clear();
  }

  private unreadable(): null {
    this.counters.add('push-unreadable tickers');
    return null;
  }
}
