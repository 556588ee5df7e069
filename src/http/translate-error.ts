import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type FieldFault, type ProblemCode, ProblemError, refusal } from './problem.ts';
import { TOO_LARGE } from './request-guard.ts';

/** The framework's own refusals in our words. What is not here and not ours is an internal error. */
const FRAMEWORK_CODES: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['request.not-json', 'Send the body as application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['request.too-large', TOO_LARGE],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['request.malformed', 'The body does not match its Content-Length.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['request.malformed-json', 'The body is not valid JSON.'],
  FST_ERR_BAD_URL: ['request.malformed', 'The address is not a valid URL path.'],
  FST_ERR_MAX_PARAM_LENGTH: ['request.malformed', 'A part of the address is too long.'],
};

const validatedSchema = z.object({
  validation: z.array(
    z.object({
      instancePath: z.string(),
      message: z.string(),
      params: z.object({ keys: z.array(z.string()).optional() }).optional(),
    }),
  ),
});
const codedSchema = z.object({ code: z.string() });

/** Turns anything thrown on the way into a refusal. Null: a defect of ours, to be logged and answered as 500. */
export function translateError(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(schemaFaults(error));
  const coded = codedSchema.safeParse(error);
  const known = coded.success ? FRAMEWORK_CODES[coded.data.code] : undefined;
  return known === undefined ? null : refusal(known[0], known[1]);
}

/** A 400 that names each fault. */
export function invalid(errors: readonly FieldFault[]): ProblemError {
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = first === undefined ? 'The request does not fit its schema.' : `${faultText(first)}${more}`;
  return refusal('request.invalid', detail, { errors });
}

function schemaFaults(error: unknown): readonly FieldFault[] {
  return validatedSchema.parse(error).validation.flatMap((fault) => {
    const path = fault.instancePath.split('/').filter((part) => part !== '');
    const keys = fault.params?.keys;
    return keys === undefined
      ? [{ path: path.join('.'), message: fault.message }]
      : unknownFields(path, keys);
  });
}

function unknownFields(parent: readonly string[], keys: readonly string[]): readonly FieldFault[] {
  return keys.map((key) => ({ path: [...parent, key].join('.'), message: 'Unknown field' }));
}

function faultText(fault: FieldFault): string {
  return fault.path === '' ? fault.message : `${fault.path}: ${fault.message}`;
}
