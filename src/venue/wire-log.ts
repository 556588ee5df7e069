import type { VenueRequest, VenueResponse } from './request.ts';

/** One thing that crossed the venue's wire, as the venue saw it. */
export interface WireRecord {
  /** Counts records from 1: a gap means that older ones are gone. */
  readonly sequence: number;
  readonly timeMs: number;
  readonly kind: 'request' | 'reply' | 'opened' | 'closed' | 'received' | 'sent' | 'fault';
  /** Of the request or of the channel: what belongs together has the same. */
  readonly exchangeId: number;
  readonly path: string;
  /** What was said; long texts are cut, signatures and keys are left out. */
  readonly text: string;
}

/** Records of requests and private channels kept, and of public channels, which tell far more. */
const PRIVATE_KEPT = 20_000;
const PUBLIC_KEPT = 1_000;
const TEXT_LETTERS_MAX = 4_000;

/** The newest of what crossed the wire. Writing is cheap: texts are kept as they are and cut when they are read. */
export class WireLog {
  private readonly rare = new Ring(PRIVATE_KEPT);
  private readonly frequent = new Ring(PUBLIC_KEPT);
  private written = 0;

  request(exchangeId: number, timeMs: number, request: VenueRequest): void {
    const said = request.method === 'GET' ? request.query : request.body;
    this.write({
      timeMs,
      kind: 'request',
      exchangeId,
      path: request.path,
      text: `${request.method} ${said}`,
    });
  }

  reply(
    exchangeId: number,
    timeMs: number,
    reply: { readonly path: string; readonly response: VenueResponse },
  ): void {
    const { path, response } = reply;
    this.write({ timeMs, kind: 'reply', exchangeId, path, text: `${response.status} ${response.body}` });
  }

  write(record: Omit<WireRecord, 'sequence'>): void {
    this.written += 1;
    const { timeMs, kind, exchangeId, path, text } = record;
    const ring = path.startsWith('/v5/public') ? this.frequent : this.rare;
    ring.push({ sequence: this.written, timeMs, kind, exchangeId, path, text });
  }

  /** Oldest first: the next `limit` after a sequence number, or the newest when there is none. */
  read(after: number | null, limit: number): readonly WireRecord[] {
    const found = [...this.rare.after(after ?? 0), ...this.frequent.after(after ?? 0)];
    found.sort((a, b) => a.sequence - b.sequence);
    const wanted = after === null ? found.slice(-limit) : found.slice(0, limit);
    return wanted.map((record) => ({ ...record, text: shown(record.text) }));
  }
}

/** A bounded list: the oldest makes room. */
class Ring {
  private readonly records: WireRecord[] = [];
  private readonly capacity: number;
  private next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  push(record: WireRecord): void {
    this.records[this.next] = record;
    this.next = (this.next + 1) % this.capacity;
  }

  after(sequence: number): readonly WireRecord[] {
    return this.records.filter((record) => record.sequence > sequence);
  }
}

/** A login frame carries a key and a signature: they are nobody's business, not even an auditor's. */
function shown(text: string): string {
  const safe = /"op"\s*:\s*"auth"/.test(text) && text.includes('"args"') ? '{"op":"auth"}' : text;
  return safe.length > TEXT_LETTERS_MAX ? `${safe.slice(0, TEXT_LETTERS_MAX)}…` : safe;
}
