import type { FileHandle } from 'node:fs/promises';
import { ensure } from '../core/base/assert.ts';
import type { CapturedMarket, EngineCapture } from '../core/engine/capture.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { CancelTimer, Time } from '../platform/time.ts';
import type { JournalEnd, JournalFolder, JournalRetention } from './journal-folder.ts';
import { type Gap, JOURNAL_FORMAT, type SegmentHead } from './record.ts';
import { SegmentEncoder } from './segment-encoder.ts';
import { slices } from './slices.ts';
import { type Step, StepQueue } from './step-queue.ts';

/** What a killed process loses at most. */
const WRITE_MS = 1_000;
/** What a power cut loses at most. */
const SYNC_MS = 5_000;
/** A segment takes its share of the state every time it begins, and is what a replay starts from. */
const SEGMENT_MS = 4 * 3_600_000;
const SEGMENT_BYTES = 64 * 2 ** 20;
/** Steps that wait at most: half a minute of the liveliest market while the disk does not answer. */
const STEPS_MAX = 65_536;
/** After a write that failed. */
const RETRY_MS = 30_000;
const NO_ROOM = 'The disk is nearly full.';

export interface InputJournalOptions {
  readonly folder: JournalFolder;
  readonly time: Time;
  /** A sentence for the operator. */
  readonly report: (message: string) => void;
  /** Version of the program that decides. */
  readonly program: string;
  readonly runtime: string;
  /** Limits for tests. */
  readonly limits?: Partial<JournalLimits>;
}

export interface JournalLimits {
  readonly segmentMs: number;
  readonly segmentBytes: number;
  readonly stepsMax: number;
}

/** A state that the next segment starts from. */
interface Beginning {
  readonly capture: EngineCapture;
  readonly cause: SegmentHead['cause'];
  readonly startedMs: number;
  /** Steps seen before it was taken. */
  readonly seen: number;
  readonly gapReason: string;
}

/** The file being written. */
interface OpenSegment {
  readonly number: number;
  readonly file: FileHandle;
  readonly encoder: SegmentEncoder;
  readonly startedMs: number;
  bytes: number;
  syncedMs: number;
}

/**
 * Writes down everything the engine learns and decides, in order, so that any stretch of it can be replayed. The loop
 * adds a step to a queue and goes on; everything else is done a slice at a time between its steps. Trading never waits
 * for it: what cannot be written is left out as a gap that says how much is missing and why, and the journal goes on
 * from a fresh state.
 */
export class InputJournal {
  private readonly options: InputJournalOptions;
  private readonly limits: JournalLimits;
  private readonly queue: StepQueue;
  private engine: Pick<Engine, 'capture'> | null = null;
  private beginning: Beginning | null = null;
  private open: OpenSegment | null = null;
  /** Steps of this run, those left out included. */
  private seen = 0;
  /** Number of the last step before this run; null: not read yet. */
  private seenBefore: number | null = null;
  /** Why steps are being left out; null while none is. */
  private losing: string | null = null;
  /** Once until the journal goes on. */
  private isToldOfLoss = false;
  private retryMs = 0;
  private timer: CancelTimer | null = null;
  private working: Promise<void> = Promise.resolve();
  private packing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(options: InputJournalOptions) {
    this.options = options;
    this.limits = {
      segmentMs: SEGMENT_MS,
      segmentBytes: SEGMENT_BYTES,
      stepsMax: STEPS_MAX,
      ...options.limits,
    };
    this.queue = new StepQueue(this.limits.stepsMax);
  }

  /** The steps from now on are written, from the state the engine is in now. */
  begin(engine: Pick<Engine, 'capture'>): void {
    this.engine = engine;
    this.beginning = this.captured('start', '');
    this.plan(0);
  }

  /** Sees a step; nothing before `begin` and after `stop`. */
  onStep(_sequence: number, event: EngineEvent, decisions: readonly Decision[]): void {
    this.add(event, decisions);
  }

  /** Sees the step at which the engine threw: the one a replay is wanted for most. */
  onBrokenStep(event: EngineEvent, message: string): void {
    this.add(event, [{ kind: 'broken', message }]);
  }

  private add(event: EngineEvent, decisions: Step['decisions']): void {
    if (this.engine === null || this.stopped) return;
    this.seen += 1;
    if (this.losing !== null) return;
    if (!this.queue.add(event, decisions)) this.lose('The disk could not keep up with the steps.');
    else if (this.queue.length === this.limits.stepsMax >> 2) this.plan(0);
  }

  /** Writes what waits and ends the segment. The caller bounds how long it waits for that. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.();
    await this.flush();
    const { open } = this;
    this.open = null;
    await open?.file.datasync().catch(() => undefined);
    await open?.file.close().catch(() => undefined);
    await this.packing;
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    this.working = this.working.then(() => this.work());
    return this.working;
  }

  /** Removes the oldest segments. Rejects with the system's error. */
  async prune(retention: JournalRetention): Promise<void> {
    const { open } = this;
    if (open === null) return;
    const pruned = this.packing.then(() => this.options.folder.prune(retention, open.number));
    this.packing = pruned.catch(() => undefined);
    await pruned;
  }

  private captured(cause: Beginning['cause'], gapReason: string): Beginning {
    const capture = ensure(this.engine, 'A journal has begun.').capture();
    return { capture, cause, gapReason, startedMs: this.options.time.nowMs(), seen: this.seen };
  }

  private plan(delayMs: number): void {
    if (this.stopped) return;
    this.timer?.();
    this.timer = this.options.time.after(delayMs, () => {
      void this.flush().then(() => this.plan(WRITE_MS));
    });
  }

  private async work(): Promise<void> {
    try {
      if (this.beginning !== null) await this.openNext(this.beginning);
      if (this.open !== null) await this.follow(this.open);
      // What still waits came before the steps that are left out, and goes into the segment before the gap.
      if (this.beginning === null && this.losing !== null && this.queue.length === 0)
        await this.endGap(this.losing);
      if (this.beginning !== null) await this.openNext(this.beginning);
    } catch (error) {
      await this.giveUp(error instanceof Error ? error.message : String(error));
    }
  }

  /** Encodes what waits, then writes it. A capture is taken where the queue is empty, before anything is awaited. */
  private async follow(open: OpenSegment): Promise<void> {
    while (this.queue.length > 0) await this.encodeWaiting(open.encoder);
    if (this.losing === null && this.isLong(open)) this.beginning = this.captured('roll', '');
    await this.write(open);
  }

  /** Nothing is added while steps are left out: the queue, empty now, is so after any wait. */
  private async endGap(reason: string): Promise<void> {
    const { time, folder } = this.options;
    if (time.monotonicMs() < this.retryMs) return;
    if (!(await folder.hasRoom())) throw new Error(NO_ROOM);
    this.beginning = this.captured('gap', reason);
    this.losing = null;
  }

  private isLong({ bytes, startedMs }: OpenSegment): boolean {
    const { segmentBytes, segmentMs } = this.limits;
    return bytes >= segmentBytes || this.options.time.nowMs() - startedMs >= segmentMs;
  }

  private async encodeWaiting(encoder: SegmentEncoder): Promise<void> {
    const slice = slices(this.options.time);
    for (let step = this.queue.next(); step !== null; step = this.queue.next()) {
      encoder.step(step);
      const pause = slice();
      if (pause !== null) await pause;
    }
  }

  private async openNext(beginning: Beginning): Promise<void> {
    const { folder, program, runtime } = this.options;
    const { capture, cause, startedMs, seen } = beginning;
    const before = await this.ended();
    this.seenBefore ??= before.sequence;
    const number = before.segment + 1;
    const nextSequence = this.seenBefore + seen + 1;
    const steps = nextSequence - 1 - before.sequence;
    const encoder = new SegmentEncoder(before.hash, nextSequence);
    const file = await folder.openSegment(number, startedMs);
    const syncedMs = this.options.time.monotonicMs();
    this.open = { number, file, encoder, startedMs, bytes: 0, syncedMs };
    const { markets, ...engine } = capture;
    const gap: Gap | null = steps === 0 ? null : { steps, reason: beginning.gapReason };
    const head = { format: JOURNAL_FORMAT, segment: number, startedMs, cause, gap, program, runtime };
    encoder.head({ ...head, engine, markets: markets.length });
    await this.encodeMarkets(encoder, markets);
    await this.write(this.open);
    await file.datasync();
    await folder.nameSegment(number, startedMs);
    this.beginning = null;
    this.isToldOfLoss = false;
    const pack = (): Promise<void> => folder.pack(number);
    this.packing = this.packing.then(pack).catch((error: unknown) => {
      this.options.report(`A segment of the journal could not be compressed: ${String(error)}`);
    });
  }

  /** Where the next segment goes on; the one that was written until now is closed. */
  private async ended(): Promise<JournalEnd> {
    const { open } = this;
    if (open === null) return this.options.folder.end();
    await open.file.datasync();
    await open.file.close();
    this.open = null;
    const { hash, nextSequence } = open.encoder.end;
    return { segment: open.number, hash, sequence: nextSequence - 1 };
  }

  private async encodeMarkets(encoder: SegmentEncoder, markets: readonly CapturedMarket[]): Promise<void> {
    const slice = slices(this.options.time);
    for (const market of markets) {
      encoder.market(market);
      const pause = slice();
      if (pause !== null) await pause;
    }
  }

  private async write(open: OpenSegment): Promise<void> {
    const nowMs = this.options.time.monotonicMs();
    for (const block of open.encoder.take()) {
      await open.file.appendFile(block);
      open.bytes += block.length;
    }
    if (nowMs - open.syncedMs < SYNC_MS) return;
    if (!(await this.options.folder.hasRoom())) throw new Error(NO_ROOM);
    await open.file.datasync();
    open.syncedMs = nowMs;
  }

  private lose(reason: string): void {
    this.losing = reason;
    if (this.isToldOfLoss) return;
    this.isToldOfLoss = true;
    this.options.report(`The journal of inputs leaves out steps: ${reason}`);
  }

  /** What was not written is lost; what was, stays. Tried again later, from a fresh state. */
  private async giveUp(reason: string): Promise<void> {
    if (this.losing === null) this.lose(reason);
    while (this.queue.next() !== null);
    this.beginning = null;
    this.retryMs = this.options.time.monotonicMs() + RETRY_MS;
    const { open } = this;
    this.open = null;
    await open?.file.close().catch(() => undefined);
  }
}
