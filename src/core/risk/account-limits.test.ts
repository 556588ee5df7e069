import { describe, expect, it } from 'vitest';
import { decimal, decimalText } from '../base/decimal.ts';
import { dailyLossRefusal, dayStartAfter, transferredSince } from './daily-loss.ts';
import { marginNeeded, marginRefusal } from './margin.ts';
import { riskSettingsSchema } from './settings.ts';

describe('the loss of a day', () => {
  const DAY_MS = 86_400_000;
  const refusal = (equity: string, start: string | null = '1000', transferred: string | null = '0') =>
    dailyLossRefusal({
      equity: decimal(equity),
      dayStart: start === null ? null : { day: 1, equity: decimal(start), asOfMs: DAY_MS },
      transferred: transferred === null ? null : decimal(transferred),
      pctMax: 3,
    });

  it.each([
    ['970.01', null],
    ['970', 'risk.limit.daily-loss'],
    ['1100', null],
    ['NaN', 'risk.limit.daily-loss'],
  ])('of an account that began with 1,000 and has %s: %s', (equity, code) => {
    expect(refusal(equity)?.code ?? null).toBe(code);
  });

  it('is told with its numbers', () => {
    expect(refusal('950')).toMatchObject({ value: '50', threshold: '30' });
  });

  it('refuses while its beginning is not known', () => {
    expect(refusal('1000', null)?.code).toBe('risk.limit.daily-loss-unknown');
  });

  it.each([
    ['taken out is no loss', '500', '-500', null],
    ['put in hides no loss', '1470', '500', 'risk.limit.daily-loss'],
    ['that is not known refuses', '1000', null, 'risk.limit.daily-loss-unknown'],
  ])('is a loss by trading: money %s', (_, equity, transferred, code) => {
    expect(refusal(equity, '1000', transferred)?.code ?? null).toBe(code);
  });

  it('counts the transfers after its beginning alone: those before are in it', () => {
    const start = { day: 1, equity: decimal(1_000), asOfMs: DAY_MS + 10 };
    const transfers = [
      { timeMs: DAY_MS + 10, amount: decimal(300) },
      { timeMs: DAY_MS + 11, amount: decimal(-50) },
      { timeMs: DAY_MS + 12, amount: decimal(20) },
    ];
    expect(String(transferredSince(start, transfers))).toBe('-30');
    expect(transferredSince(start, null)).toBeNull();
  });

  it('begins with the first reading of a day in UTC', () => {
    const first = dayStartAfter(null, decimal(1_000), DAY_MS);
    expect(first).toMatchObject({ day: 1 });
    expect(dayStartAfter(first, decimal(900), 2 * DAY_MS - 1)).toBe(first);
    const next = dayStartAfter(first, decimal(900), 2 * DAY_MS);
    expect([next.day, decimalText(next.equity)]).toEqual([2, '900']);
    expect(dayStartAfter(next, decimal(800), DAY_MS)).toBe(next);
  });
});

describe('margin', () => {
  const settings = riskSettingsSchema.parse({ leverage: 4, takerFeePct: 0.05 });

  it('is a share of the notional and the fees of both ways', () => {
    expect(decimalText(marginNeeded(decimal(1_000), settings))).toBe('251');
  });

  it.each([
    ['251', null],
    ['250.99', 'risk.limit.margin'],
    ['NaN', 'risk.limit.margin'],
  ])('of 251 USDT against %s available: %s', (available, code) => {
    expect(marginRefusal(decimal(available), decimal(1_000), settings)?.code ?? null).toBe(code);
  });
});
