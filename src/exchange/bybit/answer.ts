import { parseJson } from '../parse-json.ts';
import type { HttpOutcome } from '../transport.ts';
import { type Reaction, reactionToCode, reactionToStatus } from './error-codes.ts';
import { envelope, envelopeHead, parse } from './schema.ts';

/** What one request met. `code` is the envelope's number, or `http-503` where there was no envelope. */
export type Answer =
  | { readonly kind: 'done'; readonly result: unknown; readonly timeMs: number }
  | { readonly kind: 'refused'; readonly reaction: Reaction; readonly code: string; readonly detail: string }
  /** 200 with something else than was agreed; `detail` names the field. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'no-answer'; readonly detail: string }
  | {
      readonly kind: 'not-sent';
      readonly reason: 'not-sent' | 'banned' | 'rate-limited';
      readonly detail: string;
    };

/**
 * A quick reader of one endpoint's usual body: what it says of a success, or null for a body that has to be read
 * the general way. It never judges: whatever is unusual is null.
 */
export type BodyScan = (body: string) => { readonly result: unknown; readonly timeMs: number } | null;

const HTTP_OK = 200;
const DETAIL_LENGTH_MAX = 200;

/** Reads an outcome by the rules of the protocol: status first, then the envelope's code, then its shape. */
export function answerFrom(outcome: HttpOutcome, path: string, scan?: BodyScan): Answer {
  if (outcome.kind === 'not-sent')
    return { kind: 'not-sent', reason: 'not-sent', detail: `${path}: ${outcome.detail}` };
  if (outcome.kind === 'no-answer') return { kind: 'no-answer', detail: `${path}: ${outcome.detail}` };
  const scanned = outcome.status === HTTP_OK ? (scan?.(outcome.body) ?? null) : null;
  return scanned === null ? answerFromJson(outcome, path) : { kind: 'done', ...scanned };
}

function answerFromJson(outcome: HttpOutcome & { readonly kind: 'answered' }, path: string): Answer {
  const json = parseJson(outcome.body);
  const head = parse(envelopeHead, json);
  const reaction = reactionToStatus(outcome.status);
  if (reaction !== null) {
    const code = head.ok && head.value.retCode !== 0 ? head.value.retCode : null;
    return refusedByStatus({ status: outcome.status, reaction, code }, path);
  }
  if (json === undefined) return { kind: 'unreadable', detail: `${path}: body is not JSON` };
  if (!head.ok) return { kind: 'unreadable', detail: `${path}: ${head.error}` };
  const { retCode, retMsg } = head.value;
  if (retCode !== 0) return refusedByCode(retCode, retMsg ?? '', path);
  const full = parse(envelope, json);
  if (!full.ok) return { kind: 'unreadable', detail: `${path}: ${full.error}` };
  return { kind: 'done', result: full.value.result, timeMs: full.value.time };
}

function refusedByCode(retCode: number, message: string, path: string): Answer {
  const detail = `${path}: ${retCode} ${withoutSignedText(message)}`.trimEnd();
  return { kind: 'refused', reaction: reactionToCode(retCode), code: String(retCode), detail };
}

/** 400 and 404 may carry an envelope whose code says more; other statuses speak for themselves. */
function refusedByStatus(
  { status, reaction, code }: { status: number; reaction: Reaction; code: number | null },
  path: string,
): Answer {
  const byCode = reaction === 'definite' && code !== null;
  return {
    kind: 'refused',
    reaction: byCode ? reactionToCode(code) : reaction,
    code: code === null ? `http-${status}` : String(code),
    detail: `${path}: HTTP ${status}${code === null ? '' : ` code ${code}`}`,
  };
}

/** A refused signature is answered with the text that was signed, which holds the key. */
function withoutSignedText(message: string): string {
  return message.replace(/origin_string.*/s, '').slice(0, DETAIL_LENGTH_MAX);
}
