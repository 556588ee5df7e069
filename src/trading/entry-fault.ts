import { decimalText } from '../core/base/decimal.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { Instrument } from '../core/domain/instrument.ts';
import type { MarginMode } from '../core/domain/margin-mode.ts';
import type { ApprovedOrder, EntryRequest } from '../core/domain/order.ts';
import type { Reading } from '../core/domain/reading.ts';
import type { Refusal } from '../core/domain/verdict.ts';
import type { Exchange, StatedPosition, StopOutcome, Ticker } from '../exchange/exchange.ts';
import { StoreError } from '../store/store.ts';
import type { JournalOutcome } from './intent-journal.ts';

/** Why an entry must not be sent: a code of the executor, and the numbers. */
export interface EntryFault {
  readonly code: string;
  readonly detail: string;
  /** What the gate refused it for; left out: it was not the gate. */
  readonly refusal?: Refusal;
}

/** What the exchange stated for an entry right before it. */
export interface EntryReadings {
  /** What it holds on the instrument, asked for by its name; null: not asked for. */
  readonly held: readonly StatedPosition[] | null;
  /** Null: not known. */
  readonly leverage: number | null;
  readonly ticker: Ticker | null;
}

type EntryTerms = Pick<EntryRequest, 'leverage' | 'marginMode' | 'ladderId'> &
  Pick<ApprovedOrder, 'clientOrderId'>;

/**
 * Makes sure that the account stands as the entry was sized for: in its margin mode, which is read and never changed,
 * for it is the whole account's; with its leverage; and with nothing held on the instrument, whatever lists have told.
 * Gives what was read on the way, for the gate; or why not.
 */
export async function readForEntry(
  exchange: Exchange,
  instrument: Instrument,
  { leverage, marginMode, ladderId, clientOrderId }: EntryTerms,
): Promise<Result<EntryReadings, EntryFault>> {
  // A later rung adds to what the first has filled.
  const isAlone = ladderId === null || ladderId === clientOrderId;
  const [modeDetail, stated, held, ticker] = await Promise.all([
    marginModeFault(exchange, marginMode),
    confirmedLeverage(exchange, instrument, leverage),
    isAlone ? exchange.readHeld(instrument, 'entry') : null,
    exchange.readTicker(instrument),
  ]);
  const heldDetail = held === null ? null : heldFault(held);
  if (heldDetail !== null) return err({ code: 'executor.held', detail: heldDetail });
  if (modeDetail !== null) return err({ code: 'executor.margin-mode', detail: modeDetail });
  if (!stated.ok) return err({ code: 'executor.leverage', detail: stated.error });
  return ok({
    held: held?.kind === 'known' ? held.value : null,
    leverage: stated.value,
    ticker: ticker.kind === 'known' ? ticker.value : null,
  });
}

const LEASE_LOST: EntryFault = {
  code: 'executor.lease-lost',
  detail: 'another process has taken the account; entries and partial exits leave from there alone',
};

/** Why an entry whose state could not be made durable is not sent. */
export function unsavedFault(error: unknown): EntryFault {
  if (error instanceof StoreError && error.kind === 'lease-lost') return LEASE_LOST;
  return { code: 'executor.state', detail: `the state is not durable: ${String(error)}` };
}

/** Why an entry is not sent as far as the journal goes; null: it may be. */
export function journalFault(outcome: JournalOutcome): EntryFault | null {
  if (outcome === 'durable') return null;
  if (outcome === 'lease-lost') return LEASE_LOST;
  const why = typeof outcome === 'string' ? outcome : outcome.failed;
  return { code: 'executor.journal', detail: `the order could not be journaled: ${why}` };
}

function heldFault(held: Reading<readonly StatedPosition[]>): string | null {
  if (held.kind === 'unknown') return `what is held there could not be read: ${held.detail}`;
  const [position] = held.value;
  if (position === undefined) return null;
  return `the exchange already holds a ${position.direction} of ${decimalText(position.quantity)} there`;
}

async function marginModeFault(exchange: Exchange, wanted: MarginMode): Promise<string | null> {
  const stated = await exchange.readMarginMode();
  if (stated.kind === 'unknown') return `margin mode could not be read: ${stated.detail}`;
  if (stated.value === wanted) return null;
  return `the exchange states margin mode ${stated.value}, ${wanted} is wanted; change it there or in the settings`;
}

/**
 * Makes sure that the exchange itself states this leverage for the instrument. It is read before every entry, for
 * a person may have changed it there, and read back after it was set. Gives what it stated, or why not.
 */
async function confirmedLeverage(
  exchange: Exchange,
  instrument: Instrument,
  leverage: number,
): Promise<Result<number, string>> {
  const before = await exchange.readLeverage(instrument);
  if (before.kind === 'known' && before.value === leverage) return ok(before.value);
  const set = await exchange.setLeverage(instrument, leverage);
  if (set.kind === 'rejected' || set.kind === 'not-sent')
    return err(`leverage could not be set: ${describeChange(set)}`);
  const after = await exchange.readLeverage(instrument);
  if (after.kind === 'unknown') return err(`leverage could not be read back: ${after.detail}`);
  return after.value === leverage
    ? ok(after.value)
    : err(`the exchange states leverage ${after.value}, ${leverage} is wanted`);
}

/** A change's outcome for a report. */
export function describeChange(outcome: StopOutcome): string {
  if (outcome.kind === 'done') return 'done';
  return outcome.kind === 'rejected' || outcome.kind === 'unsupported'
    ? `${outcome.code} ${outcome.detail}`
    : `${outcome.kind} ${outcome.detail}`;
}
