import type { ServedCandle } from '../exchange.ts';
import { PLAIN_NUMBER } from './schema.ts';

/*
 * Written by hand, unlike the rest of what we read: every followed instrument sends such a message each second,
 * day and night, and a schema takes ten times as long.
 */

/** A message of a topic, its `data` not yet looked into. */
export interface Push {
  readonly topic: string;
  readonly type?: string | undefined;
  readonly data?: unknown;
}

/** Null for what is no message of a topic: acknowledgements and pongs have none. */
export function pushFrom(json: unknown): Push | null {
  if (typeof json !== 'object' || json === null) return null;
  const { topic, type, data } = json as { topic?: unknown; type?: unknown; data?: unknown };
  if (typeof topic !== 'string' || (type !== undefined && typeof type !== 'string')) return null;
  return { topic, type, data };
}

/** A candle as pushed, `confirm` telling that it is closed; null for anything else. Whether it is sound is not judged. */
export function pushedCandleFrom(row: unknown): ServedCandle | null {
  if (typeof row !== 'object' || row === null) return null;
  const fields = row as Partial<Record<PushedField, unknown>>;
  const { start, confirm } = fields;
  if (typeof start !== 'number' || !Number.isSafeInteger(start) || start <= 0) return null;
  if (typeof confirm !== 'boolean') return null;
  const open = numberFrom(fields.open);
  const high = numberFrom(fields.high);
  const low = numberFrom(fields.low);
  const close = numberFrom(fields.close);
  const volume = numberFrom(fields.volume);
  if (Number.isNaN(open + high + low + close + volume)) return null;
  return { openTimeMs: start, closed: confirm, open, high, low, close, volume };
}

type PushedField = 'start' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'confirm';

/** NaN for anything but plain decimal text. */
function numberFrom(text: unknown): number {
  return typeof text === 'string' && PLAIN_NUMBER.test(text) ? Number(text) : Number.NaN;
}
