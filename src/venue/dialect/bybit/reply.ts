import type { MatchingRefusal, RefusalKind } from '../../../core/matching/refusal.ts';

/** What a route answers, before it is put into Bybit's envelope. */
export type Reply =
  | {
      readonly kind: 'result';
      readonly result: unknown;
      readonly retMsg?: string;
      /** Of a batch: code and message of each item. */
      readonly retExtInfo?: unknown;
    }
  | {
      readonly kind: 'refused';
      readonly retCode: number;
      readonly retMsg: string;
      /** What a few refusals explain themselves with. */
      readonly result?: unknown;
    };

export function result(value: unknown): Reply {
  return { kind: 'result', result: value };
}

export function refused(retCode: number, retMsg: string): Reply {
  return { kind: 'refused', retCode, retMsg };
}

/** Bybit's word for a wrong parameter. */
export function parameterError(detail: string): Reply {
  return refused(10001, `params error: ${detail}`);
}

/** The whole body of an answer. A refusal carries an empty result. */
export function envelope(reply: Reply, nowMs: number): string {
  const isResult = reply.kind === 'result';
  return JSON.stringify({
    retCode: isResult ? 0 : reply.retCode,
    retMsg: reply.retMsg ?? 'OK',
    result: reply.result ?? {},
    retExtInfo: isResult ? (reply.retExtInfo ?? {}) : {},
    time: nowMs,
  });
}

/** Bybit's codes of what the matching refuses. 10001 carries the matching's own sentence. */
const CODES: Readonly<Record<RefusalKind, number>> = {
  'unknown-instrument': 10001,
  'not-trading': 110074,
  'bad-quantity': 10001,
  'bad-price': 10001,
  'price-band': 110003,
  'quantity-below-filled': 110064,
  'notional-min': 110094,
  'margin-short': 110007,
  'duplicate-client-id': 110072,
  'bad-client-id': 10001,
  'position-index': 10001,
  'nothing-to-reduce': 110017,
  'trigger-must-rise': 110092,
  'trigger-must-fall': 110093,
  'protection-side': 10001,
  'too-many-partials': 110061,
  'partial-beyond-position': 110058,
  'stops-of-partly-filled': 110059,
  'no-position': 10001,
  'too-many-orders': 110020,
  'too-many-conditionals': 110009,
  'order-unknown': 110001,
  'not-modified': 34040,
  'bad-leverage': 110013,
  'leverage-not-modified': 110043,
  'mode-not-modified': 110025,
  'mode-has-position': 110024,
  'mode-has-orders': 110028,
  'risk-limit': 110090,
  'margin-mode-not-modified': 110026,
  'margin-mode-refused': 110073,
  'cross-margin': 110015,
  'margin-not-held': 110033,
  'margin-add-short': 110014,
  'margin-too-much': 110078,
  'pre-delivery': 110042,
  settling: 110063,
  'trading-forbidden': 110066,
  'money-short': 131212,
};

/** A refusal of the matching in Bybit's words. */
export function refusedBy(refusal: MatchingRefusal): Reply {
  return refused(CODES[refusal.kind], refusal.detail);
}
