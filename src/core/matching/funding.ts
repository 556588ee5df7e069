import { decimal, ZERO } from '../base/decimal.ts';
import { directionSign, exitSide } from '../domain/order.ts';
import { type AccountState, type Desk, keepPosition } from './account-state.ts';
import type { Book } from './book.ts';
import { openPositions } from './liquidate.ts';
import { charged, signedQuantity } from './matching-position.ts';

/** Pays funding on the open positions of an instrument: longs pay shorts when the rate is positive. */
export function payFunding(state: AccountState, desk: Desk, book: Book, fundingRate: number): void {
  const instrumentId = book.instrument.id;
  const timeMs = desk.nowMs();
  for (const position of openPositions(state)) {
    if (position.instrumentId !== instrumentId) continue;
    const value = book.markPrice.times(position.quantity);
    const fee = charged(value.times(fundingRate).times(directionSign(position.direction)));
    state.fillSequence += 1;
    const fillId = desk.nextFillId();
    const source = { timeMs, instrumentId, orderId: null, fillId };
    state.ledger.post({ kind: 'funding', amount: fee.negated(), ...source });
    keepPosition(state, {
      ...position,
      realisedPnl: position.realisedPnl.minus(fee),
      cumulativeRealisedPnl: position.cumulativeRealisedPnl.minus(fee),
    });
    const fill = {
      fillId,
      sequence: state.fillSequence,
      execution: 'funding',
      order: null,
      instrumentId,
      positionIndex: position.positionIndex,
      side: exitSide(position.direction),
      price: book.markPrice,
      quantity: position.quantity,
      fee,
      feeRate: decimal(fundingRate),
      maker: false,
      closedQuantity: ZERO,
      realisedPnl: ZERO,
      heldAfter: signedQuantity(position),
      markPrice: book.markPrice,
      timeMs,
    } as const;
    state.fills.append(fill);
    state.events.push({ kind: 'fill', fill }, { kind: 'wallet' });
  }
}
