import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientOrderId,
  epochFloor,
  isOwnOrderId,
  orderNameOf,
  protectiveOrderId,
} from './client-order-id.ts';

const lease = fc.record({
  accountId: fc.constantFrom('demo', 'main', 'bybit-1', 'ü'),
  epoch: fc.nat({ max: 36 ** 6 - 1 }),
  intentNumber: fc.nat({ max: 36 ** 6 - 1 }),
  instance: fc.constantFrom(undefined, '000000', '00000a', 'zzzzzz'),
});

describe('client order ids', () => {
  it('writes epoch and number in base 36 behind the tag of the account', () => {
    const id = clientOrderId({ accountId: 'demo', epoch: 37, intentNumber: 35 });
    expect(id).toMatch(/^ib[0-9a-z]{7}00001100000z$/);
  });

  it('names the same intent alike and different ones apart, in at most 32 letters and digits', () => {
    fc.assert(
      fc.property(lease, lease, (a, b) => {
        expect(clientOrderId(a)).toMatch(/^[0-9a-z]{1,32}$/);
        expect(clientOrderId({ ...a })).toBe(clientOrderId(a));
        const same =
          a.accountId === b.accountId &&
          a.epoch === b.epoch &&
          a.intentNumber === b.intentNumber &&
          a.instance === b.instance;
        expect(clientOrderId(a) === clientOrderId(b)).toBe(same);
      }),
    );
  });

  it('says epoch, number and instance of every intent: all can be read back from it', () => {
    fc.assert(
      fc.property(lease, ({ accountId, epoch, intentNumber, instance }) => {
        const id = clientOrderId({ accountId, epoch, intentNumber, instance });
        const read = [id.slice(9, 15), id.slice(15, 21)].map((part) => Number.parseInt(part, 36));
        expect(read).toEqual([epoch, intentNumber]);
        expect(isOwnOrderId(id, accountId)).toBe(true);
        const said = { kind: 'ordinary', epoch, intentNumber, instance: instance ?? null };
        expect(orderNameOf(id)).toEqual(said);
      }),
    );
  });

  it('has a prefix of its own for orders that protect without a lease, which are ours all the same', () => {
    const source = { accountId: 'demo', epoch: 37, intentNumber: 1, instance: 'protec' };
    const id = protectiveOrderId(source);
    expect(id).toMatch(/^ip[0-9a-z]{7}000011000001protec$/);
    expect(id).not.toBe(clientOrderId(source));
    expect(isOwnOrderId(id, 'demo')).toBe(true);
    expect(isOwnOrderId(id, 'main')).toBe(false);
    expect(orderNameOf(id)).toMatchObject({ kind: 'protective', epoch: 37, instance: 'protec' });
  });

  it.each(['by-hand', 'ib0000000000001000001X', `ix${'0'.repeat(19)}`, `ib${'0'.repeat(20)}`, ''])(
    'are not read out of %j',
    (text) => {
      expect(orderNameOf(text)).toBeNull();
      expect(isOwnOrderId(text, 'demo')).toBe(false);
    },
  );

  it('asks for a higher epoch with every second, which fits an id until 2087', () => {
    const from2020 = fc.integer({ min: Date.UTC(2020, 0, 1, 0, 0, 1), max: Date.UTC(2087, 11, 31) });
    fc.assert(
      fc.property(from2020, (timeMs) => {
        expect(epochFloor(timeMs + 1_000)).toBe(epochFloor(timeMs) + 1);
        expect(clientOrderId({ accountId: 'demo', epoch: epochFloor(timeMs), intentNumber: 1 })).toHaveLength(
          21,
        );
      }),
    );
    expect(epochFloor(Date.UTC(2020, 0, 2))).toBe(86_400);
    expect(epochFloor(0)).toBe(1);
  });

  it("knows its own orders of every epoch, and no other account's", () => {
    const id = clientOrderId({ accountId: 'demo', epoch: 3, intentNumber: 9 });
    expect(isOwnOrderId(id, 'demo')).toBe(true);
    expect(isOwnOrderId(id, 'main')).toBe(false);
    expect(isOwnOrderId('by-hand', 'demo')).toBe(false);
  });

  it('stops when a number no longer fits', () => {
    const full = { accountId: 'demo', epoch: 36 ** 6 - 1, intentNumber: 36 ** 6 - 1 };
    expect(clientOrderId(full)).toHaveLength(21);
    expect(() => clientOrderId({ ...full, intentNumber: 36 ** 6 })).toThrow('does not fit');
    expect(() => clientOrderId({ ...full, epoch: -1 })).toThrow('whole numbers');
    expect(() => clientOrderId({ ...full, instance: 'A' })).toThrow('instance');
  });
});
