import { createHash } from 'node:crypto';
import { z } from 'zod';
import { outline } from './schema-outline.ts';
import { pagePolicyWithStyle } from './security-headers.ts';

const contentSchema = z.record(z.string(), z.object({ schema: z.unknown() })).optional();
const operationSchema = z.object({
  summary: z.string().default(''),
  tags: z.array(z.string()).default([]),
  parameters: z
    .array(
      z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: z.unknown() }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: contentSchema })),
  'x-infobot-role': z.string().default('public'),
});
const descriptionSchema = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).default({}) }),
});

type Operation = z.infer<typeof operationSchema> & { readonly method: string; readonly path: string };

const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; }
h2 { margin: 2rem 0 .5rem; text-transform: capitalize; }
h4 { margin: .6rem 0 .1rem; }
details { border: 1px solid #8886; border-radius: 6px; margin: .4rem 0; }
summary { padding: .5rem .8rem; cursor: pointer; }
details > div { padding: 0 .8rem .8rem; overflow-x: auto; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { margin: .2rem 0 .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; }
.role { float: right; opacity: .7; }
.note { opacity: .75; }
`;

/** What `GET /api/docs` answers: the page, and the one content policy under which its style applies. */
export interface ApiPage {
  readonly html: string;
  readonly policy: string;
}

/** Renders the API's description (OpenAPI) as one page that needs no script. Throws on what is no description. */
export function apiPage(description: unknown): ApiPage {
  const { info, paths, components } = descriptionSchema.parse(description);
  const operations = Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod)
      .filter(([method]) => method !== 'head')
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  const tags = [...new Set(operations.map(tagOf))];
  const groups = tags.map((tag) =>
    group(
      tag,
      operations.filter((operation) => tagOf(operation) === tag),
    ),
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    folded({ id: `schema-${name}`, head: `<code>${escaped(name)}</code>`, body: shape(schema) }),
  );
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)}: API</title><style>${STYLE}</style></head><body>
<h1>${escaped(info.title)} <small>${escaped(info.version)}</small></h1>
<p>${escaped(info.description)}</p>
<p>The same for programs: <a href="/api/openapi.json">/api/openapi.json</a></p>
${groups.join('\n')}
<h2>Shapes</h2>
${schemas.join('\n')}
</body></html>
`;
  return { html, policy: pagePolicyWithStyle(createHash('sha256').update(STYLE).digest('base64')) };
}

function tagOf(operation: Operation): string {
  return operation.tags[0] ?? 'other';
}

function group(tag: string, operations: readonly Operation[]): string {
  return `<section><h2>${escaped(tag)}</h2>\n${operations.map(operationPart).join('\n')}</section>`;
}

function operationPart(operation: Operation): string {
  const { method, path, summary, parameters, requestBody, responses } = operation;
  const head =
    `<span class="role">${escaped(operation['x-infobot-role'])}</span><code><span class="method">${method}</span>` +
    `${escaped(path)}</code> <span class="note">${escaped(summary)}</span>`;
  const given = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<pre>${escaped(name)}${required === true ? '' : '?'}: ${linked(outline(schema))} <span class="note">(${escaped(place)})</span></pre>`,
  );
  const answers = Object.entries(responses).map(
    ([status, { description, content }]) =>
      `<h4>${escaped(status)} <span class="note">${escaped(meaning(description))}</span></h4>${contentPart(content)}`,
  );
  const body = requestBody === undefined ? '' : `<h4>Body</h4>${contentPart(requestBody.content)}`;
  const parametersPart = given.length === 0 ? '' : `<h4>Parameters</h4>${given.join('')}`;
  return folded({ id: `${method} ${path}`, head, body: parametersPart + body + answers.join('') });
}

/** The generator's filler says nothing. */
function meaning(description: string): string {
  return description === 'Default Response' ? '' : description;
}

function contentPart(content: z.infer<typeof contentSchema>): string {
  return Object.values(content ?? {})
    .map(({ schema }) => shape(schema))
    .join('');
}

function folded({ id, head, body }: { id: string; head: string; body: string }): string {
  return `<details id="${escaped(id)}"><summary>${head}</summary><div>${body}</div></details>`;
}

function shape(schema: unknown): string {
  return `<pre>${linked(outline(schema))}</pre>`;
}

/** Names of shapes lead to them; the outline writes them as `#Name`. */
function linked(text: string): string {
  return escaped(text).replaceAll(/#(\w+)/g, '<a href="#schema-$1">$1</a>');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
