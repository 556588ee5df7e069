import { err, ok, type Result } from '../../core/base/result.ts';

/** A JSON object as it came: keys with anything in them. */
export type Fields = Readonly<Record<string, unknown>>;

/** Where a text stops being JSON, and why. */
export interface TextFault {
  /** `line 3`; empty where the text has no such place. */
  readonly place: string;
  readonly detail: string;
}

/** The object a text holds. A file cut short, one with `NaN` in it, a list or a bare value is a fault. */
export function parseFields(text: string): Result<Fields, TextFault> {
  // A byte-order mark is what some editors leave in front.
  const bare = text.replace(/^\uFEFF/, '');
  if (bare.trim() === '') return err({ place: '', detail: 'The file is empty.' });
  try {
    const value: unknown = JSON.parse(bare);
    return isFields(value) ? ok(value) : err({ place: '', detail: 'It holds no JSON object.' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err({ place: `line ${lineOf(reason, bare)}`, detail: `It is no JSON: ${reason}.` });
  }
}

/** True for a JSON object, not a list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parser names a position; a text that merely ends too early breaks in its last line. */
function lineOf(reason: string, text: string): number {
  const position = /position (\d+)/.exec(reason)?.[1];
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
}
