import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the system calls of the bots process say of one order that can add exposure. */
export interface Effect {
  readonly clientOrderId: string;
  /** A flush of the log began after the row was written to it and was over before the order's bytes left. */
  readonly durableFirst: boolean;
}

/** Calls to trace, descriptors with their paths, enough of a buffer to see a whole page of the database. */
export const EFFECT_FLAGS = [
  '-f',
  '-y',
  '-s',
  '8192',
  '-e',
  'trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg',
];

const LOG = /^\d+ +(pwrite64|fsync|fdatasync)\(\d+<[^>]*trading\.db-wal>/;
const ENTRY = /POST \/v5\/order\/create .*\\"orderLinkId\\":\\"(\w+)\\",\\"reduceOnly\\":false/;
/** In a row of the journal the id is followed by the account; nothing else in the log looks so. */
const ROW = (accountId: string): RegExp => new RegExp(`(ib[0-9a-z]{25})${accountId}`, 'g');

/** Reads a trace of the bots process: one effect for each entry order that left, in their order. */
export async function readEffects(traceFile: string, accountId: string): Promise<readonly Effect[]> {
  const reading = new EffectReading(ROW(accountId));
  const lines = createInterface({ input: createReadStream(traceFile, 'latin1') });
  for await (const line of lines) reading.take(line);
  return reading.effects;
}

class EffectReading {
  readonly effects: Effect[] = [];
  /** Rows that were written since the last flush began. */
  private readonly written = new Set<string>();
  /** Rows that the flush under way will have made durable. */
  private readonly flushing = new Set<string>();
  private readonly durable = new Set<string>();
  private readonly row: RegExp;

  constructor(row: RegExp) {
    this.row = row;
  }

  take(line: string): void {
    const call = LOG.exec(line)?.[1];
    if (call === 'pwrite64') for (const [, id = ''] of line.matchAll(this.row)) this.written.add(id);
    else if (call !== undefined) this.flush(line);
    else if (/<\.\.\. f(data)?sync resumed>.*= 0$/.test(line)) this.flushed();
    else this.send(line);
  }

  private flush(line: string): void {
    for (const id of this.written) this.flushing.add(id);
    this.written.clear();
    if (line.endsWith('= 0')) this.flushed();
  }

  private flushed(): void {
    for (const id of this.flushing) this.durable.add(id);
    this.flushing.clear();
  }

  private send(line: string): void {
    const clientOrderId = ENTRY.exec(line)?.[1];
    if (clientOrderId !== undefined)
      this.effects.push({ clientOrderId, durableFirst: this.durable.has(clientOrderId) });
  }
}
