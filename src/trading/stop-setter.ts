import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { AmendStop } from '../core/engine/decision.ts';
import type { Exchange, StopOutcome } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { describeChange } from './entry-fault.ts';
import { StopSending } from './stop-sending.ts';
import type { Unstamped } from './trading-loop.ts';

/**
 * Has levels of positions set at the exchange. Level-triggered: whatever the answer, the next reading of the account
 * decides whether it is needed again. Two requests may overtake each other and the looser one come last, so other levels
 * leave only when those before them are answered, or void: the exchange carries no request out beyond its time. One that
 * is not answered soon is read back at once, and the same levels are sent again: a lost answer costs no protection.
 */
export class StopSetter {
  private readonly exchange: Exchange;
  private readonly time: Time;
  private readonly dispatch: (event: Unstamped) => void;
  private readonly requestSync: (reason: string) => void;
  private readonly report: (message: string) => void;
  private readonly sendings = new Map<InstrumentId, StopSending>();

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

  /** Resolves when the exchange has answered, or will not, or at once where the levels must wait. */
  async set(decision: AmendStop, instrument: Instrument): Promise<void> {
    const sending = this.sendingOf(decision.instrumentId);
    if (!sending.take(decision)) return;
    // What was decided while it waited for its turn is newer: that is what leaves, and nothing twice.
    for (let next = sending.next(); next !== null; next = sending.next())
      await this.setOnce(next, instrument, sending);
  }

  private async setOnce(decision: AmendStop, instrument: Instrument, sending: StopSending): Promise<void> {
    const { instrumentId, stopPrice } = decision;
    try {
      const outcome = await this.send(decision, instrument, sending);
      if (outcome.kind === 'done' || (outcome.kind === 'not-sent' && sending.isOvertaken())) return;
      this.report(`Stop of ${instrumentId}: ${describeChange(outcome)}`);
      if (!isRefused(outcome) || stopPrice === null) return;
      const { code, detail } = outcome;
      const unsupported = outcome.kind === 'unsupported';
      this.dispatch({ kind: 'stop-refused', instrumentId, code, detail, unsupported });
    } finally {
      this.requestSync('a stop was set');
    }
  }

  /** Both levels in one request; where that is refused the stop alone, for it may be the other that is. */
  private async send(
    decision: AmendStop,
    instrument: Instrument,
    sending: StopSending,
  ): Promise<StopOutcome> {
    const outcome = await this.sendOnce(decision, instrument, sending);
    if (!isRefused(outcome) || decision.stopPrice === null || decision.takeProfitPrice === null)
      return outcome;
    this.report(
      `Stop and take-profit of ${instrument.id}: ${describeChange(outcome)}; the stop is sent alone`,
    );
    return this.sendOnce({ ...decision, takeProfitPrice: null }, instrument, sending);
  }

  private async sendOnce(
    levels: AmendStop,
    instrument: Instrument,
    sending: StopSending,
  ): Promise<StopOutcome> {
    const { direction, stopPrice, takeProfitPrice } = levels;
    const leaving = sending.begin(levels);
    let outcome: StopOutcome = { kind: 'unknown', detail: 'the request failed' };
    try {
      outcome = await this.exchange.setStop(
        { instrument, direction, stopPrice, takeProfitPrice },
        leaving.mayLeave,
      );
      return outcome;
    } finally {
      leaving.end(outcome.kind !== 'unknown');
    }
  }

  private sendingOf(instrumentId: InstrumentId): StopSending {
    const known = this.sendings.get(instrumentId);
    if (known !== undefined) return known;
    const { time, requestSync } = this;
    const sending = new StopSending({ time, requestSync });
    this.sendings.set(instrumentId, sending);
    return sending;
  }
}

function isRefused(outcome: StopOutcome): outcome is Extract<StopOutcome, { readonly code: string }> {
  return outcome.kind === 'rejected' || outcome.kind === 'unsupported';
}
