import type { Instrument } from '../core/domain/instrument.ts';
import type { ClientOrderId, Order } from '../core/domain/order.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { sleep, type Time } from '../platform/time.ts';

/** The exchange's validity window of a signed request, its clock tolerance, and ours. */
const VALIDITY_MS = 5_000 + 1_000 + 1_000;
/** Two negative reads must be this far apart to agree. */
const BETWEEN_READS_MS = 2_000;
/** Pause after a read that failed; doubled up to the maximum. */
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/** What became of an order whose placement got no clear answer. */
export type Resolution =
  | { readonly kind: 'found'; readonly order: Order }
  /** Two agreeing reads of every list after the request could no longer be accepted. */
  | { readonly kind: 'not-placed' };

export interface UnresolvedOrder {
  readonly instrument: Instrument;
  readonly clientOrderId: ClientOrderId;
  /** When its request was signed. */
  readonly sentMs: number;
}

/**
 * Finds out what became of an order with an unknown outcome. It is looked up by its id, never sent again:
 * first after the request's validity has run out, then twice at least two seconds apart before "not
 * placed" is believed. Reads that fail are repeated until `isStopped` says so (then null).
 */
export async function resolveOrder(
  unresolved: UnresolvedOrder,
  context: { exchange: Exchange; time: Time; isStopped: () => boolean },
): Promise<Resolution | null> {
  const { exchange, time, isStopped } = context;
  await sleep(time, Math.max(0, unresolved.sentMs + VALIDITY_MS - time.nowMs()));
  let negativeReads = 0;
  let retryMs = RETRY_FIRST_MS;
  while (!isStopped()) {
    const reading = await exchange.findOrder(unresolved.instrument, unresolved.clientOrderId);
    if (reading.kind === 'known' && reading.value !== null) return { kind: 'found', order: reading.value };
    if (reading.kind === 'known') {
      negativeReads += 1;
      if (negativeReads >= 2) return { kind: 'not-placed' };
      await sleep(time, BETWEEN_READS_MS);
      continue;
    }
    await sleep(time, retryMs);
    retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
  }
  return null;
}
