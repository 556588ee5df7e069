import { describe, expect, test } from 'vitest';
import { age, compact, exactPrice, figure, meanPrice, NONE, price, shownSign, signedPct } from './format.ts';

describe('figures as text', () => {
  test.each([
    [64_123.456, '64,123.46'],
    [391.5, '391.50'],
    [12.9874, '12.987'],
    [0.27416, '0.27416'],
    [0.000_012_345_6, '0.000012346'],
    [0, '0.00'],
    [null, NONE],
  ])('price %s reads %s', (value, text) => {
    expect(price(value)).toBe(text);
  });

  test.each([
    ['1234567.8900', '1,234,567.8900'],
    ['0.00001234', '0.00001234'],
    ['15', '15'],
    [null, NONE],
  ])('exact price %s keeps every digit: %s', (value, text) => {
    expect(exactPrice(value)).toBe(text);
  });

  test.each([
    ['103524.5', '103,524.5'],
    ['0.00001234', '0.00001234'],
    ['0.00517930130208', '0.005179301'],
    ['103524.123456789', '103,524.1235'],
    [null, NONE],
  ])('a mean of fills %s reads %s', (value, text) => {
    expect(meanPrice(value)).toBe(text);
  });

  test.each([
    [3.456, '+3.46%'],
    [-3.456, '−3.46%'],
    [99.996, '+100.0%'],
    [-110.58, '−110.6%'],
    [-0.001, '0.00%'],
    [null, NONE],
  ])('percent %s reads %s', (value, text) => {
    expect(signedPct(value)).toBe(text);
  });

  test('what reads as zero has no colour', () => {
    expect([0.004, -0.004, 0.006, -0.006, null].map(shownSign)).toEqual([0, 0, 1, -1, 0]);
  });

  test.each([
    [1_240_000_000, '1.24B'],
    [83_100_000, '83.1M'],
    [410_000, '410K'],
    [9, '9'],
  ])('turnover %s reads %s', (value, text) => {
    expect(compact(value)).toBe(text);
  });

  test.each([
    [200, '200'],
    [1.75, '1.75'],
    [-42, '−42'],
    ['whitelist', 'whitelist'],
    [null, NONE],
    [-14_883_195_445.1802, '−14.88B'],
    [4_249_196_002.3, '4.25B'],
    [999_999, '999,999'],
  ])('figure %s reads %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  test.each([
    [4200, '4 s'],
    [754_000, '12 m 34 s'],
    [11_100_000, '3 h 05 m'],
    [187_200_000, '2 d 04 h'],
    [-5, '0 s'],
  ])('a span of %s ms reads %s', (span, text) => {
    expect(age(span)).toBe(text);
  });
});
