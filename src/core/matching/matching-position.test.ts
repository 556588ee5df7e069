import { describe, expect, it } from 'vitest';
import { instrumentId } from '../../../test/fixture/scripted-market.ts';
import { decimal } from '../base/decimal.ts';
import { applyFill, flatPosition, type MatchingPosition } from './matching-position.ts';

const fill = (side: 'buy' | 'sell', price: string, quantity: string, fee = '0') => ({
  side,
  price: decimal(price),
  quantity: decimal(quantity),
  fee: decimal(fee),
  timeMs: 1,
});
const flat = flatPosition(instrumentId('PEPEUSDT'), 0, 0);
const holding = (position: MatchingPosition, ...fills: readonly ReturnType<typeof fill>[]) =>
  fills.reduce((current, each) => applyFill(current, each).position, position);

describe('applyFill', () => {
  it('averages the entry over what was bought', () => {
    const position = holding(flat, fill('buy', '100', '1'), fill('buy', '110', '3'));
    expect(position.entryValue.toNumber()).toBe(430);
  });

  it('leaves no crumb of cost or fees in a closed position, however fine its numbers', () => {
    const open = holding(flat, fill('buy', '0.0000003', '0.007', '0.000000000000001155'));
    const closed = holding(open, fill('sell', '0.0000004', '0.003'), fill('sell', '0.0000004', '0.004'));
    expect(open.openFees.toFixed()).toBe('0.000000000000001155');
    expect(closed.quantity.isZero()).toBe(true);
    expect(closed.openFees.toFixed()).toBe('0');
    expect(closed.entryValue.toFixed()).toBe('0');
  });

  it('realises exactly sold minus bought over a round trip in thirds', () => {
    let position = holding(flat, fill('buy', '100', '1'), fill('buy', '100.1', '2'));
    let realised = decimal(0);
    for (const price of ['101', '99', '103']) {
      const change = applyFill(position, fill('sell', price, '1'));
      realised = realised.plus(change.realisedPnl);
      position = change.position;
    }
    expect(realised.toFixed()).toBe('2.8');
  });

  it('closes the old and opens the new side of a fill that turns the position', () => {
    const change = applyFill(holding(flat, fill('buy', '100', '1')), fill('sell', '110', '3', '0.3'));
    expect(change).toMatchObject({
      closedQuantity: decimal(1),
      openedQuantity: decimal(2),
      realisedPnl: decimal(10),
    });
    expect(change.position).toMatchObject({
      direction: 'short',
      entryValue: decimal(220),
      openFees: decimal('0.2'),
    });
  });
});
