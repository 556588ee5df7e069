import { type Decimal, ZERO } from '../core/base/decimal.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import type { Instrument } from '../core/domain/instrument.ts';
import { entrySide, type Fill } from '../core/domain/order.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';

/** How far back the beginning of a position is looked for: one query's worth. */
const FILLS_BACK_MS = 7 * 86_400_000 - 60_000;
/** A statement this close behind a fill may not have it in yet. */
const SETTLE_MS = 2_000;

/** What a foreign position is adopted on. */
export interface AdoptionGround {
  /** Exchange time of the reading. */
  readonly readMs: number;
  /** Null: it states no position on the instrument. */
  readonly quantity: Decimal | null;
  /** Null: its fills do not reach back to its beginning. */
  readonly openedMs: number | null;
  /** Fees paid for what is still held; zero where the beginning is not known. */
  readonly fees: Decimal;
}

interface AdoptionParts {
  readonly exchange: Exchange;
  readonly time: Time;
  /** Reads the account anew; null when any part of it is unknown. */
  readonly read: () => Promise<{
    readonly asOfMs: number;
    readonly positions: readonly ExchangePosition[];
  } | null>;
}

/**
 * Reads everything an adoption is decided on, afresh. The error says what is not known, for a person: then nothing
 * is adopted. Hedge mode is refused: entries of ours are not made in it, and another side may stand beside this one.
 */
export async function readAdoption(
  { exchange, time, read }: AdoptionParts,
  instrument: Instrument,
): Promise<Result<AdoptionGround, string>> {
  const mode = await exchange.readLeverage(instrument);
  if (mode.kind === 'unknown')
    return err(`Whether ${instrument.id} is in one-way mode is not known: ${mode.detail}`);
  const reading = await read();
  if (reading === null) return err('The account cannot be read now; nothing was adopted. Try again.');
  const { asOfMs } = reading;
  const untilMs = Math.max(time.nowMs(), asOfMs);
  const fills = await exchange.readFills(untilMs - FILLS_BACK_MS, untilMs);
  if (fills.kind === 'unknown') return err(`The fills cannot be read now: ${fills.detail}`);
  const own = fills.value.filter((fill) => fill.instrumentId === instrument.id);
  if (own.some(({ timeMs }) => timeMs > asOfMs - SETTLE_MS))
    return err(`${instrument.id} is being traded right now; try again in a few seconds.`);
  const row = reading.positions.find(({ instrumentId }) => instrumentId === instrument.id);
  const opening = row === undefined ? null : openingOf(own, row);
  return ok({
    readMs: asOfMs,
    quantity: row?.quantity ?? null,
    openedMs: opening?.openedMs ?? null,
    fees: opening?.fees ?? ZERO,
  });
}

/**
 * Walks the fills of one instrument, oldest first in the list, back from what is held to where nothing was. Null when
 * they do not reach that far. Of a fill that turned the position, the part beyond flat counts.
 */
export function openingOf(
  fills: readonly Fill[],
  { direction, quantity }: Pick<ExchangePosition, 'direction' | 'quantity'>,
): { readonly openedMs: number; readonly fees: Decimal } | null {
  let held = quantity;
  let entered = ZERO;
  let fees = ZERO;
  for (const fill of [...fills].reverse()) {
    if (fill.side !== entrySide(direction)) {
      held = held.plus(fill.quantity);
      continue;
    }
    const part = fill.quantity.lessThan(held) ? fill.quantity : held;
    entered = entered.plus(part);
    fees = fees.plus(fill.fee.times(part).dividedBy(fill.quantity));
    held = held.minus(part);
    if (held.isZero()) return { openedMs: fill.timeMs, fees: fees.times(quantity).dividedBy(entered) };
  }
  return null;
}
