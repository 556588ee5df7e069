import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, passed, terms } from '../../../test/scenario/entry-makers.ts';
import { BTC, instrument } from '../../../test/scenario/story.ts';
import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import { parseClientOrderId } from '../domain/order.ts';
import { approveLadder, approveRung } from './approve.ts';
import { entrySettingsSchema } from './entry-settings.ts';
import { type LadderRequest, planLadder } from './plan-ladder.ts';
import { riskSettingsSchema } from './settings.ts';

const RUNGS = [
  { offsetPct: 0, weight: 1 },
  { offsetPct: 2, weight: 1 },
  { offsetPct: 4, weight: 2 },
];

function request(changes: Partial<LadderRequest> = {}, risk: Record<string, unknown> = {}): LadderRequest {
  return {
    entry: entrySettingsSchema.parse({ entryMethod: 'ladder', rungs: RUNGS }),
    settings: riskSettingsSchema.parse({ positionNotionalUsdt: 100, ...risk }),
    direction: 'long',
    price: decimal(100),
    instrument: instrument(BTC),
    equity: decimal(1_000),
    stopLossPct: 15,
    takeProfitPct: 50,
    partialTakeProfits: [],
    ...changes,
  };
}

function planned(changes: Partial<LadderRequest> = {}, risk: Record<string, unknown> = {}) {
  const plan = planLadder(request(changes, risk));
  if (!plan.ok) throw new Error(plan.error.detail);
  return plan.value;
}

function refused(changes: Partial<LadderRequest> = {}, risk: Record<string, unknown> = {}) {
  const plan = planLadder(request(changes, risk));
  return plan.ok ? null : plan.error;
}

function rows(changes: Partial<LadderRequest> = {}, risk: Record<string, unknown> = {}): string[] {
  return planned(changes, risk).rungs.map(
    ({ market, price, quantity }) =>
      `${decimalText(quantity)} ${market ? 'at once' : `at ${decimalText(price)}`}`,
  );
}

describe('a planned ladder', () => {
  it('shares the value of the entry by weight, each part floored to the step', () => {
    // 25 / 100, 25 / 98 = 0.25510, 50 / 96 = 0.52083
    expect(rows()).toEqual(['0.25 at once', '0.255 at 98', '0.52 at 96']);
  });

  it('of a short lies above the price, on the tick that is better for it', () => {
    const price = decimal('100.33');
    // 102.3366 and 104.3432: 25 / 100.33, 25 / 102.4, 50 / 104.4
    expect(rows({ direction: 'short', price })).toEqual([
      '0.249 at once',
      '0.244 at 102.4',
      '0.478 at 104.4',
    ]);
    expect(rows({ price })).toEqual(['0.249 at once', '0.254 at 98.3', '0.519 at 96.3']);
  });

  it('has its stop below the average of all rungs, and a profit for each number of rungs', () => {
    const { averagePrice, stopPrice, stopPctMax, rungs, notional } = planned();
    // (25 + 24.99 + 49.92) / 1.025
    expect(averagePrice.toNumber()).toBeCloseTo(97.47317073, 8);
    expect(decimalText(notional)).toBe('99.91');
    // 97.473 x 0.85 = 82.852, up to the tick
    expect(decimalText(stopPrice)).toBe('82.9');
    expect(stopPctMax, 'what the first rung alone would lose').toBeCloseTo(17.1, 9);
    // 100, 98.990 and 97.473 x 1.5, down to the tick
    expect(rungs.map(({ takeProfitPrice }) => takeProfitPrice?.toNumber())).toEqual([150, 148.4, 146.2]);
  });

  it.each([
    ['quantity', { sizing: 'quantity', positionQuantity: 1 }, 1, 3],
    ['equity', { sizing: 'equity', positionEquityPct: 10 }, 1.026, 3],
  ])('sized by %s holds in all what a single order at its average would', (_sizing, risk, whole, digits) => {
    const sum = planned({}, risk).rungs.reduce((total, { quantity }) => total.plus(quantity), ZERO);
    expect(sum.toNumber()).toBeLessThanOrEqual(whole);
    expect(sum.toNumber()).toBeGreaterThan(whole - digits * 0.001);
  });

  it('sized by risk loses at its stop no more than was meant, however many of its rungs have filled', () => {
    const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });
    const rung = fc.tuple(offsets, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }));
    fc.assert(
      fc.property(rung, fc.constantFrom('long', 'short'), ([steps, weights], direction) => {
        const rungs = steps
          .toSorted((a, b) => a - b)
          .map((offsetPct, index) => ({ offsetPct, weight: weights[index] ?? 1 }));
        const entry = entrySettingsSchema.parse({ entryMethod: 'ladder', rungs });
        const risk = { sizing: 'risk', positionRiskPct: 2, takerFeePct: 0.055 };
        const plan = planned({ entry, direction, equity: decimal(10_000) }, risk);
        for (let count = 1; count <= plan.rungs.length; count += 1) {
          let lost: Decimal = ZERO;
          for (const { price, quantity } of plan.rungs.slice(0, count)) {
            const fees = price.plus(plan.stopPrice).times('0.00055');
            lost = lost.plus(price.minus(plan.stopPrice).abs().plus(fees).times(quantity));
          }
          expect(lost.toNumber()).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['a rung below the smallest order', {}, { positionNotionalUsdt: 19 }, 'risk.size.below-notional-min'],
    [
      'a rung below the smallest quantity',
      { instrument: instrument(BTC, { quantityMin: decimal('0.251'), notionalMin: decimal(0) }) },
      {},
      'risk.size.below-quantity-min',
    ],
    ['no price', { price: decimal(0) }, {}, 'risk.size.no-price'],
    ['an equity nobody has read', { equity: null }, { sizing: 'risk' }, 'risk.limit.equity-unknown'],
    [
      'a rung that would stand at no price',
      { instrument: instrument(BTC, { tickSize: decimal(200) }) },
      {},
      'risk.size.no-price',
    ],
    ['a rung beyond the stop of the whole', { stopLossPct: 1 }, {}, 'risk.stop.not-protective'],
  ])('is refused for %s', (_what, changes, risk, code) => {
    expect(refused(changes, risk)?.code).toBe(code);
  });

  it('names the rung that is too small, and raises none', () => {
    expect(refused({}, { positionNotionalUsdt: 19 })).toMatchObject({
      detail: 'Rung 1 of 3 at 100: The size is worth 4.7 USDT, the exchange takes 5 or more.',
      value: '4.7',
      threshold: '5',
    });
  });

  it('is refused for a partial exit that its first rung alone would not carry, though the whole would', () => {
    const partialTakeProfits = [{ profitPct: 10, sharePct: 10 }];
    expect(refused({ partialTakeProfits })?.code).toBe('risk.size.partial-below-minimum');
    const entry = entrySettingsSchema.parse({ rungs: [{ offsetPct: 0, weight: 1 }] });
    expect(refused({ partialTakeProfits, entry })).toBeNull();
  });
});

describe('an approved ladder', () => {
  const { clientOrderId: id, ...plain } = terms({ account: account({ equity: decimal(1_000) }) });
  const entry = entrySettingsSchema.parse({ entryMethod: 'ladder', rungs: RUNGS, rungsPostOnly: true });
  const settings = riskSettingsSchema.parse({ positionNotionalUsdt: 100, leverage: 2 });
  const approved = approveLadder(passed(), { ...plain, entry, settings });

  it('gives each rung an order that carries the stop of the whole', () => {
    if (!approved.ok) throw new Error(approved.error.detail);
    const second = approved.value.rungs[1];
    const clientOrderId = parseClientOrderId('made2');
    if (second === undefined || clientOrderId === null) throw new Error('A ladder of three has a second.');
    const order = approveRung(approved.value, second, { clientOrderId, ladderId: id });
    expect(JSON.parse(JSON.stringify(order))).toEqual({
      kind: 'entry',
      clientOrderId: 'made2',
      ladderId: 'made1',
      instrumentId: 'BTCUSDT',
      side: 'buy',
      direction: 'long',
      quantity: '0.255',
      purpose: 'entry',
      leverage: 2,
      marginMode: 'cross',
      stopPrice: '82.9',
      takeProfitPrice: '148.4',
      limit: { price: '98', postOnly: true },
      referencePrice: '98',
      timeframe: '6h',
      rsi: 20,
      trend: 'down',
    });
  });

  it.each([
    ['the exposure of all its rungs', { exposure: decimal('900.1') }, 'risk.limit.exposure'],
    ['the margin of all its rungs', { account: account({ available: decimal(50) }) }, 'risk.limit.margin'],
    ['a taken slot', { positionsOpen: 5 }, 'risk.limit.positions-max'],
  ])('is refused for %s', (_what, changes, code) => {
    const result = approveLadder(passed(), { ...plain, ...changes, entry, settings });
    expect(result.ok ? null : result.error.code).toBe(code);
  });

  it('is refused where its stop lies beyond liquidation for the first rung alone', () => {
    // 15 % from the average is within the 16 % that leverage 5 leaves; 17.1 % from the first rung is not.
    const steep = riskSettingsSchema.parse({ positionNotionalUsdt: 100, leverage: 5 });
    const result = approveLadder(passed(), { ...plain, entry, settings: steep });
    expect(result.ok ? null : [result.error.code, result.error.threshold]).toEqual([
      'risk.stop.beyond-liquidation',
      16,
    ]);
  });
});
