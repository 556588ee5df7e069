import { z } from 'zod';
import { err, ok, type Result } from '../../core/base/result.ts';

/** Parameters of a fault by name, each with what it takes as JSON Schema tells it. */
export function paramsOf(params: z.ZodType): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' });
  return schema.properties ?? {};
}

/** A fault in one word of a command line: `reply-lost` or `reply-lost:path=/v5/order,rate=0.3,for=90s`. */
export function parseFaultWord(word: string): Result<Readonly<Record<string, string>>, string> {
  const [name = '', ...rest] = word.split(':');
  const listed = rest.join(':');
  const fault: Record<string, string> = { name };
  for (const part of listed === '' ? [] : listed.split(',')) {
    const at = part.indexOf('=');
    if (at < 1) return err(`"${part}" of the fault "${word}" is no name=value`);
    fault[part.slice(0, at)] = part.slice(at + 1);
  }
  return ok(fault);
}
