import { z } from 'zod';

const schemaSchema = z.object({
  $ref: z.string().optional(),
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  default: z.unknown().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Schema = z.infer<typeof schemaSchema>;

/** Bounds that only say "a whole number a program can hold" are no news. */
const SAFE = Number.MAX_SAFE_INTEGER;

/**
 * A JSON schema as people read types: fields with `?` where they may be left out, bounds and defaults beside
 * them, named shapes as `#Name`. What is no schema is `any`.
 */
export function outline(schema: unknown, indent = ''): string {
  const parsed = schemaSchema.safeParse(schema);
  if (!parsed.success) return 'any';
  const { data } = parsed;
  return `${core(data, indent)}${bounds(data)}${data.default === undefined ? '' : ` = ${JSON.stringify(data.default)}`}`;
}

function core(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return `#${schema.$ref.split('/').at(-1) ?? ''}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => outline(one, indent)).join(' | ');
  if (schema.type === 'array') return `[ ${outline(schema.items, indent)} ]`;
  if (schema.type === 'object') return objectOutline(schema, indent);
  return schema.type ?? 'any';
}

function objectOutline(
  { properties = {}, required = [], additionalProperties }: Schema,
  indent: string,
): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(
    ([name, schema]) => `${inner}${name}${required.includes(name) ? '' : '?'}: ${outline(schema, inner)}`,
  );
  if (typeof additionalProperties === 'object' && additionalProperties !== null) {
    lines.push(`${inner}[name]: ${outline(additionalProperties, inner)}`);
  }
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}

function bounds({ minimum, maximum, pattern }: Schema): string {
  const low = minimum === undefined || minimum <= -SAFE ? '' : `≥ ${minimum}`;
  const high = maximum === undefined || maximum >= SAFE ? '' : `≤ ${maximum}`;
  const parts = [low, high, pattern === undefined ? '' : `/${pattern}/`].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
