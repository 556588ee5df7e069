import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';

/** How the exchange itself misbehaves in one world, each with its own parameters. */
type Draw = (random: Rng) => Readonly<Record<string, string | number>> & { readonly name: string };

const path = '/v5/';
/** Taken back and told so, or told and lost: what is read stays true. */
const HONEST: readonly Draw[] = [
  () => ({ name: 'fill-partial', share: 0.5, rate: 0.7 }),
  () => ({ name: 'order-rejected-late', rate: 0.3 }),
  () => ({ name: 'cancel-race', rate: 0.7 }),
  () => ({ name: 'recent-orders-lost', rate: 0.7 }),
  () => ({ name: 'history-late', lag: '10s' }),
  (random) => ({ name: 'stop-dropped', after: `${1 + random.integer(5)}s`, rate: 0.3 }),
  (random) => ({ name: 'stop-cancelled', after: `${1 + random.integer(5)}s`, rate: 0.3 }),
  () => ({ name: 'deleveraging', share: 0.5, rate: 0.02 }),
  () => ({ name: 'message-duplicated', path, rate: 0.3 }),
  () => ({ name: 'message-reordered', path, rate: 0.3 }),
  () => ({ name: 'message-replayed', path, rate: 0.05 }),
  () => ({ name: 'message-lost', path: '/v5/private', rate: 0.3 }),
  () => ({ name: 'message-truncated', path, rate: 0.05 }),
  () => ({ name: 'stream-silent', path: '/v5/private' }),
  () => ({ name: 'stream-silent', path }),
  () => ({ name: 'stream-late', path: '/v5/private', delay: '4s' }),
  () => ({ name: 'slow-consumer-cut', path, after: 100 }),
  () => ({ name: 'request-duplicated', path: '/v5/order/create', rate: 0.5 }),
  () => ({ name: 'reply-late', path: '/v5/order/create', delay: '12s', rate: 0.5 }),
  () => ({ name: 'error-code', path: '/v5/order/create', rate: 0.5, executed: 'sometimes' }),
  () => ({ name: 'unknown-code', path: '/v5/order/create', rate: 0.5, executed: 'sometimes' }),
  (random) => ({ name: 'wick', pct: random.integer(21) - 10, over: '3s', hold: '1s', back: '5s' }),
  (random) => ({ name: 'price-move', pct: random.integer(13) - 6, over: '20s' }),
];
/** While one of these lasts nobody can keep a stop: what is read is not true, or nothing is taken. */
const BLINDING: readonly Draw[] = [
  () => ({ name: 'read-empty', path: '/v5/position/list', rate: 0.5 }),
  () => ({ name: 'read-partial', path, rate: 0.3 }),
  () => ({ name: 'read-listless', path, rate: 0.3 }),
  () => ({ name: 'read-stale', path: '/v5/position/list' }),
  () => ({ name: 'read-previous', path, rate: 0.7 }),
  () => ({ name: 'rate-limited', path, rate: 0.1, wait: '3s' }),
  () => ({ name: 'stop-ignored' }),
  () => ({ name: 'stop-refused', reason: 'would-trigger', where: 'position' }),
  () => ({ name: 'stop-refused', reason: 'unsupported', where: 'everywhere' }),
  () => ({ name: 'halt', mode: 'all' }),
  () => ({ name: 'contract-drift', pack: 'order-status-renamed' }),
  () => ({ name: 'contract-drift', pack: 'position-size-renamed' }),
  () => ({ name: 'contract-drift', pack: 'stop-endpoint-moved' }),
];

/** How long after a lie the reading that follows it may still be from before its end. */
const DAZZLE_MS = 15_000;

/** A fault of the exchange, about to begin. */
interface Gust {
  readonly fault: Readonly<Record<string, string | number>> & { readonly name: string };
  readonly blindMs: number;
}

/** Draws which of the exchange's own faults strike a world, and when: some worlds know none, some several. */
export class VenueWeather {
  private readonly random: Rng;
  private readonly kinds: readonly { readonly draw: Draw; readonly blinds: boolean }[];

  constructor(seed: number) {
    this.random = rng(seedOf(seed, 'venue weather'));
    const all = [
      ...HONEST.map((draw) => ({ draw, blinds: false })),
      ...BLINDING.map((draw) => ({ draw, blinds: true })),
    ];
    const count = this.random.integer(5);
    this.kinds = Array.from({ length: count }, () => all[this.random.integer(all.length)] ?? []).flat();
  }

  /** Null for most times it is asked. */
  next(): Gust | null {
    const kind = this.kinds[this.random.integer(Math.max(1, this.kinds.length))];
    if (kind === undefined || this.random.next() > 0.06) return null;
    const lastsMs = 5_000 + this.random.integer(40_000);
    const fault = { ...kind.draw(this.random), for: `${lastsMs}ms` };
    return { fault, blindMs: kind.blinds ? lastsMs + DAZZLE_MS : 0 };
  }
}
