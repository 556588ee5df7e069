import { ensure } from '../core/base/assert.ts';
import { SlidingWindow } from './sliding-window.ts';

/** One limit of an exchange, and what the less urgent may use of it. */
export interface Scope {
  readonly all: SlidingWindow;
  /** What classes that are not urgent may use of it. */
  readonly ordinary: SlidingWindow;
  /** What `scan` may use of that: a start right after another still reads its account at once. */
  readonly scan: SlidingWindow;
}

/** The windows a request has to fit, by how urgent it is. */
export interface Windows {
  readonly urgent: readonly SlidingWindow[];
  readonly ordinary: readonly SlidingWindow[];
  readonly scan: readonly SlidingWindow[];
}

/** Kept free for requests that lower risk. */
export const RESERVED_RATE = 0.2;
/** The candles of 600 instruments still take two windows. */
const SCAN_RATE = 0.65;

/** What a request of each kind has to fit when it counts in all of these. */
export function windowsOf(scopes: readonly Scope[]): Windows {
  const ordinary = scopes.flatMap((each) => [each.all, each.ordinary]);
  return {
    urgent: scopes.map(({ all }) => all),
    ordinary,
    scan: [...ordinary, ...scopes.map(({ scan }) => scan)],
  };
}

/** Windows of `limit` requests in all, at least one. */
export function scopeOf(limit: number, windowMs: number): Scope {
  const { all, ordinary, scan } = partsOf(limit);
  return {
    all: new SlidingWindow(all, windowMs),
    ordinary: new SlidingWindow(ordinary, windowMs),
    scan: new SlidingWindow(scan, windowMs),
  };
}

/** From now on no more than this in all, and never more than it was made for. */
export function limitTo({ all, ordinary, scan }: Scope, limit: number): void {
  const parts = partsOf(limit);
  all.limitTo(parts.all);
  ordinary.limitTo(parts.ordinary);
  scan.limitTo(parts.scan);
}

function partsOf(limit: number): { readonly all: number; readonly ordinary: number; readonly scan: number } {
  const finite = ensure(Number.isFinite(limit) ? limit : null, 'A rate limit is finite.');
  const all = Math.max(1, Math.floor(finite));
  const part = (rate: number): number => Math.max(1, Math.min(all - 1, Math.floor(all * rate)));
  return { all, ordinary: part(1 - RESERVED_RATE), scan: part(SCAN_RATE) };
}
