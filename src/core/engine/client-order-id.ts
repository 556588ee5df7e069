import { assert, ensure } from '../base/assert.ts';
import { seedOf } from '../base/rng.ts';
import { type ClientOrderId, parseClientOrderId } from '../domain/order.ts';

const PREFIX = 'ib';
const BASE = 36;
const TAG_LENGTH = 7;
const EPOCH_LENGTH = 6;
const NUMBER_LENGTH = 6;
/** 2020-01-01T00:00Z. Epochs are at least the seconds since then; six places hold those of 68 years. */
const EPOCHS_SINCE_MS = 1_577_836_800_000;

/** The fenced lease of an account and the number of the next intent under it. */
export interface Lease {
  readonly accountId: string;
  readonly epoch: number;
  readonly intentNumber: number;
}

/**
 * The smallest epoch of a lease taken at `nowMs`. No account changes hands twice in a second, so a database restored
 * from an old backup never counts up to an epoch that was in use after the backup was made.
 */
export function epochFloor(nowMs: number): number {
  return Math.max(1, Math.floor((nowMs - EPOCHS_SINCE_MS) / 1_000));
}

/**
 * The name of an order: a function of account, lease epoch and intent number, so that a replay names the same
 * order and a new process never reuses a name. 21 lower-case letters and digits; every part has a fixed
 * width, so two different leases or numbers never give the same text.
 */
export function clientOrderId({ accountId, epoch, intentNumber }: Lease): ClientOrderId {
  const text = accountPrefix(accountId) + padded(epoch, EPOCH_LENGTH) + padded(intentNumber, NUMBER_LENGTH);
  return ensure(parseClientOrderId(text), 'A client order id consists of letters and digits.');
}

/** True when an order id, as the exchange states it, was made for this account by any epoch of ours. */
export function isOwnOrderId(text: string, accountId: string): boolean {
  const length = PREFIX.length + TAG_LENGTH + EPOCH_LENGTH + NUMBER_LENGTH;
  return text.length === length && text.startsWith(accountPrefix(accountId));
}

/** The lease an order id was made under; null where it is none of this account's. */
export function epochOfOrderId(text: string, accountId: string): number | null {
  if (!isOwnOrderId(text, accountId)) return null;
  const start = PREFIX.length + TAG_LENGTH;
  const epoch = Number.parseInt(text.slice(start, start + EPOCH_LENGTH), BASE);
  return Number.isNaN(epoch) ? null : epoch;
}

function accountPrefix(accountId: string): string {
  return PREFIX + padded(seedOf(accountId), TAG_LENGTH);
}

function padded(value: number, length: number): string {
  assert(Number.isSafeInteger(value) && value >= 0, 'Parts of an order id are whole numbers from zero up.');
  const text = value.toString(BASE).padStart(length, '0');
  assert(text.length === length, `The number ${value} does not fit into ${length} places of an order id.`);
  return text;
}
