import { isSecretKey } from './redaction.ts';

/** What a log line may carry beside its message. Errors are flattened, secrets blanked by key name. */
export type LogFields = Readonly<Record<string, unknown>>;

const TEXT_LENGTH_MAX = 2_000;
const ITEMS_MAX = 50;
const DEPTH_MAX = 5;
const STACK_LINES_MAX = 12;

/**
 * Characters that forge lines, colour terminals or reorder text: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional marks.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** One printable line of at most 2,000 characters: control characters become `\u001b` in plain letters. */
export function printable(text: string): string {
  const cut = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}… (${text.length})` : text;
  return cut.replace(CONTROL, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The fields as plain JSON: bounded in depth, width and length, without control characters. */
export function plainFields(fields: LogFields): Record<string, unknown> {
  return plainObject(fields, 0, new Set());
}

function plainValue(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX || above.has(value)) return '[deeper]';
  return plainNested(value, depth, new Set([...above, value]));
}

function plainNested(value: object, depth: number, above: Set<object>): unknown {
  if (value instanceof Error) return plainError(value, depth, above);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value))
    return value.slice(0, ITEMS_MAX).map((item) => plainValue(item, depth + 1, above));
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return plainValue(value.toJSON(), depth + 1, above);
  }
  return plainObject(value, depth + 1, above);
}

function plainObject(source: object, depth: number, above: Set<object>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source).slice(0, ITEMS_MAX)) {
    plain[printable(key)] = isSecretKey(key) ? '[redacted]' : plainValue(value, depth, above);
  }
  return plain;
}

/** Name, message and stack only: clients hang requests with their headers on the errors they throw. */
function plainError(error: Error, depth: number, above: Set<object>): unknown {
  const stack = (error.stack ?? '').split('\n').slice(1, STACK_LINES_MAX);
  return {
    name: printable(error.name),
    message: printable(error.message),
    stack: stack.map((line) => printable(line.trim())),
    ...(error.cause === undefined ? {} : { cause: plainValue(error.cause, depth + 1, above) }),
  };
}
