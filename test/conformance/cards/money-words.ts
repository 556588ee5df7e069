import { expect } from 'vitest';
import { decimal } from '../../../src/core/base/decimal.ts';
import { riskTiers, type TieredInstrument } from '../../../src/core/matching/risk-tier.ts';
import { instrument } from '../../fixture/scripted-market.ts';
import { type Stage, symbol } from './stage.ts';

/** BTCUSDT with two tiers a small account can climb: 20,000 at 50x, 100,000 at 10x. */
export const TIERED: readonly TieredInstrument[] = [
  {
    ...instrument(symbol),
    riskTiers: riskTiers([
      { valueMax: decimal(20_000), maintenanceRate: decimal('0.01'), leverageMax: decimal(50) },
      { valueMax: decimal(100_000), maintenanceRate: decimal('0.05'), leverageMax: decimal(10) },
    ]),
  },
];

/** Begins a fault, or a deed of the exchange's own people. */
export function cause(stage: Stage, deed: object): void {
  const added = stage.running.venue.faults.add(deed);
  expect(added, JSON.stringify(added)).toMatchObject({ ok: true });
}

/** Buys at market; negative sells. */
export async function trade(stage: Stage, quantity: number, reduceOnly = false): Promise<void> {
  const placed = await stage.rest.submitOrder({
    category: 'linear',
    symbol,
    side: quantity > 0 ? 'Buy' : 'Sell',
    orderType: 'Market',
    qty: String(Math.abs(quantity)),
    reduceOnly,
  });
  expect(placed).toMatchObject({ retCode: 0 });
}

/** The position in BTCUSDT as `position/list` has it. */
export async function heldPosition(stage: Stage): Promise<Record<string, unknown>> {
  const listed = await stage.send('GET', '/v5/position/list', { category: 'linear', symbol });
  return listed.result.list?.[0] ?? {};
}

/** The account as `wallet-balance` has it. */
export async function wallet(
  stage: Stage,
): Promise<Record<string, unknown> & { coin: Record<string, unknown>[] }> {
  const read = await stage.send('GET', '/v5/account/wallet-balance', { accountType: 'UNIFIED' });
  const row = read.result.list?.[0] ?? {};
  return { ...row, coin: row['coin'] as Record<string, unknown>[] };
}
