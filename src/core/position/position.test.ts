import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC, instrument } from '../../../test/scenario/story.ts';
import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import { applyFill, type FillAmount } from './apply-fill.ts';
import { desiredStop, tighterStop } from './desired-stop.ts';
import { emptyHolding, entryPriceOf, exitPriceOf, heldQuantity, realisedGross } from './holding.ts';
import { profitPct } from './profit-pct.ts';
import { stopLoss } from './stop-loss.ts';
import { takeProfit } from './take-profit.ts';

const coin = instrument(BTC);

function amount(side: FillAmount['side'], price: string, quantity: string, fee = '0'): FillAmount {
  return { side, price: decimal(price), quantity: decimal(quantity), fee: decimal(fee) };
}

describe('exit rules', () => {
  const long = { direction: 'long', stopPrice: 85, stopKind: 'initial', takeProfitPrice: 150 } as const;
  const short = { direction: 'short', stopPrice: 115, stopKind: 'initial', takeProfitPrice: 50 } as const;

  it.each([
    [long, 85.01, null],
    [long, 85, 'stop-loss'],
    [long, 10, 'stop-loss'],
    [short, 114.99, null],
    [short, 115, 'stop-loss'],
  ] as const)('stops %j at mark price %d: %s', (position, markPrice, reason) => {
    expect(stopLoss(position, markPrice)?.reason ?? null).toBe(reason);
  });

  it.each([
    [long, 149.99, null],
    [long, 150, 'take-profit'],
    [short, 50.01, null],
    [short, 50, 'take-profit'],
    [{ ...long, takeProfitPrice: null }, 1e9, null],
  ] as const)('takes the profit of %j at last price %d: %s', (position, lastPrice, reason) => {
    expect(takeProfit(position, lastPrice)?.reason ?? null).toBe(reason);
  });

  it('measures profit as a price move in favour', () => {
    expect(profitPct({ direction: 'long', entryPrice: 100, price: 85 })).toBe(-15);
    expect(profitPct({ direction: 'short', entryPrice: 200, price: 100 })).toBe(50);
  });
});

describe('the account of a round trip', () => {
  it('adds fills up exactly', () => {
    let holding = emptyHolding('long');
    holding = applyFill(holding, amount('buy', '100', '0.04', '0.002'));
    holding = applyFill(holding, amount('buy', '101', '0.06', '0.004'));
    expect(decimalText(entryPriceOf(holding)!)).toBe('100.6');
    holding = applyFill(holding, amount('sell', '110', '0.05', '0.003'));
    // (110 - 100.6) x 0.05
    expect(decimalText(realisedGross(holding))).toBe('0.47');
    expect(decimalText(heldQuantity(holding))).toBe('0.05');
    holding = applyFill(holding, amount('sell', '90', '0.05', '0.001'));
    // 110 x 0.05 + 90 x 0.05 - 100 x 0.04 - 101 x 0.06
    expect(decimalText(realisedGross(holding))).toBe('-0.06');
    expect(decimalText(exitPriceOf(holding)!)).toBe('100');
    expect(decimalText(holding.fees)).toBe('0.01');
  });

  it('has no price and no profit before the first fill', () => {
    const holding = emptyHolding('short');
    expect([entryPriceOf(holding), exitPriceOf(holding), decimalText(realisedGross(holding))]).toEqual([
      null,
      null,
      '0',
    ]);
  });

  it('stops on closing more than is held, and on a fill of nothing', () => {
    const holding = applyFill(emptyHolding('short'), amount('sell', '100', '1'));
    expect(() => applyFill(holding, amount('buy', '100', '1.001'))).toThrow('never closes more');
    expect(() => applyFill(holding, amount('buy', '100', '0'))).toThrow('a quantity and a price');
  });

  it('makes exactly the money that changed hands, whatever the parts', () => {
    const part = fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 999 }));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 99_999 }),
        (parts, exit) => {
          let holding = emptyHolding('short');
          let received: Decimal = ZERO;
          let sold: Decimal = ZERO;
          for (const [price, quantity] of parts) {
            const fill = amount('sell', `${price}`, `0.00${quantity}`);
            holding = applyFill(holding, fill);
            received = received.plus(fill.price.times(fill.quantity));
            sold = sold.plus(fill.quantity);
          }
          holding = applyFill(holding, { ...amount('buy', `${exit}`, '1'), quantity: sold });
          expect(heldQuantity(holding).isZero()).toBe(true);
          expect(decimalText(realisedGross(holding))).toBe(decimalText(received.minus(sold.times(exit))));
        },
      ),
    );
  });
});

describe('the desired stop', () => {
  const level = { price: decimal(100), pct: 15, instrument: coin };

  it('stands at its distance from the entry while nothing tighter rests', () => {
    expect(decimalText(desiredStop({ ...level, direction: 'long' }, null))).toBe('85');
    expect(decimalText(desiredStop({ ...level, direction: 'long' }, decimal(80)))).toBe('85');
    expect(decimalText(desiredStop({ ...level, direction: 'short' }, decimal(120)))).toBe('115');
  });

  it('keeps what rests when that is tighter', () => {
    expect(decimalText(desiredStop({ ...level, direction: 'long' }, decimal(90)))).toBe('90');
    expect(decimalText(desiredStop({ ...level, direction: 'short' }, decimal(110)))).toBe('110');
  });

  it('never loosens, whatever comes in whatever order', () => {
    const stops = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(stops, fc.constantFrom('long' as const, 'short' as const), (prices, direction) => {
        let resting: Decimal | null = null;
        for (const price of prices) resting = tighterStop(decimal(price), resting, direction);
        expect(resting?.toNumber()).toBe(direction === 'long' ? Math.max(...prices) : Math.min(...prices));
      }),
    );
  });
});
