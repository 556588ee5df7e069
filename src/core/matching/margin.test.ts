import { describe, expect, it } from 'vitest';
import { btcId, exchange, order } from '../../../test/fixture/matching-desk.ts';
import { decimal } from '../base/decimal.ts';
import { InsuranceFund } from './insurance-fund.ts';
import { maintenanceOf, riskTiers } from './risk-tier.ts';
import type { TradingAccount } from './trading-account.ts';

const TIERS = riskTiers([
  { valueMax: decimal(2000), maintenanceRate: decimal('0.01'), leverageMax: decimal(50) },
  { valueMax: decimal(10_000), maintenanceRate: decimal('0.05'), leverageMax: decimal(10) },
  { valueMax: decimal(20_000), maintenanceRate: decimal('0.25'), leverageMax: decimal(2) },
]);
const key = { instrumentId: btcId, positionIndex: 0 } as const;
const held = (account: TradingAccount) => account.position(key);

describe('risk tiers', () => {
  it('ask for the rate of the tier less its deduction', () => {
    const { account } = exchange({ last: 100, top: 1000, wallet: 5000, riskTiers: TIERS });
    account.place(order({ side: 'buy', quantity: 50 }));
    // 50 x 100 at 5 %, less 2000 x (5 % - 1 %).
    expect(account.margin().maintenanceMargin.toNumber()).toBe(250 - 80);
    expect(account.positionMargin(held(account)).tier).toBe(2);
  });

  it('leave no jump at their bounds', () => {
    // 10,000 at 5 % less 80, and at 25 % less 80 + 10,000 x 20 %.
    expect(TIERS.map((tier) => tier.deduction.toNumber())).toEqual([0, 80, 2080]);
    expect(maintenanceOf(TIERS, decimal(10_000)).toNumber()).toBe(420);
    expect(maintenanceOf(TIERS, decimal(10_004)).toNumber()).toBe(421);
  });

  it('bound what may be held at a leverage, resting orders counted', () => {
    const { account } = exchange({ last: 100, top: 1000, wallet: 50_000, riskTiers: TIERS });
    const rest = { side: 'buy', kind: 'limit', price: 99 } as const;
    expect(account.place(order({ ...rest, quantity: 60 })).ok).toBe(true);
    expect(account.place(order({ ...rest, quantity: 42 }))).toMatchObject({ error: { kind: 'risk-limit' } });
    account.setLeverage(btcId, decimal(2));
    expect(account.place(order({ ...rest, quantity: 42 })).ok).toBe(true);
  });

  it('bound amendments and conditional orders that fire as well', () => {
    const { account, move } = exchange({ last: 100, top: 1000, wallet: 50_000, riskTiers: TIERS });
    const placed = account.place(order({ side: 'buy', kind: 'limit', price: 99, quantity: 60 }));
    const orderId = placed.ok ? placed.value.orderId : '';
    expect(account.amend(orderId, { quantity: decimal(102) })).toMatchObject({
      error: { kind: 'risk-limit' },
    });
    expect(account.amend(orderId, { quantity: decimal(100) }).ok).toBe(true);
    account.place(order({ side: 'buy', quantity: 2, trigger: { price: 101, direction: 'rise' } }));
    move(101);
    expect(account.closedOrders()[0]).toMatchObject({
      endReason: 'margin-short',
      filledQuantity: decimal(0),
    });
  });

  it('refuse a leverage the position is too large for', () => {
    const { account } = exchange({ last: 100, top: 1000, wallet: 50_000, riskTiers: TIERS });
    account.place(order({ side: 'buy', quantity: 60 }));
    expect(account.setLeverage(btcId, decimal(20))).toMatchObject({ error: { kind: 'bad-leverage' } });
  });

  it('let an account that is short of margin raise its leverage, and not lower it', () => {
    const { account, move } = exchange({ last: 100, top: 1000, wallet: 1000 });
    account.place(order({ side: 'buy', quantity: 90 }));
    move(95);
    expect(account.setLeverage(btcId, decimal(9))).toMatchObject({ error: { kind: 'margin-short' } });
    expect(account.setLeverage(btcId, decimal(20)).ok).toBe(true);
  });

  it('give one liquidation price, where equity meets the margin of the tier reached there', () => {
    const { account } = exchange({ last: 100, top: 100_000, wallet: 1000, riskTiers: TIERS });
    account.place(order({ side: 'buy', quantity: 50 }));
    const fee = 50 * 100.1 * 0.00055;
    const paid = 50 * 100.1;
    // 1000 - fee + 50 P - paid = 50 P x 5 % - 80 gives a value inside the second tier.
    const expected = (paid - 1000 + fee - 80) / (50 * 0.95);
    expect(account.liquidationPrice(held(account))?.toNumber()).toBeCloseTo(expected, 9);
  });
});

describe('isolated margin', () => {
  const isolated = (wallet = 1000, insurance = new InsuranceFund(decimal(10_000))) => {
    const venue = exchange({ last: 100, top: 100_000, wallet, insurance });
    venue.account.setMarginMode('isolated');
    return venue;
  };

  it('sets initial margin and the fee of closing aside when a position opens, and frees it when it closes', () => {
    const { account } = isolated();
    account.place(order({ side: 'buy', quantity: 10 }));
    const value = 10 * 100.1;
    expect(held(account).collateral.toNumber()).toBeCloseTo(value / 10 + value * 0.00055, 9);
    account.place(order({ side: 'sell', quantity: 4, reduceOnly: true }));
    expect(held(account).collateral.toNumber()).toBeCloseTo((value / 10 + value * 0.00055) * 0.6, 9);
    account.place(order({ side: 'sell', quantity: 6, reduceOnly: true }));
    expect(account.margin().positionMargin.isZero()).toBe(true);
  });

  it('keeps unrealised profit out of what orders may use', () => {
    const { account, move } = isolated();
    account.place(order({ side: 'buy', quantity: 10 }));
    const before = account.margin().available;
    move(150);
    expect(account.margin().available.equals(before)).toBe(true);
  });

  it('liquidates the position alone, and leaves the rest of the money', () => {
    const { account, move } = isolated();
    account.place(order({ side: 'buy', quantity: 10 }));
    const collateral = held(account).collateral;
    const free = account.ledger.balance.minus(collateral);
    const price = account.liquidationPrice(held(account))?.toNumber() ?? 0;
    move(Math.ceil(price * 10) / 10);
    expect(account.openPositions()).toHaveLength(1);
    move(Math.floor(price * 10) / 10);
    expect(account.openPositions()).toEqual([]);
    expect(account.fills()[0]).toMatchObject({ execution: 'liquidation', order: { origin: 'take-over' } });
    // All of the collateral is lost, but for less than a tick of the quantity.
    expect(account.ledger.balance.minus(free).toNumber()).toBeGreaterThanOrEqual(0);
    expect(account.ledger.balance.minus(free).toNumber()).toBeLessThan(1);
  });

  it('takes free money first where that was asked for', () => {
    const { account, move } = isolated();
    account.place(order({ side: 'buy', quantity: 10 }));
    account.setAddsCollateral(key, true);
    move(90);
    expect(account.openPositions()).toHaveLength(1);
    expect(held(account).collateral.toNumber()).toBeGreaterThan(150);
  });

  it('adds and takes margin, down to what the position needs', () => {
    const { account } = isolated();
    account.place(order({ side: 'buy', quantity: 10 }));
    const before = held(account).collateral;
    expect(account.addMargin(key, decimal(50)).ok).toBe(true);
    expect(account.addMargin(key, decimal(-49)).ok).toBe(true);
    expect(held(account).collateral.minus(before).toNumber()).toBe(1);
    expect(account.addMargin(key, decimal(-50))).toMatchObject({ error: { kind: 'margin-too-much' } });
    expect(account.addMargin(key, decimal(5000))).toMatchObject({ error: { kind: 'margin-add-short' } });
    account.place(order({ side: 'sell', quantity: 10, reduceOnly: true }));
    expect(account.addMargin(key, decimal(1))).toMatchObject({ error: { kind: 'margin-not-held' } });
  });

  it('pays funding out of the collateral when no money is free', () => {
    const { account, book } = isolated(102);
    account.place(order({ side: 'buy', quantity: 10 }));
    const before = held(account).collateral;
    account.payFunding(book(), 0.01);
    // 10 x 100 x 1 % are 10; less than 2 were free.
    expect(before.minus(held(account).collateral).toNumber()).toBeGreaterThan(8);
    expect(account.ledger.balance.equals(held(account).collateral)).toBe(true);
  });

  it('is refused for positions that would not have their margin', () => {
    const { account, move } = exchange({ last: 100, top: 1000, wallet: 1000 });
    expect(account.setMarginMode('cross')).toMatchObject({ error: { kind: 'margin-mode-not-modified' } });
    expect(account.addMargin(key, decimal(1))).toMatchObject({ error: { kind: 'cross-margin' } });
    account.place(order({ side: 'buy', quantity: 50 }));
    move(89.5);
    expect(account.setMarginMode('isolated')).toMatchObject({ error: { kind: 'margin-mode-refused' } });
    expect(account.marginMode).toBe('cross');
    move(100);
    expect(account.setMarginMode('isolated').ok).toBe(true);
  });
});

describe('money that comes and goes', () => {
  it('leaves only as far as nothing needs it, and never as profit not yet taken', () => {
    const { account, move } = exchange({ last: 100, top: 1000, wallet: 1000 });
    account.place(order({ side: 'buy', quantity: 50 }));
    move(120);
    const most = account.withdrawable();
    // 50 x 120 at 10x are bound of the wallet; the profit of 20 a piece does not count.
    expect(most.equals(account.ledger.balance.minus(600))).toBe(true);
    expect(account.transfer('withdrawal', most.plus(1).negated())).toMatchObject({
      error: { kind: 'money-short' },
    });
    expect(account.transfer('withdrawal', most.negated()).ok).toBe(true);
    expect(account.ledger.postings().at(-1)).toMatchObject({ kind: 'withdrawal', amount: most.negated() });
    expect(account.withdrawable().isZero()).toBe(true);
  });
});
