import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { InstrumentId } from '../../src/core/domain/instrument.ts';
import { DiskReserve } from '../../src/platform/disk-reserve.ts';
import type { LinkRequest } from '../../src/venue/in-process.ts';
import { enable, held, MINUTE, ours, safeWorld } from './safe-world.ts';
import type { World, WorldOptions } from './world.ts';

/** What a reduce-only order may wait for the journal, and a millisecond for the turn of the loop. */
const EXIT_WAIT_MS = 51;
const MIB = 1024 * 1024;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-trouble-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Sent {
  readonly path: string;
  readonly timeMs: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Scene {
  readonly world: World;
  /** What the service has asked the exchange to do. */
  readonly sent: readonly Sent[];
}

async function tradingScene(disk: NonNullable<WorldOptions['disk']>): Promise<Scene> {
  const sent: Sent[] = [];
  let nowMs = (): number => 0;
  const note = ({ method, path, body }: LinkRequest): void => {
    if (method === 'POST') sent.push({ path, timeMs: nowMs(), body: JSON.parse(body) });
  };
  const world = await safeWorld({
    disk,
    fault: (request) => {
      note(request);
      return 'pass';
    },
  });
  nowMs = () => world.time.nowMs();
  enable(world);
  await world.time.advance(4 * MINUTE);
  expect(ours(world).length).toBeGreaterThan(2);
  expect(ours(world)).toEqual(held(world));
  return { world, sent };
}

const orders = (sent: readonly Sent[], reduceOnly: boolean): readonly Sent[] =>
  sent.filter(
    ({ path, body }) => path === '/v5/order/create' && (body['reduceOnly'] === true) === reduceOnly,
  );

/** Has a position closed; gives how long it took until the order left, ms. */
async function exitAfterMs({ world, sent }: Scene, instrumentId: InstrumentId): Promise<number> {
  const before = world.time.nowMs();
  world.trading().command({ kind: 'close-position', instrumentId }, 'test', 'now');
  await world.time.advance(5_000);
  const exit = orders(sent, true).find(({ body }) => body['symbol'] === instrumentId);
  return (exit?.timeMs ?? Number.POSITIVE_INFINITY) - before;
}

/** Has a person take the stop of a position further away; gives how long it took until the service set it again, ms. */
async function stopAgainAfterMs({ world, sent }: Scene, instrumentId: InstrumentId): Promise<number> {
  const engine = world.trading().engine;
  const position = engine.positions().find((row) => row.instrumentId === instrumentId);
  const instrument = engine.instrument(instrumentId);
  const { direction, entryPrice = null } = position ?? {};
  if (direction === undefined || entryPrice === null || instrument === null)
    throw new Error('the position is open');
  const far = decimal(entryPrice)
    .times(direction === 'long' ? '0.2' : '1.8')
    .dividedBy(instrument.tickSize);
  const stopPrice = far.floor().times(instrument.tickSize);
  const before = world.time.nowMs();
  const asked = world.person.setStop({ instrument, direction, stopPrice, takeProfitPrice: null });
  await world.time.advance(15_000);
  expect((await asked).kind).toBe('done');
  const again = sent.find(
    ({ path, timeMs, body }) =>
      path === '/v5/position/trading-stop' && body['symbol'] === instrumentId && timeMs > before,
  );
  return (again?.timeMs ?? Number.POSITIVE_INFINITY) - before;
}

/** Exits and stops leave in time, entries do not leave at all, and the reason is told; then all is well by itself. */
async function getsThrough(scene: Scene, reason: string, endTrouble: () => Promise<void>): Promise<void> {
  const { world, sent } = scene;
  const [first, second] = world.trading().engine.positions();
  if (first === undefined || second === undefined) throw new Error('two positions are open');
  const begunMs = world.time.nowMs();
  expect(await exitAfterMs(scene, first.instrumentId)).toBeLessThanOrEqual(EXIT_WAIT_MS);
  expect(world.trading().mode()).toMatchObject({
    mode: 'reduce-only',
    reason: expect.stringContaining(reason),
  });
  expect(await stopAgainAfterMs(scene, second.instrumentId)).toBeLessThan(12_000);
  expect(await exitAfterMs(scene, second.instrumentId)).toBeLessThanOrEqual(EXIT_WAIT_MS);
  await world.time.advance(5_000);
  expect(ours(world)).toEqual(held(world));
  expect(orders(sent, false).filter(({ timeMs }) => timeMs > begunMs + 1_000)).toEqual([]);
  await endTrouble();
  await world.time.advance(8_000);
  expect(world.trading().mode().mode).toBe('ready');
  await world.time.advance(5 * MINUTE);
  expect(orders(sent, false).filter(({ timeMs }) => timeMs > begunMs + 1_000)).not.toEqual([]);
  const exits = orders(sent, true).map(({ body }) => body['orderLinkId']);
  const { rows } = await world.store.listTrades({ limit: 500, cursor: null });
  expect(rows.map((row) => row.instrumentId)).toEqual(
    expect.arrayContaining([first.instrumentId, second.instrumentId]),
  );
  expect((await world.store.openIntents()).filter((row) => exits.includes(row.clientOrderId))).toEqual([]);
}

/** What the store holds of the exits that left meanwhile. */
function journaledExits(file: string, scene: Scene): readonly unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('select clientOrderId, state from intent where reduceOnly = 1').all();
  const fills = database.prepare('select distinct clientOrderId from fill').all();
  database.close();
  expect(rows.map((row) => row['clientOrderId']).sort()).toEqual(
    orders(scene.sent, true)
      .map(({ body }) => body['orderLinkId'])
      .sort(),
  );
  const filled = new Set(fills.map((row) => row['clientOrderId']));
  return rows.filter((row) => row['state'] !== 'filled' || !filled.has(row['clientOrderId']));
}

describe('a database another program has locked for 30 s', () => {
  it('holds up no exit and no stop; entries stop with the reason and start again by themselves', async () => {
    const file = join(folder, 'trading.db');
    const scene = await tradingScene({ file });
    const lock = new DatabaseSync(file);
    lock.exec('begin exclusive');
    await getsThrough(scene, 'locked', async () => lock.exec('rollback'));
    lock.close();
    expect(journaledExits(file, scene)).toEqual([]);
    await scene.world.stop();
  });
});

/** A disk of its own; the test is skipped where none can be mounted. */
function mounted(context: TestContext, bytes: number): string {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`no disk can be mounted here: ${String(error).split('\n')[0]}`);
  }
  return folder;
}

describe('a disk that is full', () => {
  it('holds up no exit and no stop; entries stop with the reason and start again by themselves', async (context) => {
    const disk = mounted(context, 64 * MIB);
    try {
      const file = join(disk, 'trading.db');
      const room = new DiskReserve(join(disk, 'reserve'));
      await room.restore();
      const scene = await tradingScene({ file, room });
      const ballast = join(disk, 'ballast');
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize, 1));
      expect(statfsSync(disk).bavail).toBe(0);
      // Whatever is written next meets the end of the disk, once the log has used up what it has.
      await scene.world.time.advance(MINUTE);
      expect(room.isHeld()).toBe(false);
      await getsThrough(scene, 'disk is full', async () => {
        rmSync(ballast);
        // Writing the room anew takes the disk's time, not the world's.
        await vi.waitFor(async () => expect(await room.restore()).toBe(true));
      });
      expect(journaledExits(file, scene)).toEqual([]);
      await scene.world.stop();
    } finally {
      // What still has a file open there does not keep it.
      execFileSync('/bin/umount', ['-l', disk]);
    }
  });
});
