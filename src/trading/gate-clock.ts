/** Two clocks that move together differ by less in how far they have gone. */
const TOLERANCE_MS = 60_000;

/**
 * The time that losses and days are counted by: the exchange's, as it dates its answers. It never goes back, and it is
 * followed further than the monotonic clock has gone only where the machine's own clock has gone as far: a machine that
 * slept. No clock that is set begins a day.
 */
export class GateClock {
  private last: { readonly nowMs: number; readonly ownMs: number; readonly monotonicMs: number } | null =
    null;

  /** Null before the first answer. */
  nowMs(): number | null {
    return this.last?.nowMs ?? null;
  }

  private begin(asOfMs: number, ownMs: number, monotonicMs: number): number {
    this.last = { nowMs: asOfMs, ownMs, monotonicMs };
    return asOfMs;
  }

  /** The time at an answer that the exchange dates `asOfMs`; `ownMs` is the machine's clock then. */
  advance(asOfMs: number, ownMs: number, monotonicMs: number): number {
    const { last } = this;
    if (last === null) return this.begin(asOfMs, ownMs, monotonicMs);
    const passedMs = monotonicMs - last.monotonicMs;
    const [expectedMs, ownExpectedMs] = [last.nowMs + passedMs, last.ownMs + passedMs];
    const isBorneOut = agrees(asOfMs, expectedMs) || agrees(asOfMs - expectedMs, ownMs - ownExpectedMs);
    const nowMs = isBorneOut ? Math.max(asOfMs, last.nowMs) : expectedMs;
    this.last = { nowMs, ownMs: isBorneOut ? ownMs : ownExpectedMs, monotonicMs };
    return nowMs;
  }
}

function agrees(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= TOLERANCE_MS;
}
