import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { maintenanceOf, riskTiers, tierOf, valueMaxAt } from '../../src/core/matching/risk-tier.ts';

const folder = process.env['INFOBOT_TEST_DATA'] ?? '';

interface Bracket {
  readonly maxNotional: number;
  readonly minNotional: number;
  readonly maintenanceMarginRate: number;
  readonly maxLeverage: number;
  readonly info: { readonly cum: number };
}

const BRACKETS = Object.entries(
  JSON.parse(readFileSync(join(folder, 'fixtures/freqtrade/binance_leverage_tiers.json'), 'utf8')) as Record<
    string,
    readonly Bracket[]
  >,
);

const tiersOf = (brackets: readonly Bracket[]) =>
  riskTiers(
    brackets.map(({ maxNotional, maintenanceMarginRate, maxLeverage }) => ({
      valueMax: decimal(maxNotional),
      maintenanceRate: decimal(maintenanceMarginRate),
      leverageMax: decimal(maxLeverage),
    })),
  );

describe('the tiers of 360 real contracts', () => {
  it('are there', () => {
    expect(BRACKETS.length).toBe(360);
  });

  it('have the very deductions their exchange publishes', () => {
    for (const [symbol, brackets] of BRACKETS) {
      const deductions = tiersOf(brackets).map((tier) => tier.deduction.toNumber());
      expect(deductions, symbol).toEqual(brackets.map(({ info }) => info.cum));
    }
  });

  it('ask for the margin of the bracket a value lies in, and for the same on both sides of a bound', () => {
    for (const [symbol, brackets] of BRACKETS) {
      const tiers = tiersOf(brackets);
      for (const [at, { minNotional, maxNotional, maintenanceMarginRate, info }] of brackets.entries()) {
        const value = decimal(minNotional).plus(maxNotional).dividedBy(2);
        const expected = value.times(maintenanceMarginRate).minus(info.cum);
        expect(maintenanceOf(tiers, value).equals(expected), symbol).toBe(true);
        expect(tierOf(tiers, value).tier).toBe(at + 1);
        const bound = decimal(maxNotional);
        const above = bound.times(maintenanceMarginRate).minus(info.cum);
        expect(maintenanceOf(tiers, bound).equals(above), symbol).toBe(true);
      }
    }
  });

  it('allow at a leverage what the last bracket with that leverage allows', () => {
    for (const [symbol, brackets] of BRACKETS) {
      for (const { maxLeverage } of brackets) {
        const last = brackets.findLast((each) => each.maxLeverage >= maxLeverage);
        const allowed = valueMaxAt(tiersOf(brackets), decimal(maxLeverage));
        expect(allowed?.toNumber(), symbol).toBe(last?.maxNotional);
      }
    }
  });
});
