/** How much Bybit lets through. */
export interface VenueLimits {
  /** False lets everything through: for tests that are not about limits. */
  readonly isOn: boolean;
  /** Requests an address may send in `ipWindowMs`. */
  readonly ipRequests: number;
  readonly ipWindowMs: number;
  /** How long an address that sent more is shut out. */
  readonly ipBanMs: number;
}

/** Bybit's published limits. */
export const BYBIT_LIMITS: VenueLimits = {
  isOn: true,
  ipRequests: 600,
  ipWindowMs: 5000,
  ipBanMs: 600_000,
};

/** What is left of an account's second at one endpoint. */
export interface EndpointUse {
  readonly isAllowed: boolean;
  /** Of a request that counts for several: how many are let through. */
  readonly granted: number;
  readonly limit: number;
  readonly remaining: number;
  /** When the next request is let through; now while there is room. */
  readonly resetMs: number;
}

interface Window {
  startMs: number;
  count: number;
}

const SECOND_MS = 1000;

/** Counts requests in windows that begin with the first request: per address, and per account and endpoint. */
export class RateGate {
  private readonly limits: VenueLimits;
  private readonly addresses = new Map<string, Window & { bannedUntilMs: number }>();
  private readonly endpoints = new Map<string, Window>();

  constructor(limits: VenueLimits) {
    this.limits = limits;
  }

  /** False: the address is shut out, now or for a while already. */
  admitAddress(address: string, nowMs: number): boolean {
    if (!this.limits.isOn) return true;
    const window = this.addresses.get(address) ?? { startMs: nowMs, count: 0, bannedUntilMs: 0 };
    this.addresses.set(address, window);
    if (nowMs < window.bannedUntilMs) return false;
    count(window, nowMs, this.limits.ipWindowMs);
    if (window.count <= this.limits.ipRequests) return true;
    window.bannedUntilMs = nowMs + this.limits.ipBanMs;
    return false;
  }

  /** Counts a request of an account at an endpoint: once, or a batch for each of its orders. */
  countEndpoint(
    uid: string,
    endpoint: { readonly path: string; readonly perSecond: number },
    cost: number,
    nowMs: number,
  ): EndpointUse {
    const limit = endpoint.perSecond;
    const key = `${uid} ${endpoint.path}`;
    const window = this.endpoints.get(key) ?? { startMs: nowMs, count: 0 };
    this.endpoints.set(key, window);
    count(window, nowMs, SECOND_MS, cost);
    const before = window.count - cost;
    const granted = this.limits.isOn ? Math.min(cost, Math.max(0, limit - before)) : cost;
    const isAllowed = granted > 0;
    return {
      isAllowed,
      granted,
      limit,
      remaining: Math.max(0, limit - window.count),
      resetMs: isAllowed ? nowMs : window.startMs + SECOND_MS,
    };
  }
}

function count(window: Window, nowMs: number, lengthMs: number, cost = 1): void {
  if (nowMs >= window.startMs + lengthMs) {
    window.startMs = nowMs;
    window.count = 0;
  }
  window.count += cost;
}
