import type { CapturedMarket } from '../core/engine/capture.ts';
import { sealBlock } from './block.ts';
import { ByteWriter } from './byte-writer.ts';
import type { SegmentHead } from './record.ts';
import { RecordWriter } from './record-writer.ts';
import type { Step } from './step-queue.ts';

/** A block is sealed when its records are as long as this. */
const BLOCK_BYTES = 256 * 1024;

/** Turns the start and the steps of one segment into sealed blocks. */
export class SegmentEncoder {
  private readonly writer = new ByteWriter();
  private readonly records = new RecordWriter(this.writer);
  private previous: Buffer;
  private nextSequence: number;
  private steps = 0;
  private blocks: Buffer[] = [];

  /** `previous`: hash of the block before; `nextSequence`: number of the first step. */
  constructor(previous: Buffer, nextSequence: number) {
    this.previous = previous;
    this.nextSequence = nextSequence;
  }

  /** Where the next segment goes on: after everything given until now. */
  get end(): { readonly hash: Buffer; readonly nextSequence: number } {
    this.seal();
    return { hash: this.previous, nextSequence: this.nextSequence };
  }

  head(head: SegmentHead): void {
    this.records.head(head);
  }

  market(market: CapturedMarket): void {
    this.records.market(market);
    this.sealLong();
  }

  step({ event, decisions }: Step): void {
    this.records.event(event);
    if (decisions.length > 0) this.records.decisions(decisions);
    this.steps += 1;
    this.sealLong();
  }

  /** Everything given until now that was not taken yet, sealed. */
  take(): readonly Buffer[] {
    this.seal();
    const { blocks } = this;
    this.blocks = [];
    return blocks;
  }

  private sealLong(): void {
    if (this.writer.length >= BLOCK_BYTES) this.seal();
  }

  private seal(): void {
    if (this.writer.length === 0) return;
    const { bytes, hash } = sealBlock(this.writer.take(), {
      previous: this.previous,
      steps: this.steps,
      firstSequence: this.nextSequence,
    });
    this.blocks.push(bytes);
    this.previous = hash;
    this.nextSequence += this.steps;
    this.steps = 0;
  }
}
