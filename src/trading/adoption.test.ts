import { describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal, decimalText } from '../core/base/decimal.ts';
import type { Fill, Side } from '../core/domain/order.ts';
import { known, unknown } from '../core/domain/reading.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openingOf, readAdoption } from './adoption.ts';

const BTC = instrument();
const READ_MS = 1_000_000;

function fills(...rows: readonly (readonly [side: Side, quantity: string, fee: string])[]): Fill[] {
  return rows.map(([side, quantity, fee], index) => ({
    fillId: `f${index}`,
    exchangeOrderId: 'x',
    clientOrderId: null,
    instrumentId: BTC.id,
    side,
    price: decimal(100),
    quantity: decimal(quantity),
    fee: decimal(fee),
    maker: false,
    cause: 'user',
    timeMs: 1_000 * (index + 1),
  }));
}

function opening(quantity: string, rows: readonly Fill[], direction: 'long' | 'short' = 'long') {
  const found = openingOf(rows, { direction, quantity: decimal(quantity) });
  return found === null ? null : [found.openedMs, decimalText(found.fees)];
}

describe('the beginning of a position', () => {
  it('is the fill that found nothing held', () => {
    const rows = fills(['buy', '1', '1'], ['sell', '1', '1'], ['buy', '2', '0.2'], ['buy', '1', '0.1']);
    expect(opening('3', rows)).toEqual([3_000, '0.3']);
  });

  it('is the fill that turned it, whose part beyond flat counts', () => {
    expect(opening('2', fills(['sell', '1', '1'], ['buy', '3', '0.3']))).toEqual([2_000, '0.2']);
  });

  it('carries the fees of what is still held after a part was closed', () => {
    expect(opening('1', fills(['sell', '4', '0.8'], ['buy', '3', '9']), 'short')).toEqual([1_000, '0.2']);
  });

  it('is not known where the fills do not reach it', () => {
    expect(opening('2', fills(['buy', '1', '1']))).toBeNull();
    expect(opening('2', [])).toBeNull();
  });
});

describe('what an adoption is decided on', () => {
  const time = new VirtualTime(READ_MS);
  const row = { ...{ instrumentId: BTC.id, direction: 'long' as const, quantity: decimal(1) } };
  const reading = { asOfMs: READ_MS, positions: [row as never] };
  const read = async () => reading;

  it('is the reading that was made for it, and the time its fills tell', async () => {
    const exchange = fakeExchange({
      readFills: async () => known(fills(['buy', '1', '0.5']), READ_MS, 'fake'),
    });
    const ground = await readAdoption({ exchange, time, read }, BTC);
    expect(ground).toMatchObject({ ok: true, value: { readMs: READ_MS, openedMs: 1_000 } });
  });

  it.each([
    [
      'one-way mode',
      { readLeverage: async () => unknown('refused', 'hedge') },
      'one-way mode is not known: hedge',
    ],
    [
      'its fills',
      { readFills: async () => unknown('no-answer', 'silence') },
      'fills cannot be read now: silence',
    ],
  ] as const)('is refused while %s cannot be read', async (_, broken, text) => {
    const ground = await readAdoption({ exchange: fakeExchange(broken), time, read }, BTC);
    expect(ground).toMatchObject({ ok: false, error: expect.stringContaining(text) });
  });

  it('is refused while the account cannot be read', async () => {
    const ground = await readAdoption({ exchange: fakeExchange(), time, read: async () => null }, BTC);
    expect(ground.ok).toBe(false);
  });

  it('is refused while it is being traded: the statement may be behind its fills', async () => {
    const [fresh] = fills(['buy', '1', '0.5']);
    const told = known([{ ...fresh!, timeMs: READ_MS - 1_999 }], READ_MS, 'fake');
    const exchange = fakeExchange({ readFills: async () => told });
    expect(await readAdoption({ exchange, time, read }, BTC)).toMatchObject({ ok: false });
    const settled = known([{ ...fresh!, timeMs: READ_MS - 2_000 }], READ_MS, 'fake');
    const later = fakeExchange({ readFills: async () => settled });
    expect(await readAdoption({ exchange: later, time, read }, BTC)).toMatchObject({ ok: true });
  });
});
