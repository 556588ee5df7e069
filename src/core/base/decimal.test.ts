import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ceilToMultiple, type Decimal, decimal, floorToMultiple, nearestMultiple } from './decimal.ts';

const value = fc.oneof(
  fc
    .tuple(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.nat(18))
    .map(([digits, places]) => `${digits}e-${places}`),
  fc.tuple(fc.integer(), fc.constantFrom('', '.5', '.25', '.05')).map(([whole, rest]) => `${whole}${rest}`),
);
const step = fc.constantFrom('1', '0.1', '0.01', '0.00001', '0.0000000001', '0.5', '0.25', '10', '100', '3');

function multiple(text: string, stepText: string, round: (ratio: Decimal) => Decimal): string {
  const exact = decimal(stepText);
  return round(decimal(text).dividedBy(exact)).times(exact).toFixed();
}

it('finds the multiple below, above and nearest as a division would, whatever the step', () => {
  fc.assert(
    fc.property(value, step, (text, stepText) => {
      const [exact, grid] = [decimal(text), decimal(stepText)];
      expect(floorToMultiple(exact, grid).toFixed()).toBe(multiple(text, stepText, (ratio) => ratio.floor()));
      expect(ceilToMultiple(exact, grid).toFixed()).toBe(multiple(text, stepText, (ratio) => ratio.ceil()));
      expect(nearestMultiple(exact, grid).toFixed()).toBe(multiple(text, stepText, (ratio) => ratio.round()));
    }),
    { numRuns: 500 },
  );
});
