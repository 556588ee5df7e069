import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC, instrument } from '../../../test/scenario/story.ts';
import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import { partialQuantity } from './partial-quantity.ts';
import { riskSettingsSchema } from './settings.ts';
import { type SizeRequest, sizeEntry } from './sizing.ts';

const coin = instrument(BTC);

/** A size by notional at a price, with what a test changes. */
function size(changes: Partial<SizeRequest> & { readonly price: Decimal }) {
  return sizeEntry({
    settings: riskSettingsSchema.parse({}),
    direction: 'long',
    instrument: instrument(BTC, { marketQuantityMax: decimal(1e9) }),
    equity: decimal(1_000),
    stopLossPct: 15,
    partialTakeProfits: [],
    ...changes,
  });
}

describe('sizing', () => {
  it.each([
    [10, '100', '0.1'],
    [10, '120', '0.083'],
    [10, '99.99', '0.1'],
    [1_000, '0.3', '3333.333'],
  ])('turns %d USDT at %s into %s', (positionNotionalUsdt, price, quantity) => {
    const settings = riskSettingsSchema.parse({ positionNotionalUsdt });
    const sized = size({ settings, price: decimal(price) });
    expect(sized.ok && decimalText(sized.value)).toBe(quantity);
  });

  it.each([
    // 2 % of 1,000 USDT are 20 USDT, at 80 a quarter.
    [{ sizing: 'equity', positionEquityPct: 2 }, '80', '0.25'],
    [{ sizing: 'quantity', positionQuantity: 0.1239 }, '80', '0.123'],
    // 10 USDT may be lost; a unit loses 15 to its stop and 0.1 % of 215 in fees: 10 / 15.215.
    [{ sizing: 'risk', positionRiskPct: 1, takerFeePct: 0.1 }, '100', '0.657'],
  ])('reckons %j at %s as %s', (settings, price, quantity) => {
    const sized = size({ settings: riskSettingsSchema.parse(settings), price: decimal(price) });
    expect(sized.ok && decimalText(sized.value)).toBe(quantity);
  });

  it.each(['equity', 'risk'])('refuses sizing by %s while the equity is not known', (sizing) => {
    const settings = riskSettingsSchema.parse({ sizing });
    const sized = size({ settings, price: decimal(100), equity: null });
    expect(sized.ok ? null : sized.error.code).toBe('risk.limit.equity-unknown');
  });

  it('refuses to be set by quantity without one', () => {
    expect(riskSettingsSchema.safeParse({ sizing: 'quantity' }).error?.issues).toMatchObject([
      { path: ['positionQuantity'] },
    ]);
  });

  it.each([
    [
      'below the smallest quantity',
      { quantityMin: decimal('0.2') },
      'risk.size.below-quantity-min',
      '0.1',
      '0.2',
    ],
    ['below one step', { quantityStep: decimal(1) }, 'risk.size.below-quantity-min', '0', '0.001'],
    [
      'below the smallest order',
      { notionalMin: decimal('10.01') },
      'risk.size.below-notional-min',
      '10',
      '10.01',
    ],
    [
      'above the largest order',
      { marketQuantityMax: decimal('0.09') },
      'risk.size.above-quantity-max',
      '0.1',
      '0.09',
    ],
  ])('refuses a size %s with both numbers', (_, changes, ...[code, value, threshold]) => {
    const sized = size({ price: decimal(100), instrument: instrument(BTC, changes) });
    expect(sized.ok ? null : sized.error).toMatchObject({ code, value, threshold });
  });

  it.each(['0', '-1'])('refuses a price of %s', (price) => {
    const sized = size({ price: decimal(price) });
    expect(sized.ok ? null : sized.error.code).toBe('risk.size.no-price');
  });

  it('never gives more than was asked for, and always whole steps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (positionNotionalUsdt, cents) => {
          const price = decimal(cents).dividedBy(100);
          const sized = size({ settings: riskSettingsSchema.parse({ positionNotionalUsdt }), price });
          if (!sized.ok) return;
          expect(sized.value.times(price).lessThanOrEqualTo(positionNotionalUsdt)).toBe(true);
          expect(sized.value.modulo(coin.quantityStep).isZero()).toBe(true);
        },
      ),
    );
  });

  it('never risks more at the stop than was asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 10, max: 1_000_000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('long' as const, 'short' as const),
        (riskBasisPoints, cents, stopLossPct, direction) => {
          const price = decimal(cents).dividedBy(100);
          const settings = riskSettingsSchema.parse({
            sizing: 'risk',
            positionRiskPct: riskBasisPoints / 100,
          });
          const sized = size({ settings, price, direction, stopLossPct });
          if (!sized.ok) return;
          const stop = price.times(100 + (direction === 'long' ? -stopLossPct : stopLossPct)).dividedBy(100);
          const fees = price.plus(stop).times('0.00055');
          const lost = stop.minus(price).abs().plus(fees).times(sized.value);
          expect(lost.lessThanOrEqualTo(decimal(riskBasisPoints).dividedBy(10))).toBe(true);
        },
      ),
    );
  });
});

describe('partial exits', () => {
  const planned = [
    { profitPct: 10, sharePct: 50 },
    { profitPct: 20, sharePct: 50 },
  ];
  const part = (index: 0 | 1, entered: string, held: string, price = 100) =>
    partialQuantity({
      entered: decimal(entered),
      held: decimal(held),
      partial: planned[index]!,
      planned,
      price: decimal(price),
      instrument: coin,
    });

  it('are shares of what was entered, rounded down, and the last takes the rest', () => {
    const first = part(0, '0.301', '0.301');
    expect(first.ok && decimalText(first.value)).toBe('0.15');
    const last = part(1, '0.301', '0.151');
    expect(last.ok && decimalText(last.value)).toBe('0.151');
  });

  it('count what has left already, whoever sold it, and are refused where nothing is due any more', () => {
    const sized = part(0, '1', '0.8');
    expect(sized.ok && decimalText(sized.value)).toBe('0.3');
    const over = part(0, '1', '0.2');
    expect(over.ok ? null : over.error).toMatchObject({ code: 'exit.partial.skipped', value: '0' });
  });

  it('together never take off more than is planned, nor more than is held', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 0, max: 2_000 }),
        fc.constantFrom(10, 20),
        (enteredSteps, leftSteps, profitPct) => {
          const plan = [
            { profitPct: 10, sharePct: 40 },
            { profitPct: 20, sharePct: 30 },
          ];
          const entered = decimal(enteredSteps).dividedBy(100);
          const held = entered.minus(decimal(Math.min(leftSteps, enteredSteps - 1)).dividedBy(100));
          const partial = plan.find((each) => each.profitPct === profitPct)!;
          const sized = partialQuantity({
            entered,
            held,
            partial,
            planned: plan,
            price: decimal(100),
            instrument: coin,
          });
          if (!sized.ok) return;
          const shares = profitPct === 10 ? 40 : 70;
          const left = entered.minus(held).plus(sized.value);
          expect(left.lessThanOrEqualTo(entered.times(shares).dividedBy(100))).toBe(true);
          expect(sized.value.lessThanOrEqualTo(held)).toBe(true);
        },
      ),
    );
  });

  it('are refused when the part is too small, and when the rest is', () => {
    const small = part(0, '0.09', '0.09');
    expect(small.ok ? null : small.error).toMatchObject({ value: '4.5', threshold: '5' });
    expect(small.ok ? '' : small.error.detail).toContain('the part is worth 4.5 USDT');
    const rest = partialQuantity({
      entered: decimal('0.2'),
      held: decimal('0.2'),
      partial: { profitPct: 10, sharePct: 80 },
      planned: [{ profitPct: 10, sharePct: 80 }],
      price: decimal(100),
      instrument: coin,
    });
    expect(rest.ok ? '' : rest.error.detail).toContain('the rest is worth 4 USDT');
  });

  it('refuse an entry they cannot be taken from', () => {
    const sized = size({ price: decimal(100), instrument: coin, partialTakeProfits: planned });
    // Half of 0.1 at 110 is 5.5 USDT, the other half at the same price as much: enough.
    expect(sized.ok && decimalText(sized.value)).toBe('0.1');
    const short = size({
      price: decimal(100),
      instrument: coin,
      direction: 'short',
      partialTakeProfits: planned,
    });
    expect(short.ok ? null : short.error).toMatchObject({
      code: 'risk.size.partial-below-minimum',
      value: '4.5',
      threshold: '5',
    });
  });
});
