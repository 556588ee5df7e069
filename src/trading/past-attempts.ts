import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import { parseTimeframe, type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { EngineSnapshot } from '../core/engine/snapshot.ts';
import type { IntentRow } from '../store/intent-row.ts';
import type { Page, Store } from '../store/store.ts';

const PAGE_ROWS = 200;
/** As much of the journal as a start may take the time to read. */
const PAGES_MAX = 10;
/** A candle that has closed by the exchange's clock may still be open by ours for so long. */
const CLOCK_MS_MAX = 5_000;

/** Whose entries are looked for, and among how old ones. */
interface AttemptTerms {
  readonly accountId: string;
  readonly nowMs: number;
  readonly timeframe: Timeframe;
}

/**
 * The newest candle of each instrument that an entry was journaled on, by open time, as far as one of them may still be
 * the newest closed one. At the latest it is the one that had just closed: an entry on the candle before, which was still
 * waited for, costs its instrument one candle more. Empty where the journal has no entry so new.
 */
export async function pastAttempts(
  store: Store,
  { accountId, nowMs, timeframe }: AttemptTerms,
): Promise<ReadonlyMap<InstrumentId, number>> {
  const sinceMs = nowMs - 2 * timeframeMs(timeframe) - CLOCK_MS_MAX;
  const attempts = new Map<InstrumentId, number>();
  for (const row of await newestIntents(store, sinceMs)) {
    const isOurs = row.accountId === accountId && isAttempt(row) && row.createdMs <= nowMs;
    const id = isOurs ? parseInstrumentId(row.instrumentId) : null;
    if (id !== null) attempts.set(id, Math.max(candleOf(row, timeframe), attempts.get(id) ?? 0));
  }
  return attempts;
}

async function newestIntents(store: Store, sinceMs: number): Promise<readonly IntentRow[]> {
  const rows: IntentRow[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < PAGES_MAX; count += 1) {
    const page: Page<IntentRow> = await store.intents.list({ limit: PAGE_ROWS, cursor });
    const recent = page.rows.filter(({ createdMs }) => createdMs >= sinceMs);
    rows.push(...recent);
    cursor = page.nextCursor;
    if (cursor === null || recent.length === 0) break;
  }
  return rows;
}

/** The snapshot with what the journal knows besides: it may be newer than the state, which may be lost. */
export function withAttempts(
  snapshot: EngineSnapshot,
  attempts: ReadonlyMap<InstrumentId, number>,
): EngineSnapshot {
  const known = new Map(snapshot.trading.attempts);
  for (const [id, openTimeMs] of attempts) known.set(id, Math.max(openTimeMs, known.get(id) ?? 0));
  return { ...snapshot, trading: { ...snapshot.trading, attempts: [...known] } };
}

/** Further rungs of a ladder belong to the candle of the first. */
function isAttempt({ reduceOnly, ladderId, clientOrderId }: IntentRow): boolean {
  return !reduceOnly && (ladderId === null || ladderId === clientOrderId);
}

function candleOf(row: IntentRow, otherwise: Timeframe): number {
  const lengthMs = timeframeMs((row.timeframe === null ? null : parseTimeframe(row.timeframe)) ?? otherwise);
  return Math.floor((row.createdMs + CLOCK_MS_MAX) / lengthMs) * lengthMs - lengthMs;
}
