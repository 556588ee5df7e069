import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientOrderId, isOwnOrderId } from './client-order-id.ts';

const lease = fc.record({
  accountId: fc.constantFrom('demo', 'main', 'bybit-1', 'ü'),
  epoch: fc.nat({ max: 60_000_000 }),
  intentNumber: fc.nat({ max: 70_000_000_000 }),
});

describe('client order ids', () => {
  it('writes epoch and number in base 36 behind the tag of the account', () => {
    const id = clientOrderId({ accountId: 'demo', epoch: 37, intentNumber: 35 });
    expect(id).toMatch(/^ib[0-9a-z]{7}00011000000z$/);
  });

  it('names the same intent alike and different ones apart, in at most 32 letters and digits', () => {
    fc.assert(
      fc.property(lease, lease, (a, b) => {
        expect(clientOrderId(a)).toMatch(/^[0-9a-z]{1,32}$/);
        expect(clientOrderId({ ...a })).toBe(clientOrderId(a));
        const same = a.accountId === b.accountId && a.epoch === b.epoch && a.intentNumber === b.intentNumber;
        expect(clientOrderId(a) === clientOrderId(b)).toBe(same);
      }),
    );
  });

  it("knows its own orders of every epoch, and no other account's", () => {
    const id = clientOrderId({ accountId: 'demo', epoch: 3, intentNumber: 9 });
    expect(isOwnOrderId(id, 'demo')).toBe(true);
    expect(isOwnOrderId(id, 'main')).toBe(false);
    expect(isOwnOrderId('by-hand', 'demo')).toBe(false);
  });

  it('stops when a number no longer fits', () => {
    const full = { accountId: 'demo', epoch: 36 ** 5 - 1, intentNumber: 36 ** 7 - 1 };
    expect(clientOrderId(full)).toHaveLength(21);
    expect(() => clientOrderId({ ...full, intentNumber: 36 ** 7 })).toThrow('does not fit');
    expect(() => clientOrderId({ ...full, epoch: -1 })).toThrow('whole numbers');
  });
});
