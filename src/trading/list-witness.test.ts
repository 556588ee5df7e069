import { describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal, ZERO } from '../core/base/decimal.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { Exchange, StatedPosition } from '../exchange/exchange.ts';
import { askBeside, type MissingPosition, missingFrom, unlistedMargin } from './list-witness.ts';

const BTC = instrument();
const ETH = instrument({ name: 'ETHUSDT' });

function row(changes: Partial<StatedPosition> = {}): StatedPosition {
  return {
    instrumentId: BTC.id,
    direction: 'long',
    quantity: decimal(2),
    entryPrice: decimal(100),
    markPrice: decimal(100),
    leverage: 2,
    stopPrice: null,
    takeProfitPrice: null,
    liquidationPrice: null,
    unrealisedPnl: ZERO,
    margin: decimal(100),
    ...changes,
  };
}

function missing(changes: Partial<MissingPosition> = {}): MissingPosition {
  const held = {
    instrumentId: BTC.id,
    direction: 'long',
    quantity: decimal(2),
    margin: decimal(100),
  } as const;
  return { ...held, filledMs: 0, listed: ZERO, ...changes };
}

function wallet(positionMargin: number | null): Partial<Exchange> {
  const money = { equity: decimal(1_000), walletBalance: decimal(1_000), available: decimal(900) };
  const margin = positionMargin === null ? null : decimal(positionMargin);
  return { readBalance: async () => known({ ...money, positionMargin: margin }, 0, 'test') };
}

function ask(
  exchange: Partial<Exchange>,
  lacked: readonly MissingPosition[] = [missing()],
  list: { readonly positions?: readonly StatedPosition[]; readonly usual?: number } = {},
) {
  const { positions = [], usual = 0 } = list;
  const find = (id: string) => [BTC, ETH].find((candidate) => candidate.id === id) ?? null;
  return askBeside({ exchange: fakeExchange(exchange), instrument: find }, lacked, {
    positions,
    usual: decimal(usual),
  });
}

describe('what a list falls short of', () => {
  const expected = missing();

  it('is what it does not have, states less of, or states in the other direction only', () => {
    const short = (positions: readonly StatedPosition[]) =>
      missingFrom({ positions, asOfMs: 10_000 }, [expected]).map(({ listed }) => listed.toFixed());
    expect(short([])).toEqual(['0']);
    expect(short([row({ quantity: decimal('1.5') })])).toEqual(['1.5']);
    expect(short([row({ direction: 'short' })])).toEqual(['0']);
    expect(short([row()])).toEqual([]);
    expect(short([row({ quantity: decimal(3) })])).toEqual([]);
  });

  it('is not what filled less than two seconds before the list', () => {
    const fresh = { ...expected, filledMs: 8_000 };
    expect(missingFrom({ positions: [], asOfMs: 10_000 }, [fresh])).toEqual([]);
    expect(missingFrom({ positions: [], asOfMs: 10_001 }, [fresh])).toHaveLength(1);
  });
});

describe('margin beyond a list', () => {
  it('is what the wallet counts less that of the rows, estimated where a row does not tell it', () => {
    const rows = [row(), row({ instrumentId: ETH.id, margin: null, markPrice: decimal(60) })];
    expect(unlistedMargin({ positionMargin: decimal(180) }, rows)?.toFixed()).toBe('20');
    expect(unlistedMargin({}, rows)).toBeNull();
  });
});

describe('what the exchange says beside its list', () => {
  it('confirms it where the instrument is flat by its name and the wallet counts no more margin', async () => {
    expect(await ask(wallet(0))).toEqual({ confirmed: [BTC.id], contradiction: null });
    const rest = { positions: [row({ instrumentId: ETH.id })] };
    expect(await ask(wallet(101), [missing()], rest)).toEqual({ confirmed: [BTC.id], contradiction: null });
    expect(await ask(wallet(30), [missing()], { usual: 30 })).toMatchObject({ confirmed: [BTC.id] });
  });

  it('contradicts it where the wallet still counts the margin', async () => {
    expect(await ask(wallet(100))).toMatchObject({
      confirmed: [],
      contradiction: expect.stringContaining('100.00 of margin'),
    });
  });

  it('contradicts it where the instrument is held by its name, whatever the wallet counts', async () => {
    const exchange = { ...wallet(0), readHeld: async () => known([row()], 0, 'test') };
    expect((await ask(exchange)).contradiction).toContain('states 0 on BTCUSDT');
  });

  it('is silent, and confirms nothing, where the wallet tells no margin or the name is not answered', async () => {
    const silent = { confirmed: [], contradiction: null };
    expect(await ask(wallet(null))).toEqual(silent);
    expect(await ask({ readBalance: async () => unknown('no-answer', 'timeout') })).toEqual(silent);
    expect(await ask({ ...wallet(0), readHeld: async () => unknown('bad-answer', 'no row') })).toEqual(
      silent,
    );
    expect(await ask(wallet(0), [missing({ instrumentId: instrument({ name: 'XRPUSDT' }).id })])).toEqual(
      silent,
    );
    expect(await ask(wallet(0), [missing()], { usual: 80 }), 'less than the rows bind').toEqual(silent);
  });

  it('confirms a smaller quantity by the share of the margin that went', async () => {
    const half = [missing({ listed: decimal(1) })];
    const positions = [row({ quantity: decimal(1), margin: decimal(50) })];
    const readHeld = async () => known(positions, 0, 'test');
    expect(await ask({ ...wallet(50), readHeld }, half, { positions })).toMatchObject({
      confirmed: [BTC.id],
    });
    expect((await ask({ ...wallet(100), readHeld }, half, { positions })).contradiction).not.toBeNull();
  });
});
