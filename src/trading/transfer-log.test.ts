import { describe, expect, it } from 'vitest';
import { fakeExchange } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import { known, unknown } from '../core/domain/reading.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { TransferLog } from './transfer-log.ts';

const DAY_MS = 86_400_000;
const DEPOSIT = { timeMs: DAY_MS + 1, amount: decimal(500) };

function scene() {
  const asked: (readonly [number, number])[] = [];
  const reports: string[] = [];
  const time = new VirtualTime(DAY_MS);
  let broken = false;
  const exchange = fakeExchange({
    readTransfers: async (sinceMs, untilMs) => {
      asked.push([sinceMs, untilMs]);
      return broken ? unknown('refused', 'no permission') : known([DEPOSIT], untilMs, 'fake');
    },
  });
  const log = new TransferLog({ exchange, time, report: (message) => reports.push(message) });
  const readAt = (asOfMs: number, wallet: number) => {
    const balance = { equity: decimal(0), walletBalance: decimal(wallet), available: decimal(0) };
    return log.readFor(known(balance, asOfMs, 'fake'));
  };
  const breakDown = (): void => {
    broken = true;
  };
  return { asked, reports, time, log, readAt, breakDown };
}

describe('the transfers of a day', () => {
  it('are read from midnight until the balance, and again until no late row can be missing', async () => {
    const { asked, readAt } = scene();
    for (const afterMs of [10_000, 14_999, 15_000, 30_000, 50_000])
      expect(await readAt(DAY_MS + afterMs, 100)).toEqual([DEPOSIT]);
    expect(asked.map(([, untilMs]) => untilMs - DAY_MS)).toEqual([10_000, 14_999, 15_000]);
    expect(asked.every(([sinceMs]) => sinceMs === DAY_MS)).toBe(true);
  });

  it('are read anew when the wallet has changed, and on another day', async () => {
    const { asked, readAt } = scene();
    for (const [afterMs, wallet] of [
      [0, 100],
      [5_000, 100],
      [6_000, 90],
      [11_000, 90],
      [DAY_MS, 90],
    ] as const)
      await readAt(DAY_MS + afterMs, wallet);
    expect(asked).toHaveLength(5);
    expect(asked.at(-1)?.[0]).toBe(2 * DAY_MS);
    await readAt(DAY_MS + 12_000, 100);
    expect(asked).toHaveLength(6);
  });

  it('that cannot be read are not known, which is said once', async () => {
    const { readAt, breakDown, reports } = scene();
    breakDown();
    expect([await readAt(DAY_MS, 1), await readAt(DAY_MS + 1, 1)]).toEqual([null, null]);
    expect(reports).toHaveLength(1);
  });

  it('that do not come in time are not known for this reading', async () => {
    const { log, time } = scene();
    const late = log.inTime(new Promise(() => undefined));
    await time.advance(1_000);
    expect(await late).toBeNull();
    expect(await log.inTime(Promise.resolve([DEPOSIT]))).toEqual([DEPOSIT]);
  });
});
