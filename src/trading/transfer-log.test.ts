import { describe, expect, it } from 'vitest';
import { fakeExchange } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import type { Movement } from '../core/domain/movement.ts';
import type { Transfer } from '../core/domain/position.ts';
import { known, unknown } from '../core/domain/reading.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { TransferLog } from './transfer-log.ts';

const DAY_MS = 86_400_000;
const WINDOW_MS = 26 * 3_600_000;
const DEPOSIT = { timeMs: DAY_MS + 1, amount: decimal(500) };
const GIFT = { timeMs: DAY_MS + 5_500, amount: decimal(7) };

function moved(id: string, { timeMs, amount }: Transfer, kind: Movement['kind'] = 'transfer'): Movement {
  const parts = { cashFlow: amount, funding: null, fee: null, heldAfter: null };
  return { id, kind, word: kind, timeMs, instrumentId: null, fillId: null, change: amount, ...parts };
}

function inWindow(rows: readonly Movement[], sinceMs: number, untilMs: number) {
  return rows.filter(({ timeMs }) => timeMs >= sinceMs && timeMs <= untilMs);
}

function balanceAt(asOfMs: number, wallet: number) {
  const balance = { equity: decimal(0), walletBalance: decimal(wallet), available: decimal(0) };
  return known(balance, asOfMs, 'fake');
}

function scene() {
  const asked: (readonly [number, number])[] = [];
  const reports: string[] = [];
  const time = new VirtualTime(DAY_MS);
  const rows = [moved('d1', DEPOSIT), moved('t1', { timeMs: DAY_MS + 2, amount: decimal(-3) }, 'trade')];
  let broken = false;
  const exchange = fakeExchange({
    readMovements: async (sinceMs, untilMs) => {
      asked.push([sinceMs, untilMs]);
      return broken
        ? unknown('refused', 'no permission')
        : known(inWindow(rows, sinceMs, untilMs), untilMs, 'fake');
    },
  });
  const log = new TransferLog({ exchange, time, report: (message) => reports.push(message) });
  const readAt = (asOfMs: number, wallet: number) => log.readFor(balanceAt(asOfMs, wallet));
  const breakDown = (): void => {
    broken = true;
  };
  return { asked, reports, time, log, readAt, breakDown, rows };
}

describe('the transfers of the last hours', () => {
  it('are read 26 hours back from the balance, and again until no late row can be missing', async () => {
    const { asked, readAt } = scene();
    for (const afterMs of [10_000, 14_999, 15_000, 30_000, 50_000])
      expect(await readAt(DAY_MS + afterMs, 100)).toEqual([DEPOSIT]);
    expect(asked.map(([sinceMs, untilMs]) => [sinceMs - DAY_MS, untilMs - DAY_MS])).toEqual([
      [10_000 - WINDOW_MS, 10_000],
      [5_000, 14_999],
      [9_999, 15_000],
    ]);
  });

  it('are read on when the wallet has changed, each counted once, for 26 hours', async () => {
    const { asked, readAt, rows } = scene();
    await readAt(DAY_MS, 100);
    expect(await readAt(DAY_MS + 5_000, 100)).toEqual([DEPOSIT]);
    // Listed late: its time lies before a reading that did not have it.
    rows.push(moved('g1', GIFT, 'bonus'));
    expect(await readAt(DAY_MS + 6_000, 107)).toEqual([DEPOSIT, GIFT]);
    expect(await readAt(DAY_MS + 11_000, 107)).toEqual([DEPOSIT, GIFT]);
    expect(asked.map(([sinceMs]) => sinceMs - DAY_MS)).toEqual([-WINDOW_MS, -5_000, 0, 1_000]);
    const gone = GIFT.timeMs + WINDOW_MS;
    expect(await readAt(gone, 107)).toEqual([GIFT]);
    expect(await readAt(gone + 1, 107)).toEqual([]);
  });

  it('are not taken back by a reading that comes after a later one', async () => {
    const { readAt, rows } = scene();
    const later = readAt(DAY_MS + 20_000, 107);
    rows.push(moved('g1', GIFT, 'bonus'));
    expect(await readAt(DAY_MS + 6_000, 100)).toEqual([DEPOSIT, GIFT]);
    await later;
    expect(await readAt(DAY_MS + 25_000, 107)).toEqual([DEPOSIT, GIFT]);
  });

  it('that cannot be read are not known, which is said once', async () => {
    const { readAt, breakDown, reports } = scene();
    breakDown();
    expect([await readAt(DAY_MS, 1), await readAt(DAY_MS + 1, 1)]).toEqual([null, null]);
    expect(reports).toHaveLength(1);
  });

  it('that do not come in time are those read before while the wallet stands, else not known', async () => {
    const { log, time, readAt } = scene();
    const never = new Promise<null>(() => undefined);
    const waited = async (wallet: number) => {
      const late = log.inTime(never, balanceAt(DAY_MS + 10_000, wallet));
      await time.advance(1_000);
      return late;
    };
    expect(await waited(100)).toBeNull();
    await readAt(DAY_MS + 9_000, 100);
    expect([await waited(100), await waited(101)]).toEqual([[DEPOSIT], null]);
    const balance = balanceAt(DAY_MS + 12_000, 101);
    expect(await log.inTime(Promise.resolve([DEPOSIT, GIFT]), balance)).toEqual([DEPOSIT, GIFT]);
  });
});
