import { describe, expect, it } from 'vitest';
import { btcId, exchange, order } from '../../../test/fixture/matching-desk.ts';
import { decimal } from '../base/decimal.ts';
import { InsuranceFund } from './insurance-fund.ts';
import { riskTiers } from './risk-tier.ts';

const TIERS = riskTiers([
  { valueMax: decimal(2000), maintenanceRate: decimal('0.01'), leverageMax: decimal(50) },
  { valueMax: decimal(10_000), maintenanceRate: decimal('0.05'), leverageMax: decimal(10) },
]);

describe('liquidation at an exchange with a fund', () => {
  it('cancels resting orders first, then goes down the tiers in the book until the margin is there', () => {
    const insurance = new InsuranceFund(decimal(1000));
    const { account, move } = exchange({ last: 100, top: 1000, wallet: 1000, riskTiers: TIERS, insurance });
    account.place(order({ side: 'buy', quantity: 80 }));
    account.place(order({ side: 'buy', kind: 'limit', price: 96, quantity: 1, clientOrderId: 'resting' }));
    // Value 8000 x 0.91; equity 1000 - 9.1 x 80 less fees is under 5 % of it less 80.
    move(91.1);
    const ended = account.closedOrders().find((each) => each.clientOrderId === 'resting');
    expect(ended).toMatchObject({ status: 'cancelled', endReason: 'prepare-liquidation' });
    expect(account.fills()[0]).toMatchObject({ order: { origin: 'liquidation' } });
    // 2000 / 91.1 are 21.954...; the ladder closes up to the step below.
    expect(account.openPositions()).toMatchObject([{ quantity: decimal('21.953') }]);
    expect(account.margin().equity.greaterThan(account.margin().maintenanceMargin)).toBe(true);
    expect(insurance.balance.toNumber()).toBe(1000);
  });

  it('is taken over at the bankruptcy price in the lowest tier: the money ends at nothing, the fund keeps the rest', () => {
    const insurance = new InsuranceFund(decimal(1000));
    const { account, move } = exchange({ last: 100, top: 10_000, wallet: 1000, insurance });
    account.place(order({ side: 'buy', quantity: 90, stopLoss: 50 }));
    account.place(order({ side: 'buy', quantity: 1, trigger: { price: 200, direction: 'rise' } }));
    const price = account.liquidationPrice(account.openPositions()[0]!)!.toNumber();
    move(Math.floor(price * 10) / 10);
    expect(account.openPositions()).toEqual([]);
    expect(account.openOrders()).toEqual([]);
    expect(account.fills()[0]).toMatchObject({ execution: 'liquidation', order: { origin: 'take-over' } });
    expect(account.closedOrders().map((each) => each.endReason)).toContain('liquidation');
    const left = account.ledger.balance.toNumber();
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left).toBeLessThan(90 * 0.1);
    // The fee of closing is in the price: nothing has to be made up.
    expect(account.ledger.postings().map((each) => each.kind)).not.toContain('insurance');
    expect(insurance.balance.toNumber()).toBeGreaterThan(1000);
  });

  it('has the fee of closing in the bankruptcy price', () => {
    const { account } = exchange({ last: 100, top: 10_000, wallet: 1000 });
    account.place(order({ side: 'buy', quantity: 60 }));
    // (6000 - (1000 - 3.3033 - 6)) / 60 are 83.4884; less the fee of 0.055 %, 83.5343: out at 83.6, not at 83.5.
    expect(account.bankruptcyPrice(account.openPositions()[0]!)?.toNumber()).toBe(83.6);
  });

  it('costs the fund what a jump takes beyond the money', () => {
    const insurance = new InsuranceFund(decimal(10_000));
    const { account, move } = exchange({ last: 100, top: 10_000, wallet: 1000, insurance });
    account.place(order({ side: 'buy', quantity: 90 }));
    move(70);
    expect(account.openPositions()).toEqual([]);
    expect(account.ledger.balance.toNumber()).toBeLessThan(9);
    // Out at 100.1 - (1000 - fees) / 90, about 89.1; the fund sells 90 at 70.
    expect(insurance.balance.toNumber()).toBeCloseTo(10_000 - 90 * (89.1 - 70), -1);
  });

  it('leaves what the fund cannot pay to deleveraging', () => {
    const insurance = new InsuranceFund(decimal(10));
    const { account, move } = exchange({ last: 100, top: 10_000, wallet: 1000, insurance });
    account.place(order({ side: 'buy', quantity: 90 }));
    move(70);
    expect(insurance.balance.toNumber()).toBe(10);
    const unpaid = insurance.drainUnpaid();
    expect(unpaid).toMatchObject([{ uid: '1', direction: 'long', quantity: decimal(90) }]);
    expect(insurance.drainUnpaid()).toEqual([]);
    insurance.bear(unpaid[0]!, decimal(90));
    expect(insurance.balance.isNegative()).toBe(true);
  });

  it('watches the mark price, not the last price', () => {
    const insurance = new InsuranceFund(decimal(1000));
    const { account, move } = exchange({ last: 100, top: 10_000, wallet: 1000, insurance });
    account.place(order({ side: 'buy', quantity: 90 }));
    move(80, { mark: 100 });
    expect(account.openPositions()).toHaveLength(1);
    move(100, { mark: 80 });
    expect(account.openPositions()).toEqual([]);
  });

  it('comes before a stop that the same quote would fire', () => {
    const insurance = new InsuranceFund(decimal(10_000));
    const { account, move } = exchange({ last: 100, top: 10_000, wallet: 1000, insurance });
    account.place(order({ side: 'buy', quantity: 90, stopLoss: 95 }));
    move(70);
    expect(account.fills()[0]?.order?.origin).toBe('take-over');
  });
});

describe('deleveraging', () => {
  it('closes a winner at the price given, without a fee, its resting orders first', () => {
    const { account, book, move } = exchange({
      last: 100,
      top: 1000,
      insurance: new InsuranceFund(decimal(1)),
    });
    account.place(order({ side: 'sell', quantity: 10 }));
    account.place(order({ side: 'sell', kind: 'limit', price: 120, quantity: 1 }));
    move(80);
    const key = { instrumentId: btcId, positionIndex: 0 } as const;
    const closed = account.deleverage(key, { book: book(), quantity: decimal(4), price: decimal(85) });
    expect(closed.toNumber()).toBe(4);
    expect(account.openPositions()).toMatchObject([{ quantity: decimal(6) }]);
    expect(account.fills()[0]).toMatchObject({
      execution: 'deleveraging',
      price: decimal(85),
      fee: decimal(0),
      order: { origin: 'deleveraging', status: 'filled' },
    });
    expect(account.closedOrders().map((each) => each.endReason)).toContain('deleveraging');
  });
});
