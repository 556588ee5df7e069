import { describe, expect, it } from 'vitest';
import { checkLedger } from '../../src/app/ledger-check.ts';
import { decimal, decimalText, ZERO } from '../../src/core/base/decimal.ts';
import { type Rng, rng } from '../../src/core/base/rng.ts';
import { known, unknown } from '../../src/core/domain/reading.ts';
import type { Exchange } from '../../src/exchange/exchange.ts';
import type { LedgerKeeper } from '../../src/trading/ledger-keeper.ts';
import { toMoney } from '../../src/venue/dialect/bybit/words.ts';
import { keptLedger } from './kept-ledger.ts';
import { enable, eventCodes, HOLD, MINUTE, safeWorld } from './safe-world.ts';
import type { World } from './world.ts';

/** Reads that fail, rows told late, twice and in any order: each of it to a reading in some. */
function unreliable(exchange: Exchange, random: Rng): Exchange {
  const lost = () => unknown('no-answer', 'the connection broke');
  const late = new Set<string>();
  return {
    ...exchange,
    readBalance: (requestClass) =>
      random.next() < 0.1 ? Promise.resolve(lost()) : exchange.readBalance(requestClass),
    readMovements: async (sinceMs, untilMs) => {
      const reading = await exchange.readMovements(sinceMs, untilMs);
      if (reading.kind === 'unknown' || random.next() < 0.1) return lost();
      const there = reading.value.filter(({ id }) => late.has(id) || random.next() < 0.9);
      for (const { id } of reading.value) late.add(id);
      const twice = there.filter(() => random.next() < 0.2);
      return known([...twice, ...there.toReversed()], reading.asOfMs, reading.source);
    },
  };
}

function walletOf({ venue }: World): string {
  return decimalText(toMoney(decimal(venue.ledger().accounts[0]?.walletBalance ?? 'none')));
}

/** Null when ledger, exchange's answer and the venue's own books are one number, and all accounts come to nothing. */
function faultOf(world: World, keeper: LedgerKeeper): string | null {
  const compared = keeper.comparison();
  const balances = [...(keeper.newest()?.balances.values() ?? [])];
  if (compared === null) return 'nothing was compared';
  const sum = balances.reduce((total, amount) => total.plus(amount), ZERO);
  if (!sum.isZero()) return `the accounts come to ${decimalText(sum)}`;
  const numbers = [compared.ledger, compared.exchange].map(decimalText);
  return new Set([...numbers, walletOf(world)]).size === 1 ? null : numbers.join(' and ');
}

async function trade(world: World, minutes: number): Promise<void> {
  enable(world);
  for (let minute = 0; minute < minutes; minute += 1) {
    if (minute % 3 === 1) world.venue.faults.add({ name: 'money-moves', kind: 'deposit', amount: 12.34567 });
    if (minute % 5 === 2) world.venue.faults.add({ name: 'money-moves', kind: 'transfer-out', amount: 3.1 });
    if (minute % 7 === 3) world.venue.faults.add({ name: 'money-moves', kind: 'bonus', amount: 0.00000001 });
    await world.time.advance(MINUTE);
  }
}

/** Nothing trades any more, and the keeper has had its time. */
async function rest(world: World): Promise<void> {
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'rest');
  for (const { instrumentId } of world.trading().engine.positions()) {
    world.trading().command({ kind: 'close-position', instrumentId }, 'test', 'rest');
    await world.time.advance(2_000);
  }
  await world.time.advance(7 * MINUTE);
}

describe('the ledger of a trading service', () => {
  it('equals the wallet to the last digit, through fills, transfers and a bad connection', async () => {
    const settings = { timeframe: '1m', exit: { ...HOLD, stopLossPct: 0.6 } } as const;
    const world = await safeWorld({ settings });
    const keeper = keptLedger(world, unreliable(world.person, rng(4)));
    await trade(world, 25);
    await rest(world);
    expect(faultOf(world, keeper)).toBeNull();
    const accounts = [...(keeper.newest()?.balances.keys() ?? [])];
    expect(accounts).toEqual(expect.arrayContaining(['bonuses', 'fees', 'realised', 'transfers', 'wallet']));
    expect(accounts).not.toContain('unexplained');
    const report = await checkLedger(world.store, 'simulation');
    expect(report).toMatchObject({ sound: true, trades: { differ: [], unproven: [], uncovered: 0 } });
    expect(report?.trades.agree).toBeGreaterThan(3);
    expect((await eventCodes(world)).filter((code) => code === 'ledger.contradiction')).toEqual([]);
    await world.stop();
  });

  it('goes on after a restart, and takes in what happened meanwhile', async () => {
    const world = await safeWorld();
    keptLedger(world);
    await trade(world, 4);
    world.die();
    world.venue.faults.add({ name: 'money-moves', kind: 'deposit', amount: 77.7 });
    await world.time.advance(90 * MINUTE);
    await world.restart();
    const keeper = keptLedger(world);
    await rest(world);
    expect(faultOf(world, keeper)).toBeNull();
    const codes = await eventCodes(world);
    expect(codes.filter((code) => code.startsWith('ledger.'))).toEqual([]);
    await world.stop();
  });

  it('that lacks a movement says so once, with both numbers, and when it has come', async () => {
    const world = await safeWorld();
    let hidden = true;
    const { person } = world;
    const keeper = keptLedger(world, {
      ...person,
      readMovements: async (sinceMs, untilMs) => {
        const reading = await person.readMovements(sinceMs, untilMs);
        if (reading.kind === 'unknown') return reading;
        const shown = reading.value.filter(({ change }) => !hidden || String(change) !== '55.5');
        return { ...reading, value: shown };
      },
    });
    await world.time.advance(MINUTE);
    expect(keeper.comparison()?.ledger.toNumber()).toBe(10_000);
    world.venue.faults.add({ name: 'money-moves', kind: 'deposit', amount: 55.5 });
    await world.time.advance(20 * MINUTE);
    const { rows } = await world.store.listEvents({ limit: 100, cursor: null });
    const told = rows.filter(({ code }) => code === 'ledger.drift');
    expect(told.map(({ severity }) => severity)).toEqual(['critical']);
    const detail = JSON.parse(told[0]?.detailJson ?? '{}');
    expect(detail).toMatchObject({ exchange: '10055.5', ledger: '10000', drift: '55.5' });
    hidden = false;
    await world.time.advance(6 * MINUTE);
    expect(faultOf(world, keeper)).toBeNull();
    expect((await eventCodes(world)).filter((code) => code === 'ledger.healed')).toHaveLength(1);
    await world.stop();
  });
});
