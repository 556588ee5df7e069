import type { InstrumentId } from '../core/domain/instrument.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import { type InstrumentFacts, instrumentAtClose, type JudgedAtClose } from '../core/engine/close-record.ts';
import type { Decision, DecisionRecord } from '../core/engine/decision.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { CandleClosed, EngineEvent } from '../core/engine/event.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { CloseLog } from '../store/store.ts';
import type { StepObserver } from './trading-loop.ts';

/** Candles of one close arrive spread over a second; what has not come after this is looked at without it. */
const ARRIVAL_WAIT_MS = 5_000;
/** What changes after that is saved in one go at most this often: the whole close is one row. */
const AMEND_MS = 20_000;
/** Instruments explained at once: below a millisecond of the trading loop's time. */
const INSTRUMENTS_PER_SLICE = 50;

/** One close while it can still change. */
interface OpenClose {
  readonly timeframe: Timeframe;
  readonly closeTimeMs: number;
  readonly firstMs: number;
  readonly arrivedMs: Map<InstrumentId, number>;
  /** What the engine itself explained of this close, the newest of each instrument. */
  readonly records: Map<InstrumentId, DecisionRecord>;
  readonly rows: Map<InstrumentId, JudgedAtClose>;
  /** Instruments something has happened to since they were looked at. */
  readonly changed: Set<InstrumentId>;
  /** Null before the first look. */
  lookedMs: number | null;
  unsaved: boolean;
}

/**
 * Records every instrument at every candle close, those without a signal too. The hot path gives nothing but the
 * arrival of each candle; the looking is done after the entry pass that follows, a slice at a time, so that ranks,
 * slots and orders of the close are in it. Candles that come late and decisions that change amend the record.
 */
export class CloseRecorder implements StepObserver {
  private readonly engine: Engine;
  private readonly closes: CloseLog;
  private readonly time: Time;
  private readonly report: (message: string) => void;
  private current: OpenClose | null = null;
  /** Candles that came at the close before: when as many are there, none is waited for. */
  private expected = Number.POSITIVE_INFINITY;
  private queue: Promise<void> = Promise.resolve();
  private queued = 0;

  constructor(options: { engine: Engine; closes: CloseLog; time: Time; report: (message: string) => void }) {
    this.engine = options.engine;
    this.closes = options.closes;
    this.time = options.time;
    this.report = options.report;
  }

  onStep(_sequence: number, event: EngineEvent, decisions: readonly Decision[]): void {
    if (event.kind === 'candle-closed') this.noteArrival(event);
    for (const decision of decisions) if (decision.kind === 'explain') this.noteRecord(decision.record);
    if (event.kind === 'timer' && event.name === 'entry-pass') this.lookWhenDue(event.timeMs);
  }

  /** Saves what is not saved yet of the newest close. */
  async flush(): Promise<void> {
    if (this.current !== null) this.finish(this.current);
    await this.queue;
  }

  private noteArrival({ timeframe, candle, instrumentId, timeMs }: CandleClosed): void {
    if (timeframe !== this.engine.settings().timeframe) return;
    const closeTimeMs = candle.openTimeMs + timeframeMs(timeframe);
    const known = this.current;
    if (known?.timeframe === timeframe && closeTimeMs < known.closeTimeMs) return;
    const close =
      known?.timeframe === timeframe && closeTimeMs === known.closeTimeMs
        ? known
        : this.open({ timeframe, closeTimeMs, firstMs: timeMs });
    close.arrivedMs.set(instrumentId, timeMs);
    if (close.lookedMs !== null) close.changed.add(instrumentId);
  }

  private open(begun: Pick<OpenClose, 'timeframe' | 'closeTimeMs' | 'firstMs'>): OpenClose {
    const before = this.current;
    if (before !== null) {
      this.expected = before.arrivedMs.size;
      this.finish(before);
    }
    const close: OpenClose = {
      ...begun,
      arrivedMs: new Map(),
      records: new Map(),
      rows: new Map(),
      changed: new Set(),
      lookedMs: null,
      unsaved: false,
    };
    this.current = close;
    return close;
  }

  private noteRecord(record: DecisionRecord): void {
    const close = this.current;
    if (close === null || close.timeframe !== record.timeframe) return;
    if (closeTimeOf(record) !== close.closeTimeMs) return;
    close.records.set(record.instrumentId, record);
    if (close.lookedMs !== null) close.changed.add(record.instrumentId);
  }

  private lookWhenDue(timeMs: number): void {
    const close = this.current;
    if (close !== null && this.queued === 0 && this.isDue(close, timeMs)) this.look(close);
  }

  private isDue(close: OpenClose, timeMs: number): boolean {
    if (close.lookedMs === null) {
      return close.arrivedMs.size >= this.expected || timeMs - close.firstMs >= ARRIVAL_WAIT_MS;
    }
    return isUnfinished(close) && timeMs - close.lookedMs >= AMEND_MS;
  }

  private finish(close: OpenClose): void {
    if (isUnfinished(close)) this.look(close);
  }

  /** One after the other: two looks at one close would save it in the wrong order. */
  private look(close: OpenClose): void {
    this.queued += 1;
    this.queue = this.queue
      .then(() => this.lookAndSave(close))
      .catch((error: unknown) => {
        close.unsaved = true;
        this.report(`The record of a close could not be made or stored: ${String(error)}`);
      })
      .finally(() => {
        this.queued -= 1;
      });
  }

  private async lookAndSave(close: OpenClose): Promise<void> {
    const first = close.lookedMs === null;
    const account = this.engine.accountAtClose();
    const facts = this.engine
      .instrumentFacts()
      .filter(({ instrumentId }) => first || close.changed.has(instrumentId));
    close.lookedMs = this.time.nowMs();
    close.changed.clear();
    for (let at = 0; at < facts.length; at += INSTRUMENTS_PER_SLICE) {
      if (at > 0) await sleep(this.time, 0);
      for (const fact of facts.slice(at, at + INSTRUMENTS_PER_SLICE)) this.lookAt(close, fact);
    }
    const { timeframe, closeTimeMs } = close;
    const instruments = [...close.rows.values()];
    await this.closes.save({ timeframe, closeTimeMs, account, instruments });
    close.unsaved = false;
  }

  /** An instrument whose next candle has come meanwhile keeps what was known of this one. */
  private lookAt(close: OpenClose, facts: InstrumentFacts): void {
    const { instrumentId } = facts;
    const timeMs = close.arrivedMs.get(instrumentId) ?? this.time.nowMs();
    const record = close.records.get(instrumentId) ?? this.engine.explain(instrumentId, timeMs);
    if (record !== null && closeTimeOf(record) > close.closeTimeMs) return;
    const before = close.rows.get(instrumentId)?.judged.indicators ?? null;
    const indicators = this.engine.indicators(instrumentId, close.closeTimeMs) ?? before;
    close.rows.set(instrumentId, instrumentAtClose(facts, record, indicators));
  }
}

function isUnfinished({ lookedMs, unsaved, changed }: OpenClose): boolean {
  return lookedMs === null || unsaved || changed.size > 0;
}

function closeTimeOf({ signal, timeframe }: DecisionRecord): number {
  return signal.candleOpenTimeMs + timeframeMs(timeframe);
}
