import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import type { LinkFault, LinkRequest } from '../../src/venue/in-process.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { HOLD } from './safe-world.ts';
import { createWorld, type World } from './world.ts';

const LOOK_MS = 500;
/** No first byte of an entry leaves later than this after the press. */
const LAST_ENTRY_MS = 2_000;
/** Nothing that could add exposure rests longer than this while the exchange can be reached. */
const GONE_MS = 30_000;
const CREATE = '/v5/order/create';

/** What goes on when the switch is pressed. */
export const MOMENTS = [
  'whenever',
  'entering',
  'exiting',
  'reply-lost',
  'store-failing',
  'unreachable',
  'restarted',
  'down',
] as const;
type Moment = (typeof MOMENTS)[number];

/** What a world full of presses came to, by the venue's books and the wire alone. */
interface PressRun {
  readonly breaches: readonly string[];
  readonly presses: number;
  /** Presses that found an entry of ours at rest, and how many such orders. */
  readonly resting: number;
  /** Entries that left within the two seconds that are allowed. */
  readonly late: number;
  readonly closed: number;
}

/** Presses the switch at random moments of one world, one after the other. */
export async function runPresses(seed: number, presses: number): Promise<PressRun> {
  const scene = await openScene(seed);
  for (let press = 0; press < presses; press += 1) {
    const moment = MOMENTS[(seed + press) % MOMENTS.length] ?? 'whenever';
    await scene.trade();
    await scene.press(moment);
  }
  await scene.world.stop();
  return { ...scene.count, presses, breaches: scene.breaches };
}

async function openScene(seed: number): Promise<Scene> {
  const random = rng(seedOf(seed, 'halt-presses'));
  const weather = { reachable: true, storing: true };
  const sent: Sent[] = [];
  let nowMs = (): number => 0;
  const fault = ({ method, path, body }: LinkRequest): LinkFault => {
    if (method === 'POST' && path === CREATE) sent.push({ timeMs: nowMs(), body: JSON.parse(body) });
    return weather.reachable ? 'pass' : 'lose-request';
  };
  const world = await createWorld({
    seed,
    fault,
    settings: {
      timeframe: '1m',
      exit: { ...HOLD, stopLossPct: 20 },
      risk: { positionNotionalUsdt: 300, positionsMax: 8, exposurePctMax: 100 },
      entry: {
        entryMethod: 'ladder',
        rungs: [0, 2, 4].map((offsetPct) => ({ offsetPct, weight: 1 })),
        rungsLifeCandles: null,
      },
    },
    market: (startMs) => syntheticMarket({ seed, instrumentCount: 10, startMs, candleScale: 'demo' }),
    storeThrough: (store) =>
      new Proxy(store, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (name === 'addIntent' && !weather.storing)
            return async () => Promise.reject(new Error('disk I/O error'));
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
  });
  nowMs = () => world.time.nowMs();
  return new Scene(world, { random, weather, sent });
}

interface Sent {
  readonly timeMs: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Weather {
  reachable: boolean;
  storing: boolean;
}

type Row = Readonly<Record<string, unknown>>;

class Scene {
  readonly world: World;
  readonly breaches: string[] = [];
  readonly count = { resting: 0, late: 0, closed: 0 };
  private readonly random: Rng;
  private readonly weather: Weather;
  private readonly sent: readonly Sent[];

  constructor(
    world: World,
    parts: { readonly random: Rng; readonly weather: Weather; readonly sent: readonly Sent[] },
  ) {
    this.world = world;
    this.random = parts.random;
    this.weather = parts.weather;
    this.sent = parts.sent;
  }

  /** Entries by hand and by Auto Bot, until the switch is pressed somewhere in it. */
  async trade(): Promise<void> {
    this.world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'trade');
    for (let count = 0; count < 3; count += 1) {
      this.enter();
      await this.world.time.advance(500 + this.random.integer(3_000));
    }
    await this.world.time.advance(this.random.integer(4_000));
  }

  async press(moment: Moment): Promise<void> {
    const { world, random } = this;
    await this.before(moment);
    const pressedMs = world.time.nowMs();
    this.count.resting += this.entries().length > 0 ? 1 : 0;
    const halt = { sinceMs: pressedMs, by: 'test', reason: moment };
    if (random.next() < 0.5) void world.latch.latch(halt);
    else void world.trading().halt.press(halt);
    if (moment !== 'down') this.enter();
    const reachableMs = await this.after(moment);
    await this.watch(pressedMs, reachableMs);
    await this.exitsGoOn(moment);
    this.judgeWire(pressedMs, moment);
    world.latch.lift({ resumedMs: world.time.nowMs(), by: 'test', reason: '' });
    await world.time.advance(3_000);
    if (world.trading().engine.autoBot().enabled)
      this.breaches.push(`${moment}: Auto Bot is on after the halt`);
  }

  private async before(moment: Moment): Promise<void> {
    const { world, random, weather } = this;
    if (moment === 'reply-lost') world.venue.faults.add({ name: 'reply-lost', path: CREATE, count: 2 });
    if (moment === 'store-failing') weather.storing = false;
    if (moment === 'down') world.die();
    if (moment === 'entering' || moment === 'reply-lost' || moment === 'unreachable') {
      this.enter();
      await world.time.advance(random.integer(400));
    }
    if (moment === 'exiting') this.close();
    if (moment === 'unreachable') {
      weather.reachable = false;
      world.link.cutChannels('cable');
    }
  }

  /** When the exchange could be reached by a service that runs. */
  private async after(moment: Moment): Promise<number> {
    const { world, random, weather } = this;
    if (moment === 'unreachable') await world.time.advance(5_000 + random.integer(35_000));
    weather.reachable = true;
    if (moment === 'restarted' || moment === 'down') {
      await world.time.advance(random.integer(3_000));
      const startMs = world.time.nowMs();
      await world.restart();
      return startMs;
    }
    return world.time.nowMs();
  }

  private async watch(pressedMs: number, reachableMs: number): Promise<void> {
    const { world } = this;
    let clear = false;
    while (world.time.nowMs() < reachableMs + GONE_MS) {
      await world.time.advance(LOOK_MS);
      clear ||= world.trading().halt.reading()?.clearMs != null;
      if (clear)
        for (const row of this.entries()) this.fault(pressedMs, `said clear, and ${named(row)} rests`);
      const { mode } = world.trading().mode();
      if (mode !== 'halted') this.fault(pressedMs, `the mode is ${mode}`);
    }
    for (const row of this.entries()) this.fault(pressedMs, `${named(row)} rests after ${GONE_MS} ms`);
    if (!clear) this.fault(pressedMs, `nothing was confirmed within ${GONE_MS} ms`);
    for (const row of this.account().positions) {
      if (row['stopPrice'] === null) this.fault(pressedMs, `${row['instrumentId']} has lost its stop`);
    }
  }

  private async exitsGoOn(moment: Moment): Promise<void> {
    const instrumentId = this.close();
    await this.world.time.advance(6_000);
    this.weather.storing = true;
    if (instrumentId === null) return;
    this.count.closed += 1;
    if (this.account().positions.some((row) => row['instrumentId'] === instrumentId)) {
      this.breaches.push(`${moment}: ${instrumentId} could not be closed`);
    }
  }

  private judgeWire(pressedMs: number, moment: Moment): void {
    const entries = this.sent.filter(({ timeMs, body }) => timeMs > pressedMs && body['reduceOnly'] !== true);
    for (const { timeMs, body } of entries) {
      if (timeMs <= pressedMs + LAST_ENTRY_MS) this.count.late += 1;
      else
        this.breaches.push(`${moment}: ${body['orderLinkId']} left ${timeMs - pressedMs} ms after the press`);
    }
  }

  private enter(): void {
    const rows = this.world.trading().engine.scanRows();
    const row = rows[this.random.integer(Math.max(1, rows.length))];
    if (row === undefined) return;
    const direction = this.random.next() < 0.5 ? 'long' : 'short';
    const command = { kind: 'enter', instrumentId: row.instrumentId, direction, force: true } as const;
    this.world.trading().command(command, 'test', 'presses');
  }

  /** Which position is being closed; null where none is held. */
  private close(): string | null {
    const held = this.world
      .trading()
      .engine.positions()
      .filter(({ state }) => state === 'open');
    const position = held[this.random.integer(Math.max(1, held.length))];
    if (position === undefined) return null;
    const { instrumentId } = position;
    this.world.trading().command({ kind: 'close-position', instrumentId }, 'test', 'presses');
    return instrumentId;
  }

  private entries(): readonly Row[] {
    return this.account().openOrders.filter((row) => row['origin'] === 'user' && row['reduceOnly'] !== true);
  }

  private account() {
    const account = this.world.venue.state().accounts[0];
    if (account === undefined) throw new Error('the venue has one account');
    return account;
  }

  private fault(pressedMs: number, text: string): void {
    const found = `${this.world.latch.read()?.reason}, ${this.world.time.nowMs() - pressedMs} ms: ${text}`;
    if (this.breaches.length < 20) this.breaches.push(found);
  }
}

function named(row: Row): string {
  return `${row['clientOrderId']} on ${row['instrumentId']}`;
}
