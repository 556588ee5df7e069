import { assert, ensure } from '../base/assert.ts';
import { seedOf } from '../base/rng.ts';
import { type ClientOrderId, parseClientOrderId } from '../domain/order.ts';

const PREFIX = 'ib';
/** Of orders that can only protect and ask no lease: a protector's, or a halt's. */
const PROTECTIVE_PREFIX = 'ip';
const BASE = 36;
const TAG_LENGTH = 7;
const EPOCH_LENGTH = 6;
const NUMBER_LENGTH = 6;
const INSTANCE_LENGTH = 6;
const INSTANCE = /^[0-9a-z]{6}$/;
const NAME = /^(ib|ip)([0-9a-z]{7})([0-9a-z]{6})([0-9a-z]{6})([0-9a-z]{6})?$/;
/** 2020-01-01T00:00Z. Epochs are at least the seconds since then; six places hold those of 68 years. */
const EPOCHS_SINCE_MS = 1_577_836_800_000;

/** The fenced lease of an account and the number of the next intent under it. */
export interface Lease {
  readonly accountId: string;
  readonly epoch: number;
  readonly intentNumber: number;
  /**
   * Six lower-case letters and digits that no other process drew: copies of a home that start in one second take the same
   * epoch. Absent: a lease from before there were instances.
   */
  readonly instance?: string | undefined;
}

/** What the name of an order says about who made it. */
export interface OrderName {
  /** `protective`: made without a lease, reduce-only. */
  readonly kind: 'ordinary' | 'protective';
  readonly epoch: number;
  readonly intentNumber: number;
  /** Null in names from before there were instances. */
  readonly instance: string | null;
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
 * order and a new process never reuses a name. 27 lower-case letters and digits, 21 without an instance; every part has
 * a fixed width, so two different leases or numbers never give the same text.
 */
export function clientOrderId(lease: Lease): ClientOrderId {
  return nameUnder(PREFIX, lease);
}

/**
 * The name of a reduce-only order that goes out whoever holds the account. Its numbers are those of who sends it: the
 * epoch when it began, as `epochFloor` counts, and its own instance.
 */
export function protectiveOrderId(source: Lease & { readonly instance: string }): ClientOrderId {
  return nameUnder(PROTECTIVE_PREFIX, source);
}

/** Reads the name of an order of any account of ours; null for every other text. */
export function orderNameOf(text: string): OrderName | null {
  const [, prefix, , epoch, intentNumber, instance] = NAME.exec(text) ?? [];
  if (epoch === undefined || intentNumber === undefined) return null;
  return {
    kind: prefix === PREFIX ? 'ordinary' : 'protective',
    epoch: Number.parseInt(epoch, BASE),
    intentNumber: Number.parseInt(intentNumber, BASE),
    instance: instance ?? null,
  };
}

/** True when an order id, as the exchange states it, was made for this account: by any epoch of ours, or to protect it. */
export function isOwnOrderId(text: string, accountId: string): boolean {
  return orderNameOf(text) !== null && text.startsWith(tagOf(accountId), PREFIX.length);
}

function nameUnder(prefix: string, { accountId, epoch, intentNumber, instance = '' }: Lease): ClientOrderId {
  assert(
    instance === '' || INSTANCE.test(instance),
    `An instance has ${INSTANCE_LENGTH} letters and digits.`,
  );
  const text = `${prefix}${tagOf(accountId)}${padded(epoch, EPOCH_LENGTH)}${padded(intentNumber, NUMBER_LENGTH)}${instance}`;
  return ensure(parseClientOrderId(text), 'A client order id consists of letters and digits.');
}

function tagOf(accountId: string): string {
  return padded(seedOf(accountId), TAG_LENGTH);
}

function padded(value: number, length: number): string {
  assert(Number.isSafeInteger(value) && value >= 0, 'Parts of an order id are whole numbers from zero up.');
  const text = value.toString(BASE).padStart(length, '0');
  assert(text.length === length, `The number ${value} does not fit into ${length} places of an order id.`);
  return text;
}
