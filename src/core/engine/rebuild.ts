import type { Decimal } from '../base/decimal.ts';
import { ZERO } from '../base/decimal.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId, Direction } from '../domain/order.ts';
import { adoptBot } from './bot.ts';
import type { Lease } from './client-order-id.ts';
import { InstrumentMarket } from './instrument-market.ts';
import { type EntryNote, openingPosition } from './open-position.ts';
import type { TradingSettings } from './settings.ts';
import { type EngineSnapshot, SNAPSHOT_VERSION } from './snapshot.ts';
import { writeTrading } from './snapshot-write.ts';
import { emptyState, trackOrder } from './state.ts';

/** An entry that was journaled before it was sent, and whose position may be open. */
export interface RememberedEntry {
  readonly instrument: Instrument;
  readonly clientOrderId: ClientOrderId;
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly placedMs: number;
  readonly entry: EntryNote;
}

/**
 * The trading state as it was when these entries had just been sent and nothing was known of them: the way every
 * entry goes then makes their positions ours again, by their fills and the next reading of the account. For a start
 * that finds the journal but no state.
 */
export function rebuildTrading(
  entries: readonly RememberedEntry[],
  known: {
    readonly settings: TradingSettings;
    readonly settingsVersion: number;
    readonly lease: Lease;
    /** Fills booked before, of what is not rebuilt. */
    readonly fillIds: readonly string[];
    readonly timeMs: number;
  },
): EngineSnapshot {
  const { settings } = known;
  const state = emptyState(settings, known.settingsVersion);
  state.timeMs = known.timeMs;
  state.lease = known.lease;
  for (const fillId of known.fillIds) state.fillIds.add(fillId);
  for (const { instrument, clientOrderId, direction, quantity, placedMs, entry } of entries) {
    const instrumentId: InstrumentId = instrument.id;
    const order = { clientOrderId, instrumentId, direction, entry };
    state.markets.set(instrumentId, new InstrumentMarket(instrument, settings.timeframe, settings.signal));
    trackOrder(state, {
      ...order,
      purpose: 'entry',
      quantity,
      placedMs,
      state: 'unknown',
      filledQuantity: ZERO,
      filledMs: null,
      fillsMissing: false,
    });
    state.positions.set(instrumentId, openingPosition(order, placedMs));
    adoptBot(state.bots, instrumentId, placedMs);
  }
  return { version: SNAPSHOT_VERSION, trading: writeTrading(state), market: null };
}
