import type { VenueLimits } from './rate-gate.ts';

/** Connections an address may open to a stream in five minutes. */
const CONNECTIONS_MAX = 500;
const WINDOW_MS = 300_000;

/** Counts connections by address, in windows that begin with the first. */
export class StreamDoors {
  private readonly isOn: boolean;
  private readonly windows = new Map<string, { startMs: number; count: number }>();

  constructor(limits: Pick<VenueLimits, 'isOn'>) {
    this.isOn = limits.isOn;
  }

  /** Null: come in. */
  refuses(path: string, address: string, nowMs: number): string | null {
    const key = `${address} ${path.startsWith('/v5/public') ? 'public' : path}`;
    const window = this.windows.get(key) ?? { startMs: nowMs, count: 0 };
    this.windows.set(key, window);
    if (nowMs >= window.startMs + WINDOW_MS) Object.assign(window, { startMs: nowMs, count: 0 });
    window.count += 1;
    return this.isOn && window.count > CONNECTIONS_MAX ? 'too many connections in five minutes' : null;
  }
}
