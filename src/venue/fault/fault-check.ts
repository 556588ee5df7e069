import { z } from 'zod';
import { boardParams } from './fault-input.ts';
import { FAULT_KINDS } from './fault-kinds.ts';

const orderShape = z.looseObject({ name: z.string(), ...boardParams });

/** What is wrong with a fault as it is asked for, and where; null when it could begin. */
export function checkFault(
  input: unknown,
): { readonly path: readonly PropertyKey[]; readonly message: string } | null {
  const order = orderShape.safeParse(input);
  if (!order.success) return firstOf(order.error);
  const { name, rate: _rate, count: _count, for: _for, ...params } = order.data;
  const kind = FAULT_KINDS.find((each) => each.name === name);
  if (kind === undefined) return { path: ['fault'], message: `there is no fault "${name}"` };
  const read = kind.params.safeParse(params);
  return read.success ? null : firstOf(read.error);
}

function firstOf(error: z.ZodError): { readonly path: readonly PropertyKey[]; readonly message: string } {
  const issue = error.issues[0];
  return { path: issue?.path ?? [], message: issue?.message ?? 'cannot be used' };
}
