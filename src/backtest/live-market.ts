import { ensure } from '../core/base/assert.ts';
import { CANDLES_KEPT_MAX } from '../core/domain/candle-series.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { timeframeMs } from '../core/domain/timeframe.ts';
import { LiveInstrument } from './live-instrument.ts';
import type { BacktestOptions } from './options.ts';
import type { PastInstrument, PastMarket } from './past-market.ts';
import { ORDER_DELAY_MS, type PastWalk } from './past-walk.ts';

/** The instruments that trade while a walk goes on: they come, pay funding, and go. */
export class LiveMarket {
  private readonly market: PastMarket;
  private readonly walk: PastWalk;
  private readonly slippage: number;
  private readonly stepMs: number;
  private readonly funded: boolean;
  /** Not listed yet, the next one to come first. */
  private readonly coming: PastInstrument[];
  private inOrder: readonly LiveInstrument[] = [];
  private readonly byId = new Map<InstrumentId, LiveInstrument>();
  private nextEndMs = Number.POSITIVE_INFINITY;

  constructor(market: PastMarket, walk: PastWalk, options: Pick<BacktestOptions, 'slippageBps'>) {
    this.market = market;
    this.walk = walk;
    this.slippage = options.slippageBps / 10_000;
    this.stepMs = timeframeMs(market.recordedTimeframe);
    this.funded = market.instruments.some(({ fundings }) => fundings.length > 0);
    this.coming = market.instruments.toSorted((a, b) => a.recorded.firstOpenMs - b.recorded.firstOpenMs);
  }

  /** In order of id. */
  get all(): readonly LiveInstrument[] {
    return this.inOrder;
  }

  /** Undefined for one that does not trade. */
  find(id: InstrumentId): LiveInstrument | undefined {
    return this.byId.get(id);
  }

  of(id: InstrumentId): LiveInstrument {
    return ensure(this.byId.get(id), `${id} is listed.`);
  }

  recordedAt(id: InstrumentId, openMs: number) {
    return ensure(this.of(id).recordedAt(openMs), 'A live instrument has a candle.');
  }

  /** A recorded candle opens: instruments come and go, and funding that is due is paid. */
  open(openMs: number): void {
    this.list(openMs);
    if (this.nextEndMs <= openMs) this.endRecords(openMs);
    if (this.funded) this.payFundings(openMs);
  }

  /** Instruments whose first candle opens now, or opened before the walk began: those bring their history. */
  private list(openMs: number): void {
    const listed: LiveInstrument[] = [];
    for (let past = this.coming[0]; past !== undefined; past = this.coming[0]) {
      if (past.recorded.firstOpenMs > openMs) break;
      this.coming.shift();
      const live = new LiveInstrument(past, this.slippage);
      if (live.endMs > openMs) listed.push(live);
    }
    if (listed.length === 0) return;
    this.keep([...this.inOrder, ...listed].sort(byId));
    for (const live of listed.sort(byId)) this.introduce(live, openMs);
  }

  private keep(live: readonly LiveInstrument[]): void {
    this.inOrder = live;
    this.nextEndMs = live.reduce((first, { endMs }) => Math.min(first, endMs), Number.POSITIVE_INFINITY);
  }

  private introduce(live: LiveInstrument, openMs: number): void {
    const { instrument } = live.past;
    this.byId.set(instrument.id, live);
    const first = ensure(live.recordedAt(openMs), 'A listed instrument has a candle.');
    this.walk.exchange.list(instrument, first.open);
    this.tellInstrument(instrument, openMs);
    live.fundingsDue(openMs);
    const candles = live.historyBefore(openMs, CANDLES_KEPT_MAX);
    if (candles.length === 0) return;
    const { id: instrumentId } = instrument;
    const { timeframe } = this.market;
    this.walk.step({ kind: 'candle-history', timeMs: openMs, instrumentId, timeframe, candles });
  }

  private tellInstrument(instrument: Instrument, timeMs: number): void {
    this.walk.step({ kind: 'instrument', timeMs, instrument });
  }

  private endRecords(openMs: number): void {
    for (const { past, endMs } of this.inOrder) {
      if (endMs > openMs) continue;
      const { instrument } = past;
      this.walk.end(instrument.id);
      this.tellInstrument(
        { ...instrument, status: 'closed', deliveryTimeMs: endMs },
        openMs + ORDER_DELAY_MS,
      );
      this.byId.delete(instrument.id);
    }
    this.keep(this.inOrder.filter(({ endMs }) => endMs > openMs));
  }

  /**
   * Paid at the open, before what was decided at the close before it fills: by those who held at that moment. What was
   * due before this candle found nobody there.
   */
  private payFundings(openMs: number): void {
    const { exchange } = this.walk;
    for (const id of exchange.activeIds().toSorted()) {
      const live = this.of(id);
      live.fundingsDue(openMs - this.stepMs);
      for (const { rate } of live.fundingsDue(openMs)) {
        if (exchange.isActive(id)) this.walk.learn(exchange.payFunding(id, rate));
      }
    }
  }
}

function byId(a: LiveInstrument, b: LiveInstrument): number {
  return a.past.instrument.id < b.past.instrument.id ? -1 : 1;
}
