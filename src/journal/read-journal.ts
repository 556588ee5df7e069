import { join } from 'node:path';
import type { EngineEvent } from '../core/engine/event.ts';
import type { InstrumentMarketSnapshot } from '../core/engine/snapshot.ts';
import { type Block, blockAt, isSound } from './block.ts';
import { ByteReader } from './byte-reader.ts';
import type { JournalFolder } from './journal-folder.ts';
import { RECORD, type SegmentHead } from './record.ts';
import { type JournalRecord, RecordReader } from './record-reader.ts';
import { readSegment } from './segment-bytes.ts';
import type { SegmentName } from './segment-name.ts';

/** The writer names a file when this is durable: no process that died, and no power cut, leaves one without it. */
const NO_BEGINNING = 'The state the file begins with is not there: it was emptied or cut off.';

/** A place in the journal. */
export interface JournalPlace {
  /** Number of the step there, over all restarts. */
  readonly sequence: number;
  /** Within the folder of the journal. */
  readonly file: string;
  /** In the file; of a compressed one, in what it holds. */
  readonly offset: number;
}

/** What a journal gives, in order. After `broken` comes nothing. */
export type JournalPart =
  | SegmentPart
  | StepPart
  /** A file ends within a block that was being written when its process died. */
  | (JournalPlace & { readonly kind: 'torn'; readonly bytes: number })
  /** What is there is not what was written, or something is missing before it. */
  | (JournalPlace & { readonly kind: 'broken'; readonly detail: string });

/** A segment begins: the whole engine as it is before the next step. */
export interface SegmentPart extends JournalPlace {
  readonly kind: 'segment';
  readonly head: SegmentHead;
  readonly markets: readonly InstrumentMarketSnapshot[];
}

export interface StepPart extends JournalPlace {
  readonly kind: 'step';
  readonly event: EngineEvent;
  /** JSON of what was decided; null: nothing was. */
  readonly decided: string | null;
}

/** A span of time, UTC, both ends included; null: no end. */
export interface JournalSpan {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/**
 * Reads a journal from the segment in which a time lies, or its beginning, and proves on the way that everything is
 * there as it was written. The service may go on writing meanwhile: what is written by now is read.
 */
export async function* readJournal(folder: JournalFolder, span: JournalSpan): AsyncGenerator<JournalPart> {
  const segments = within(await folder.segments(), span);
  const chain: Chain = { previous: null, sequence: null };
  let number: number | null = null;
  for (const name of segments) {
    const place = { file: name.file, offset: 0, sequence: chain.sequence ?? 0 };
    if (number !== null && name.segment !== number + 1) {
      yield { kind: 'broken', ...place, detail: `The file of segment ${number + 1} is missing.` };
      return;
    }
    number = name.segment;
    for await (const part of readBegun(folder, name, chain)) {
      yield part;
      if (part.kind === 'broken') return;
    }
  }
}

/** What the next block has to go on from; null: the first one may go on from anything. */
interface Chain {
  previous: Buffer | null;
  sequence: number | null;
}

function within(segments: readonly SegmentName[], { fromMs, toMs }: JournalSpan): readonly SegmentName[] {
  const first = fromMs === null ? 0 : segments.findLastIndex(({ startedMs }) => startedMs <= fromMs);
  return segments.slice(Math.max(0, first)).filter(({ startedMs }) => toMs === null || startedMs <= toMs);
}

async function* readBegun(
  folder: JournalFolder,
  name: SegmentName,
  chain: Chain,
): AsyncGenerator<JournalPart> {
  let hasBegun = false;
  for await (const part of readParts(folder, name, chain)) {
    hasBegun ||= part.kind === 'segment';
    if (part.kind === 'torn' && !hasBegun) break;
    yield part;
    if (part.kind === 'broken') return;
  }
  const place = { file: name.file, offset: 0, sequence: chain.sequence ?? 0 };
  if (!hasBegun) yield { kind: 'broken', ...place, detail: NO_BEGINNING };
}

async function* readParts(
  folder: JournalFolder,
  name: SegmentName,
  chain: Chain,
): AsyncGenerator<JournalPart> {
  const { file } = name;
  const { bytes, fault } = await readSegment(join(folder.path, file), name);
  const reader = new SegmentReader(file);
  let offset = 0;
  while (offset < bytes.length) {
    const block = blockAt(bytes, offset);
    const place = { file, offset, sequence: chain.sequence ?? 0 };
    if (typeof block === 'string') {
      yield unreadable(place, block, { bytes: bytes.length - offset, fault });
      return;
    }
    const { parts, broken } = provenParts(reader.read(block), block, { file: bytes, chain, place });
    yield* parts;
    if (broken !== null) {
      yield broken;
      return;
    }
    chain.previous = block.hash;
    chain.sequence = block.firstSequence + block.steps;
    offset = block.end;
  }
  if (fault !== null) yield { kind: 'broken', file, offset, sequence: chain.sequence ?? 0, detail: fault };
}

/** Only a file that could be read to its end may end within a block. */
function unreadable(
  place: JournalPlace,
  what: 'torn' | 'damaged',
  { bytes, fault }: { readonly bytes: number; readonly fault: string | null },
): JournalPart {
  if (what === 'torn' && fault === null) return { kind: 'torn', ...place, bytes };
  return { kind: 'broken', ...place, detail: fault ?? 'No block begins here.' };
}

/** Nothing of a block that is not as it was written, or not where it was, is given on. */
function provenParts(
  read: BlockParts,
  block: Block,
  { file, chain, place }: { readonly file: Buffer; readonly chain: Chain; readonly place: JournalPlace },
): BlockParts {
  if (!isSound(file, block)) {
    const detail = 'The block does not fit its hash.';
    const first = {
      file: place.file,
      offset: block.recordsAt,
      sequence: chain.sequence ?? block.firstSequence,
    };
    return { parts: [], broken: read.broken ?? { kind: 'broken', ...first, detail } };
  }
  if (chain.previous === null || block.previous.equals(chain.previous)) return read;
  const detail = 'It does not go on from what was written before it: something is missing in between.';
  return { parts: [], broken: { kind: 'broken', ...place, detail } };
}

/** What the records of a block say, up to the first that does not fit. */
interface BlockParts {
  readonly parts: readonly JournalPart[];
  readonly broken: (JournalPlace & { readonly kind: 'broken'; readonly detail: string }) | null;
}

/** Puts the records of a segment together: a start with its markets, a step with its decisions. */
class SegmentReader {
  private readonly file: string;
  private readonly records = new RecordReader();
  private start: (Omit<SegmentPart, 'markets'> & { readonly markets: InstrumentMarketSnapshot[] }) | null =
    null;
  private sequence = 0;

  constructor(file: string) {
    this.file = file;
  }

  read(block: Block): BlockParts {
    const bytes = new ByteReader(block.records);
    const parts: JournalPart[] = [];
    this.sequence = block.firstSequence;
    while (!bytes.isAtEnd) {
      // Decisions belong to the step before them.
      const sequence = this.sequence - (block.records[bytes.at] === RECORD.decisions ? 1 : 0);
      const place = { file: this.file, offset: block.recordsAt + bytes.at, sequence };
      try {
        this.take(this.records.next(bytes), place, parts);
      } catch (error) {
        const detail = `A record is not as it was written: ${error instanceof Error ? error.message : String(error)}`;
        return { parts, broken: { kind: 'broken', ...place, detail } };
      }
    }
    return { parts, broken: null };
  }

  private take(record: JournalRecord, place: JournalPlace, parts: JournalPart[]): void {
    if (record.kind === 'head') this.start = { kind: 'segment', ...place, head: record.head, markets: [] };
    else if (record.kind === 'market') this.start?.markets.push(record.market);
    else if (record.kind === 'event') {
      parts.push({ kind: 'step', ...place, event: record.event, decided: null });
      this.sequence += 1;
    } else decide(parts, record.text);
    const { start } = this;
    if (start === null || start.markets.length < start.head.markets) return;
    parts.push(start);
    this.start = null;
  }
}

/** The step that was read last decided something. */
function decide(parts: JournalPart[], decided: string): void {
  const step = parts.pop();
  if (step?.kind !== 'step') throw new Error('Decisions come after their step.');
  parts.push({ ...step, decided });
}
