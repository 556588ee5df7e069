import { z } from 'zod';

/** A frame a client sends. Unknown keys are ignored; `req_id` is given back whatever its type. */
export interface Frame {
  readonly op: string;
  readonly requestId: unknown;
  readonly args: readonly unknown[];
}

const frameShape = z.looseObject({
  op: z.string(),
  req_id: z.unknown().optional(),
  args: z.array(z.unknown()).nullish(),
});

/** Null when the text is no frame. */
export function parseFrame(text: string): Frame | null {
  try {
    const read = frameShape.safeParse(JSON.parse(text));
    if (!read.success) return null;
    return { op: read.data.op, requestId: read.data.req_id, args: read.data.args ?? [] };
  } catch {
    return null;
  }
}

/** The answer to a frame. Without a `req_id` in the frame there is none in the answer. */
export function acknowledgement(
  frame: Frame,
  answer: { readonly success: boolean; readonly retMsg: string; readonly connectionId: string },
): string {
  return JSON.stringify({
    success: answer.success,
    ret_msg: answer.retMsg,
    conn_id: answer.connectionId,
    ...(frame.requestId === undefined ? {} : { req_id: frame.requestId }),
    op: frame.op,
  });
}

/** All arguments as text; null when one is not. */
export function topicsOf(frame: Frame): readonly string[] | null {
  const topics = frame.args.filter((arg) => typeof arg === 'string');
  return topics.length === frame.args.length && topics.length > 0 ? topics : null;
}
