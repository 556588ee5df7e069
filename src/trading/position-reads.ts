import type { Reading } from '../core/domain/reading.ts';
import type { Exchange, RequestClass, StatedPosition } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { Unstamped } from './trading-loop.ts';

/** Beside a reading of the account that is under way, positions are read no sooner than this after the last time. */
const REFRESH_MS = 1_500;

/**
 * Reads the list of positions and tells the engine at once what it states: stops are kept by it, and wait for nothing else
 * of the account.
 */
export class PositionReads {
  private readonly exchange: Exchange;
  private readonly time: Time;
  private readonly dispatch: (event: Unstamped) => void;
  private readonly isStopped: () => boolean;
  private readonly report: (message: string) => void;
  private underWay = 0;
  private askedMs = Number.NEGATIVE_INFINITY;

  constructor(options: {
    exchange: Exchange;
    time: Time;
    dispatch: (event: Unstamped) => void;
    isStopped: () => boolean;
    report: (message: string) => void;
  }) {
    this.exchange = options.exchange;
    this.time = options.time;
    this.dispatch = options.dispatch;
    this.isStopped = options.isStopped;
    this.report = options.report;
  }

  /** Reads them now, whatever is under way. */
  async read(requestClass: RequestClass): Promise<Reading<readonly StatedPosition[]>> {
    this.underWay += 1;
    this.askedMs = this.time.monotonicMs();
    try {
      const reading = await this.exchange.readPositions(requestClass);
      if (reading.kind === 'known' && reading.value.length > 0 && !this.isStopped()) {
        const { value, asOfMs } = reading;
        this.dispatch({ kind: 'positions-stated', asOfMs, positions: statedPositions(value) });
      }
      return reading;
    } finally {
      this.underWay -= 1;
    }
  }

  /** Reads them again while other parts of the account take their time; a no-op while they are read, or were lately. */
  refresh(): void {
    if (this.underWay > 0 || this.time.monotonicMs() - this.askedMs < REFRESH_MS) return;
    this.read('watch').catch((error: unknown) =>
      this.report(`Positions could not be read: ${String(error)}`),
    );
  }
}

/** As the engine is told of them: what the exchange counts as margin is asked of nobody there. */
export function statedPositions(positions: readonly StatedPosition[]) {
  return positions.map(({ margin: _, ...position }) => position);
}
