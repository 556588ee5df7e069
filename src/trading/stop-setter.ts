import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { AmendStop } from '../core/engine/decision.ts';
import type { Exchange, StopOutcome } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { describeChange } from './entry-fault.ts';
import type { Unstamped } from './trading-loop.ts';

/** The same levels are sent again when the exchange has been silent about them for so long. */
const SILENT_MS = 1_500;
/** Requests for one instrument that may wait for their answers together. */
const UNDER_WAY_MAX = 4;

/** Levels that were sent and not answered yet. */
interface UnderWay {
  readonly decision: AmendStop;
  readonly sentMs: number;
  readonly count: number;
}

/**
 * Has levels of positions set at the exchange. Level-triggered: whatever the answer, the next reading of the account
 * decides whether it is needed again. Other levels wait for the answer, for two requests may overtake each other and
 * the looser one come last; the same ones are sent again, so that a lost answer costs no protection.
 */
export class StopSetter {
  private readonly exchange: Exchange;
  private readonly time: Time;
  private readonly dispatch: (event: Unstamped) => void;
  private readonly requestSync: (reason: string) => void;
  private readonly report: (message: string) => void;
  private readonly underWay = new Map<InstrumentId, UnderWay>();

  constructor(options: {
    exchange: Exchange;
    time: Time;
    dispatch: (event: Unstamped) => void;
    requestSync: (reason: string) => void;
    report: (message: string) => void;
  }) {
    this.exchange = options.exchange;
    this.time = options.time;
    this.dispatch = options.dispatch;
    this.requestSync = options.requestSync;
    this.report = options.report;
  }

  /** Resolves when the exchange has answered, or will not. */
  async set(decision: AmendStop, instrument: Instrument): Promise<void> {
    const { instrumentId, stopPrice } = decision;
    if (!this.begin(decision)) return;
    try {
      const outcome = await this.send(decision, instrument);
      if (outcome.kind === 'done') return;
      this.report(`Stop of ${instrumentId}: ${describeChange(outcome)}`);
      if (!isRefused(outcome) || stopPrice === null) return;
      const { code, detail } = outcome;
      const unsupported = outcome.kind === 'unsupported';
      this.dispatch({ kind: 'stop-refused', instrumentId, code, detail, unsupported });
    } finally {
      this.end(instrumentId);
      this.requestSync('a stop was set');
    }
  }

  /** Both levels in one request; where that is refused the stop alone, for it may be the other that is. */
  private async send(decision: AmendStop, instrument: Instrument): Promise<StopOutcome> {
    const { instrumentId, direction, stopPrice, takeProfitPrice } = decision;
    const outcome = await this.exchange.setStop({ instrument, direction, stopPrice, takeProfitPrice });
    if (!isRefused(outcome) || stopPrice === null || takeProfitPrice === null) return outcome;
    this.report(
      `Stop and take-profit of ${instrumentId}: ${describeChange(outcome)}; the stop is sent alone`,
    );
    return this.exchange.setStop({ instrument, direction, stopPrice, takeProfitPrice: null });
  }

  private begin(decision: AmendStop): boolean {
    const before = this.underWay.get(decision.instrumentId);
    const nowMs = this.time.monotonicMs();
    const waits =
      before !== undefined &&
      (!isSame(before.decision, decision) ||
        nowMs - before.sentMs < SILENT_MS ||
        before.count >= UNDER_WAY_MAX);
    if (waits) return false;
    this.underWay.set(decision.instrumentId, { decision, sentMs: nowMs, count: (before?.count ?? 0) + 1 });
    return true;
  }

  private end(instrumentId: InstrumentId): void {
    const before = this.underWay.get(instrumentId);
    if (before === undefined || before.count <= 1) this.underWay.delete(instrumentId);
    else this.underWay.set(instrumentId, { ...before, count: before.count - 1 });
  }
}

function isRefused(outcome: StopOutcome): outcome is Extract<StopOutcome, { readonly code: string }> {
  return outcome.kind === 'rejected' || outcome.kind === 'unsupported';
}

function isSame(a: AmendStop, b: AmendStop): boolean {
  const key = ({ direction, stopPrice, takeProfitPrice }: AmendStop): string =>
    [direction, stopPrice?.toFixed(), takeProfitPrice?.toFixed()].join();
  return key(a) === key(b);
}
