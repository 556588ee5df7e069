import type { Decimal } from '../base/decimal.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId, Direction } from '../domain/order.ts';
import type { LossStreak } from '../filter/entry-readings.ts';
import type { DayStart } from '../risk/daily-loss.ts';
import { adoptBot, type Bot } from './bot.ts';
import type { Lease } from './client-order-id.ts';
import { InstrumentMarket } from './instrument-market.ts';
import { type EntryNote, openingPosition } from './open-position.ts';
import { rebuildLadder } from './rebuild-ladder.ts';
import type { TradingSettings } from './settings.ts';
import { type EngineSnapshot, SNAPSHOT_VERSION } from './snapshot.ts';
import { writeTrading } from './snapshot-write.ts';
import { type EngineState, emptyState, trackOrder } from './state.ts';

/** An entry that was journaled before it was sent, and whose position may be open. */
export interface RememberedEntry {
  readonly instrument: Instrument;
  readonly clientOrderId: ClientOrderId;
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly placedMs: number;
  readonly entry: EntryNote;
  /** The ladder it was a rung of; null for an entry alone. */
  readonly ladderId: ClientOrderId | null;
  /** Of a position whose end is recorded: what fills of it now comes too late, and opens another. */
  readonly over: boolean;
  /** How much of it that position had, base units. */
  readonly bookedQuantity: Decimal;
}

/** What is known besides orders from what was recorded of them. */
export interface RememberedMemory {
  /** Those a person made. */
  readonly bots: readonly Bot[];
  readonly coolDowns: ReadonlyMap<InstrumentId, number>;
  readonly lossStreaks: ReadonlyMap<InstrumentId, LossStreak>;
  /** Null: no reading of the day was recorded. */
  readonly dayStart: DayStart | null;
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
    readonly memory: RememberedMemory;
  },
): EngineSnapshot {
  const { settings } = known;
  const state = emptyState(settings, known.settingsVersion);
  state.timeMs = known.timeMs;
  state.lease = known.lease;
  for (const fillId of known.fillIds) state.fillIds.add(fillId);
  remember(state, known.memory);
  for (const remembered of entries) {
    const { instrument, clientOrderId, direction, quantity, placedMs, entry, ladderId } = remembered;
    const instrumentId: InstrumentId = instrument.id;
    const order = { clientOrderId, instrumentId, direction, entry };
    state.markets.set(instrumentId, new InstrumentMarket(instrument, settings.timeframe, settings.signal));
    trackOrder(state, {
      ...order,
      purpose: 'entry',
      quantity,
      placedMs,
      limitPrice: ladderId === null ? null : entry.referencePrice,
      ladderId,
      state: 'unknown',
      unknownMs: known.timeMs,
      filledQuantity: remembered.bookedQuantity,
      filledMs: null,
      fillsMissing: false,
      takenBack: null,
    });
    if (remembered.over) continue;
    const opener = { ...order, clientOrderId: ladderId ?? clientOrderId };
    state.positions.set(instrumentId, openingPosition(opener, placedMs));
    adoptBot(state.bots, instrumentId, placedMs);
  }
  rebuildLadders(state, entries);
  return { version: SNAPSHOT_VERSION, trading: writeTrading(state), market: null };
}

function remember(state: EngineState, { bots, coolDowns, lossStreaks, dayStart }: RememberedMemory): void {
  for (const bot of bots) state.bots.set(bot.instrumentId, bot);
  for (const [id, untilMs] of coolDowns) state.coolDowns.set(id, untilMs);
  for (const [id, streak] of lossStreaks) state.lossStreaks.set(id, streak);
  state.dayStart = dayStart;
}

function rebuildLadders(state: EngineState, entries: readonly RememberedEntry[]): void {
  const { marginMode } = state.settings.risk;
  const epoch = state.lease?.epoch ?? 0;
  for (const first of entries) {
    const { ladderId, instrument } = first;
    if (ladderId === null || state.ladders.has(instrument.id)) continue;
    const others = entries.filter((entry) => entry.ladderId === ladderId && entry !== first);
    state.ladders.set(instrument.id, rebuildLadder([first, ...others], { ladderId, epoch, marginMode }));
  }
}
