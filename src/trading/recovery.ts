import { type Instrument, type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import { parseClientOrderId } from '../core/domain/order.ts';
import type { EngineSnapshot } from '../core/engine/snapshot.ts';
import type { IntentRow } from '../store/intent-row.ts';
import type { Store } from '../store/store.ts';
import type { OrderExecutor } from './order-executor.ts';

/** What an earlier process left open. */
export interface Recovery {
  /** Orders of this account whose end is not known for certain, oldest first. */
  readonly open: readonly IntentRow[];
  /** From when on fills may be missing, ms. */
  readonly fillsFromMs: number;
}

/**
 * Reads what an earlier process left open. Fills may be missing since the last complete reading of the account that
 * `snapshot` has seen (without one: since the newest stored fill), or since an older order without an end. A fill
 * that was pushed says nothing about those before it.
 */
export async function readRecovery(
  { store, accountId, nowMs }: { readonly store: Store; readonly accountId: string; readonly nowMs: number },
  snapshot: EngineSnapshot | null,
): Promise<Recovery> {
  const open = (await store.openIntents()).filter((intent) => intent.accountId === accountId);
  const readMs = snapshot?.trading.account?.asOfMs ?? (await store.lastFillMs()) ?? nowMs;
  return { open, fillsFromMs: Math.min(readMs, ...open.map((intent) => intent.createdMs)) };
}

/** Has the orders looked up; reports those on instruments the exchange no longer lists. */
export function resumeOrders(
  open: readonly IntentRow[],
  parts: {
    readonly executor: OrderExecutor;
    readonly instrument: (id: InstrumentId) => Instrument | null;
    readonly report: (message: string) => void;
  },
): void {
  for (const intent of open) {
    const clientOrderId = parseClientOrderId(intent.clientOrderId);
    const instrumentId = parseInstrumentId(intent.instrumentId);
    const instrument = instrumentId === null ? null : parts.instrument(instrumentId);
    const { validUntilMs } = intent;
    if (clientOrderId !== null && instrument !== null)
      parts.executor.resume({ instrument, clientOrderId, validUntilMs });
    else
      parts.report(`The open order ${intent.clientOrderId} on ${intent.instrumentId} cannot be looked up.`);
  }
}
