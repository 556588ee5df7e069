import { expect, it } from 'vitest';
import type { LinkRequest } from '../../src/venue/in-process.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { enable, HOLD, MINUTE, safeWorld } from './safe-world.ts';

it('a service killed and started sixteen times in twenty seconds is never shut out by the venue', {
  timeout: 120_000,
}, async () => {
  const requests: LinkRequest[] = [];
  const world = await safeWorld({
    settings: { timeframe: '1m', exit: HOLD, risk: { positionsMax: 50 } },
    market: (startMs) => syntheticMarket({ seed: 13, instrumentCount: 150, startMs, candleScale: 'demo' }),
    fault: (request) => {
      requests.push(request);
      return 'pass';
    },
  });
  enable(world);
  await world.time.advance(MINUTE);
  for (let start = 0; start < 16; start += 1) {
    world.die();
    world.start();
    await world.time.advance(200 + (start % 7) * 350);
  }
  const before = requests.length;
  expect(before).toBeGreaterThan(600);
  await world.time.advance(15_000);
  expect(world.mark.read()?.ban ?? null).toBeNull();
  expect(world.trading().mode().mode).toBe('ready');
  await world.stop();
});

it('a ban that one life heard holds in the next: it sends nothing, says why, and goes on when it is over', async () => {
  let shut = false;
  let asked = 0;
  const world = await safeWorld({
    wireThrough: (wire) => ({
      request: (request) => wire.request(request),
      openChannel: (path, handlers) => {
        asked += 1;
        return wire.openChannel(path, handlers);
      },
    }),
    fault: () => {
      asked += 1;
      return shut ? { status: 403, body: 'access too frequent' } : 'pass';
    },
  });
  shut = true;
  await world.time.advance(15_000);
  expect(world.trading().mode()).toMatchObject({
    mode: 'reduce-only',
    reason: expect.stringContaining('shut out'),
  });
  shut = false;
  const before = asked;
  await world.restart();
  await world.time.advance(9 * MINUTE);
  expect(asked).toBe(before);
  expect(world.trading().mode()).toMatchObject({
    mode: 'reduce-only',
    reason: expect.stringContaining('until'),
  });
  await world.time.advance(2 * MINUTE);
  expect(asked).toBeGreaterThan(before);
  expect(world.trading().mode().mode).toBe('ready');
  await world.stop();
});
