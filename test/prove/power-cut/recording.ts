import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** One thing a process did to its files, in the order the system saw it. */
export type FileOperation =
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly bytes: number }
  | { readonly kind: 'sync'; readonly file: string }
  /** It was told to the world that this is kept. */
  | { readonly kind: 'acknowledged'; readonly what: string };

/** What of strace has to be asked for: whole buffers in hexadecimal, descriptors with their paths. */
const RECORDING_CALLS = 'pwrite64,write,fsync,fdatasync,ftruncate';
export const RECORDING_FLAGS = ['-f', '-y', '-xx', '-s', '1048576', '-e', `trace=${RECORDING_CALLS}`];

const CALL = /^(?:\d+ +)?(\w+)\(\d+<([^>]*)>(?:, (.*))?\) += (-?\d+)/;

/** Reads a trace. Throws on a call it does not understand, and on one that was cut short: neither may be left out. */
export function readRecording(traceFile: string, acknowledgements: string): readonly FileOperation[] {
  const found: FileOperation[] = [];
  for (const line of readFileSync(traceFile, 'latin1').split('\n')) {
    if (/^(\d+ +)?(\+\+\+|---)/.test(line) || line === '') continue;
    const call = CALL.exec(line);
    if (call === null) throw new Error(`A line of the trace cannot be read: ${line.slice(0, 200)}`);
    const [, name = '', path = '', rest = '', result = ''] = call;
    if (Number(result) < 0) throw new Error(`A call failed while it was recorded: ${line.slice(-200)}`);
    found.push(operation({ name, path: textOf(path), rest, result: Number(result) }, acknowledgements));
  }
  return found;
}

interface Call {
  readonly name: string;
  readonly path: string;
  readonly rest: string;
  readonly result: number;
}

function operation({ name, path, rest, result }: Call, acknowledgements: string): FileOperation {
  const file = basename(path);
  if (name === 'fsync' || name === 'fdatasync') return { kind: 'sync', file };
  if (name === 'ftruncate') return { kind: 'truncate', file, bytes: Number(rest) };
  const [, hex = '', length = '', offset = ''] = /^"([^"]*)", (\d+)(?:, (\d+))?$/.exec(rest) ?? [];
  const bytes = Buffer.from(hex.replaceAll('\\x', ''), 'hex');
  if (bytes.length !== result || Number(length) !== result)
    throw new Error(`A write of ${length} bytes to ${path} is not whole in the trace.`);
  if (path === acknowledgements) return { kind: 'acknowledged', what: bytes.toString().trim() };
  if (name !== 'pwrite64') throw new Error(`${path} was written without a place.`);
  return { kind: 'write', file, offset: Number(offset), bytes };
}

/** Paths are in hexadecimal too. */
function textOf(path: string): string {
  return path.startsWith('\\x') ? Buffer.from(path.replaceAll('\\x', ''), 'hex').toString() : path;
}
