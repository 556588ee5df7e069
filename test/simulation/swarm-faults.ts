import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import type { LinkFault, LinkRequest } from '../../src/venue/in-process.ts';

/** How bad one world is: drawn from its seed, so that some worlds have one kind of trouble and some have all. */
interface Weather {
  readonly lostWrites: number;
  readonly badWrites: number;
  readonly lateWrites: number;
  readonly badReads: number;
  readonly failingStore: number;
  readonly deaths: number;
}

/** Where a process may die besides anywhere in time. */
const FATAL_PLACES = [
  'before the journal',
  'after the journal',
  'at the request',
  'after the request',
  'at the state',
  'at the fills',
  'at the closed position',
] as const;
type FatalPlace = (typeof FATAL_PLACES)[number];

const BAD_ANSWERS: readonly { readonly status: number; readonly body: string }[] = [
  { status: 200, body: '<html>maintenance</html>' },
  { status: 500, body: 'Internal Server Error' },
  { status: 502, body: '' },
  { status: 200, body: '{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BT' },
  { status: 200, body: '{"retCode":0,"retMsg":"OK","result":{},"time":1}' },
  { status: 200, body: '{"retCode":10016,"retMsg":"server error","result":{},"time":1}' },
];

/** What a storm hits: all, or what one question is asked at. */
const STORM_PATHS = [
  '/',
  '/v5/position/list',
  '/v5/execution/list',
  '/v5/order/realtime',
  '/v5/order/create',
];
const STORM_MS_MAX = 60_000;
/** Of all starts amid faults, how many find the journal but no trading state. */
const STATE_LOST_RATE = 0.2;
/** Beyond the exchange's window for signed requests, which must end them. */
const LATE_MS_MAX = 8_000;

/** Draws the faults of one world: on the wire, in the store, and deaths at chosen places. */
export class SwarmFaults {
  /** How often each kind was met, by name. */
  readonly met = new Map<string, number>();
  /** Entries the journal had durable, by id, each with the order its position is named after. */
  readonly journaled = new Map<string, string>();
  private readonly random: Rng;
  /** By its own dice, so that seeds that once found something still mean the same. */
  private readonly losses: Rng;
  private readonly weather: Weather;
  /** Orders the service has concluded never to have existed, by id. */
  readonly givenUp = new Set<string>();
  private storm: { readonly path: string; readonly untilMs: number; readonly answer: LinkFault } | null =
    null;
  private dead = false;
  private active = false;
  private place: FatalPlace | null = null;
  private die: () => void = () => undefined;

  constructor(seed: number) {
    this.random = rng(seedOf(seed, 'faults'));
    this.losses = rng(seedOf(seed, 'losses'));
    const draw = (most: number): number => (this.random.next() < 0.5 ? 0 : most * this.random.next());
    this.weather = {
      lostWrites: draw(0.5),
      badWrites: draw(0.3),
      lateWrites: draw(0.3),
      badReads: draw(0.15),
      failingStore: draw(0.2),
      deaths: draw(0.05),
    };
  }

  /** From now on faults happen; `die` ends the process at once. */
  begin(die: () => void): void {
    this.die = die;
    this.active = true;
  }

  end(): void {
    this.active = false;
    this.storm = null;
    this.place = null;
  }

  /** Maybe plans a death; called between two steps of time. */
  plan(): void {
    if (!this.active || this.random.next() >= this.weather.deaths) return;
    const at = this.random.integer(FATAL_PLACES.length + 1);
    this.place = FATAL_PLACES[at] ?? null;
    if (this.place === null) this.kill('at any time');
  }

  onRequest(request: LinkRequest, nowMs: number): LinkFault {
    if (!this.active) return 'pass';
    if (this.storm !== null && nowMs < this.storm.untilMs && request.path.startsWith(this.storm.path)) {
      this.count('a storm struck');
      return this.storm.answer;
    }
    if (request.method === 'GET')
      return this.happens('a read spoilt', this.weather.badReads) ? this.badAnswer() : 'pass';
    if (request.path === '/v5/order/create') {
      if (this.isFatal('at the request')) return 'lose-request';
      if (this.isFatal('after the request')) return 'lose-reply';
    }
    if (this.happens('a write lost', this.weather.lostWrites))
      return this.random.next() < 0.5 ? 'lose-request' : 'lose-reply';
    return this.happens('a write spoilt', this.weather.badWrites) ? this.badAnswer() : 'pass';
  }

  /** For how long a write is under way although its connection broke at once; null for most. */
  lateness(request: LinkRequest): number | null {
    if (!this.active || request.method === 'GET' || !this.happens('a write late', this.weather.lateWrites))
      return null;
    return this.random.integer(LATE_MS_MAX);
  }

  /** For some time every request, or every one of a path, is answered by somebody else. */
  startStorm(nowMs: number): void {
    if (!this.active) return;
    const path = STORM_PATHS[this.random.integer(STORM_PATHS.length)] ?? '';
    this.storm = { path, untilMs: nowMs + this.random.integer(STORM_MS_MAX), answer: this.badAnswer() };
    this.count('a storm');
  }

  /** The process has been started again. */
  revived(): void {
    this.dead = false;
  }

  /** The store as the service sees it; what a dead process asks of it never happens. */
  around(store: Store): Store {
    const written = async <T>(before: FatalPlace | null, write: () => Promise<T>): Promise<T> => {
      if (this.dead || (before !== null && this.isFatal(before))) return forever();
      this.failSometimes();
      return write();
    };
    const guarded: Partial<Store> = {
      addIntent: async (intent, epoch) => {
        await written('before the journal', () => store.addIntent(intent, epoch));
        const opener = intent.ladderId ?? intent.clientOrderId;
        this.journaled.set(intent.clientOrderId, opener);
        if (opener !== intent.clientOrderId) this.count('a further rung');
        return this.isFatal('after the journal') ? forever() : undefined;
      },
      settleIntent: (id, state, ...rest) => {
        if (state === 'not-placed' || state === 'rejected') this.givenUp.add(id);
        return written(null, () => store.settleIntent(id, state, ...rest));
      },
      loadTradingState: async (accountId) => (this.losesState() ? null : store.loadTradingState(accountId)),
      saveTradingState: (...row) => written('at the state', () => store.saveTradingState(...row)),
      addFills: (rows) => written('at the fills', () => store.addFills(rows)),
      addTrade: (row) => written('at the closed position', () => store.addTrade(row)),
    };
    return new Proxy(store, {
      get: (target, name) => {
        const replaced: unknown = Reflect.get(guarded, name);
        if (replaced !== undefined) return replaced;
        const own: unknown = Reflect.get(target, name);
        return typeof own === 'function' ? own.bind(target) : own;
      },
    });
  }

  private losesState(): boolean {
    if (!this.active || this.losses.next() >= STATE_LOST_RATE) return false;
    this.count('a state lost');
    return true;
  }

  private failSometimes(): void {
    if (this.active && this.happens('the store failed', this.weather.failingStore))
      throw new StoreError('busy', 'database is locked');
  }

  private isFatal(place: FatalPlace): boolean {
    if (!this.active || this.place !== place) return false;
    this.place = null;
    this.kill(place);
    return true;
  }

  private kill(place: string): void {
    this.count(`died ${place}`);
    this.dead = true;
    this.die();
  }

  private happens(kind: string, rate: number): boolean {
    if (this.random.next() >= rate) return false;
    this.count(kind);
    return true;
  }

  private badAnswer(): LinkFault {
    return BAD_ANSWERS[this.random.integer(BAD_ANSWERS.length)] ?? 'pass';
  }

  private count(kind: string): void {
    this.met.set(kind, (this.met.get(kind) ?? 0) + 1);
  }
}

/** A call of a process that has died. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}
