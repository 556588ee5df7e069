import { describe, expect, it } from 'vitest';
import { type Decimal, decimal, decimalText, ZERO } from '../core/base/decimal.ts';
import type { Movement } from '../core/domain/movement.ts';
import { known, type Reading, unknown } from '../core/domain/reading.ts';
import type { Time } from '../platform/time.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { LedgerKeeper } from './ledger-keeper.ts';

const DAY_MS = 86_400_000;
const START_MS = 100 * DAY_MS;

function moved(id: string, timeMs: number, change: number, changes: Partial<Movement> = {}): Movement {
  const rest = {
    instrumentId: null,
    fillId: null,
    cashFlow: null,
    funding: null,
    fee: null,
    heldAfter: null,
  };
  return { id, kind: 'transfer', word: 'TRANSFER_IN', timeMs, change: decimal(change), ...rest, ...changes };
}

function scene(wallet = 1_000) {
  const time = new VirtualTime(START_MS);
  const store = openStore({ file: ':memory:', time });
  const codes: string[] = [];
  const asked: (readonly [number, number])[] = [];
  const exchange = {
    wallet: decimal(wallet) as Decimal,
    /** What the wallet is while the list is read, when something moves just then. */
    meanwhile: null as Decimal | null,
    rows: [] as Movement[],
    unreadableFromMs: Number.POSITIVE_INFINITY,
  };
  const balance = () => ({ equity: ZERO, walletBalance: exchange.wallet, available: ZERO });
  const readMovements = async (sinceMs: number, untilMs: number): Promise<Reading<readonly Movement[]>> => {
    asked.push([sinceMs, untilMs]);
    if (untilMs >= exchange.unreadableFromMs) return unknown('no-answer', 'the connection broke');
    if (exchange.meanwhile !== null) exchange.wallet = exchange.meanwhile;
    exchange.meanwhile = null;
    const rows = exchange.rows.filter(({ timeMs }) => timeMs >= sinceMs && timeMs <= untilMs);
    return known(rows, time.nowMs(), 'fake');
  };
  /** How far the machine's clock is ahead of the exchange's. */
  const set = { aheadMs: 0 };
  const clock: Time = Object.assign(Object.create(time), { nowMs: () => time.nowMs() + set.aheadMs });
  const start = () =>
    new LedgerKeeper({
      exchange: { readBalance: async () => known(balance(), time.nowMs(), 'fake'), readMovements },
      ...{ book: store.ledger, time: clock, accountId: 'a' },
      newest: () => ({ balance: balance() }),
      tell: ({ code }) => codes.push(code),
      report: (message) => codes.push(message),
    });
  let keeper = start();
  const keep = async (times = 1): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      const kept = keeper.keep();
      await time.advance(10_000);
      await kept;
    }
  };
  const restart = (): void => {
    keeper = start();
  };
  const ledger = (): string => keeper.newest()?.balances.get('wallet') ?? 'none';
  return { time, set, store, codes, asked, exchange, keep, restart, ledger, keeper: () => keeper };
}

describe('the ledger keeper', () => {
  it('opens with what was there before the first seven days', async () => {
    const { exchange, keep, keeper, codes } = scene(1_000);
    exchange.rows.push(moved('old', START_MS - 8 * DAY_MS, 600), moved('new', START_MS - DAY_MS, 300));
    await keep(3);
    const balances = keeper().newest()?.balances;
    expect([balances?.get('wallet'), balances?.get('opening')]).toEqual(['1000', '-700']);
    expect(codes).toEqual([]);
  });

  it('is opened under a clock that is ahead and has agreed no later than the exchange says', async () => {
    const { time, keep, keeper, set } = scene(1_000);
    set.aheadMs = 3_600_000;
    await keep(3);
    const agreedMs = keeper().newest()?.agreedMs ?? 0;
    expect([agreedMs > START_MS, agreedMs <= time.nowMs()]).toEqual([true, true]);
    expect(keeper().agreedAtMs()).toBe(agreedMs);
  });

  it('reads on at once when a clock that was ahead is set right', async () => {
    const { time, keep, ledger, exchange, set, codes } = scene(1_000);
    set.aheadMs = 3_600_000;
    await keep(3);
    exchange.rows.push(moved('m1', time.nowMs(), 50));
    exchange.wallet = decimal(1_050);
    await keep(2);
    set.aheadMs = 0;
    exchange.rows.push(moved('m2', time.nowMs(), 5));
    exchange.wallet = decimal(1_055);
    await keep(2);
    expect([ledger(), codes]).toEqual(['1055', []]);
  });

  it('compares nothing while the wallet moves', async () => {
    const { exchange, keep, keeper, ledger, time } = scene();
    await keep(3);
    exchange.rows.push(moved('m1', time.nowMs(), 50));
    exchange.wallet = decimal(1_050);
    exchange.meanwhile = decimal(1_060);
    const before = keeper().comparison();
    await keep();
    expect(keeper().comparison()).toBe(before);
    exchange.rows.push(moved('m2', time.nowMs(), 10));
    await keep(2);
    expect([ledger(), decimalText(keeper().comparison()?.exchange ?? ZERO)]).toEqual(['1060', '1060']);
  });

  it('reads all of an outage day by day, and after a fault from where it was', async () => {
    const { exchange, keep, restart, ledger, time, asked, codes } = scene();
    await keep(3);
    const sinceMs = time.nowMs();
    for (let day = 0; day < 30; day += 1) exchange.rows.push(moved(`d${day}`, sinceMs + day * DAY_MS + 5, 1));
    exchange.wallet = decimal(1_030);
    await time.advance(30 * DAY_MS);
    restart();
    exchange.unreadableFromMs = sinceMs + 10 * DAY_MS;
    await keep();
    exchange.unreadableFromMs = Number.POSITIVE_INFINITY;
    asked.length = 0;
    await keep();
    expect(ledger()).toBe('1030');
    expect(asked[0]?.[0]).toBeGreaterThan(sinceMs + 8 * DAY_MS);
    expect(codes).toEqual(['The ledger could not be kept: the connection broke']);
  });

  it('tells a row that is late only when it stays away, and looks for it as far back as they last agreed', async () => {
    const { exchange, keep, ledger, time, codes } = scene();
    await keep(3);
    const lateMs = time.nowMs();
    exchange.wallet = decimal(990);
    await keep(2);
    expect(codes).toEqual([]);
    await keep(60);
    expect(codes).toEqual(['ledger.drift']);
    exchange.rows.push(moved('late', lateMs, -10));
    await keep(31);
    expect([ledger(), codes]).toEqual(['990', ['ledger.drift', 'ledger.healed']]);
  });

  it('books what has no known reason as unexplained, and says so once', async () => {
    const { exchange, keep, keeper, restart, time, codes } = scene();
    await keep(3);
    exchange.rows.push(moved('odd', time.nowMs(), 5, { kind: 'unknown', word: 'SOMETHING_NEW' }));
    exchange.wallet = decimal(1_005);
    await keep(3);
    restart();
    await keep(3);
    expect(keeper().newest()?.balances.get('unexplained')).toBe('-5');
    expect(codes).toEqual(['ledger.unexplained']);
  });

  it('keeps what was told first, and says once that it is told otherwise', async () => {
    const { exchange, keep, ledger, time, codes } = scene();
    await keep(3);
    exchange.rows.push(moved('m1', time.nowMs(), 5));
    exchange.wallet = decimal(1_005);
    await keep();
    exchange.rows.splice(0, 1, moved('m1', time.nowMs() - 10_000, 6));
    exchange.wallet = decimal(1_006);
    await keep(5);
    expect(ledger()).toBe('1005');
    expect(codes.filter((code) => code === 'ledger.contradiction')).toHaveLength(1);
  });

  it('reads nothing for a minute while nothing moves', async () => {
    const { keep, asked } = scene();
    await keep(3);
    asked.length = 0;
    await keep(5);
    expect(asked).toEqual([]);
    await keep(2);
    expect(asked).toHaveLength(1);
  });
});
