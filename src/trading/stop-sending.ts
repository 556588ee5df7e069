import type { AmendStop } from '../core/engine/decision.ts';
import type { CancelTimer, Time } from '../platform/time.ts';

/** A request that is not answered after this is read back, and the same levels may be sent again. */
const SILENT_MS = 1_500;

/** One request for levels, from its turn to its answer, or to when the exchange cannot carry it out any more. */
interface Flight {
  readonly levels: AmendStop;
  /** Null while it waits for its turn. */
  leftMs: number | null;
  timers: readonly CancelTimer[];
}

/** A request that is about to be made. */
interface Leaving {
  /** Asked when its turn has come. */
  readonly mayLeave: (validForMs: number) => boolean;
  /** It has come to an end; not answered, it may still be carried out for as long as it is valid. */
  readonly end: (isAnswered: boolean) => void;
}

/** What is under way of the stop of one instrument: which levels may leave now, and which must wait. */
export class StopSending {
  private readonly time: Time;
  private readonly requestSync: (reason: string) => void;
  private wanted: AmendStop | null = null;
  private flights: readonly Flight[] = [];

  constructor(options: { time: Time; requestSync: (reason: string) => void }) {
    this.time = options.time;
    this.requestSync = options.requestSync;
  }

  /** True: the caller has to send what `next` gives. False: nothing is to be sent now, or whoever waits sends it. */
  take(levels: AmendStop): boolean {
    const waiting = this.flights.find(({ leftMs }) => leftMs === null);
    if (waiting !== undefined) {
      this.wanted = isSame(waiting.levels, levels) ? null : levels;
      return false;
    }
    if (!this.flights.every((flight) => this.isSilent(flight, levels))) return false;
    this.wanted = levels;
    return true;
  }

  /** The newest levels that were not sent yet, once; null: there are none, or whoever waits sends them. */
  next(): AmendStop | null {
    if (this.flights.some(({ leftMs }) => leftMs === null)) return null;
    const { wanted } = this;
    this.wanted = null;
    return wanted;
  }

  /** Newer levels wait behind a request that has not left: it will not. */
  isOvertaken(): boolean {
    return this.wanted !== null;
  }

  begin(levels: AmendStop): Leaving {
    const flight: Flight = { levels, leftMs: null, timers: [] };
    this.flights = [...this.flights, flight];
    return {
      mayLeave: (validForMs) => this.leave(flight, validForMs),
      end: (isAnswered) => {
        if (isAnswered || flight.leftMs === null) this.forget(flight);
      },
    };
  }

  private leave(flight: Flight, validForMs: number): boolean {
    if (this.isOvertaken() || this.wouldOvertake(flight)) return false;
    flight.leftMs = this.time.monotonicMs();
    flight.timers = [
      this.time.after(SILENT_MS, () => this.requestSync('a stop was not answered')),
      this.time.after(validForMs, () => {
        this.forget(flight);
        this.requestSync('a stop can be set no more');
      }),
    ];
    return true;
  }

  /** Others that left and may still be carried out, after these. */
  private wouldOvertake({ levels }: Flight): boolean {
    return this.flights.some((other) => other.leftMs !== null && !isSame(other.levels, levels));
  }

  private forget(flight: Flight): void {
    for (const cancel of flight.timers) cancel();
    this.flights = this.flights.filter((other) => other !== flight);
  }

  /** Nothing speaks against sending levels again that are the same and were not answered for long. */
  private isSilent({ levels, leftMs }: Flight, others: AmendStop): boolean {
    return leftMs !== null && isSame(levels, others) && this.time.monotonicMs() - leftMs >= SILENT_MS;
  }
}

function isSame(a: AmendStop, b: AmendStop): boolean {
  const key = ({ direction, stopPrice, takeProfitPrice }: AmendStop): string =>
    [direction, stopPrice?.toFixed(), takeProfitPrice?.toFixed()].join();
  return key(a) === key(b);
}
