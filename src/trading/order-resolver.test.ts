import { describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import { parseClientOrderId } from '../core/domain/order.ts';
import { known } from '../core/domain/reading.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { resolveOrder } from './order-resolver.ts';

const btc = instrument();
const VALID_MS = 5_000;

/** How long a lookup takes to conclude that there is no order, ms; null: it does not within five minutes. */
async function denialMs(overrides: (time: VirtualTime) => Partial<Exchange>): Promise<number | null> {
  const time = new VirtualTime(0);
  const clientOrderId = parseClientOrderId('ib00000001000001');
  if (clientOrderId === null) throw new Error('an order has a name');
  let concludedMs: number | null = null;
  const exchange = fakeExchange({
    findOrder: async () => known(null, time.nowMs(), 'test'),
    readOrderFills: async () => known([], time.nowMs(), 'test'),
    readHeld: async () => known([], time.nowMs(), 'test'),
    ...overrides(time),
  });
  void resolveOrder(
    { instrument: btc, clientOrderId, validUntilMs: VALID_MS },
    { exchange, time, isStopped: () => false, held: () => null, onLook: () => undefined },
  ).then((resolution) => {
    if (resolution?.kind === 'not-placed') concludedMs = time.nowMs();
  });
  await time.advance(300_000);
  return concludedMs;
}

describe('an order that no list and no fill knows', () => {
  it('was not placed once two looks after its validity agree', async () => {
    const tookMs = await denialMs(() => ({}));
    expect(tookMs).toBeGreaterThan(VALID_MS + 2_000);
    expect(tookMs).toBeLessThan(VALID_MS + 10_000);
  });

  it('is doubted for a minute while a position speaks for it', async () => {
    const tookMs = await denialMs((time) => ({
      readHeld: async () => known([heldRow()], time.nowMs(), 'test'),
    }));
    expect(tookMs).toBeGreaterThanOrEqual(VALID_MS + 60_000);
    expect(tookMs).toBeLessThan(VALID_MS + 80_000);
  });
});

function heldRow() {
  return { instrumentId: btc.id, direction: 'long', quantity: decimal(1), entryPrice: decimal(100) } as never;
}
