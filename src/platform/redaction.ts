import { assert } from '../core/base/assert.ts';

/** Shorter text would blank ordinary words. */
const SECRET_LENGTH_MIN = 8;
const REDACTED = '[redacted]';
const SECRET_KEY =
  /secret|password|passphrase|token|authorization|cookie|credential|signature|session-?id|api-?_?key|private-?_?key|master-?_?key|data-?_?key/i;

/** The process's secrets in every form they are searched for. One set: a secret is one wherever it is logged. */
const forms = new Set<string>();
let matcher: RegExp | null = null;

/**
 * From now on `redactText` blanks `secret` in this process: as it is, as base64 (alone or inside a longer
 * text), as hex, URL-encoded and escaped for JSON. Stops on fewer than 8 characters.
 */
export function registerSecret(secret: string): void {
  assert(secret.length >= SECRET_LENGTH_MIN, `A secret has at least ${SECRET_LENGTH_MIN} characters.`);
  for (const form of formsOf(secret)) if (form.length >= SECRET_LENGTH_MIN) forms.add(form);
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  matcher = new RegExp(longestFirst.map(escapePattern).join('|'), 'g');
}

/** `text` with every registered secret blanked. */
export function redactText(text: string): string {
  return matcher === null ? text : text.replace(matcher, REDACTED);
}

/** True for the name of a field whose value is never shown, whatever it is: `apiKey`, `set-cookie`. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const encoded = encodeURIComponent(secret);
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map((lead) => base64Core(bytes, lead))];
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    new URLSearchParams({ '': secret }).toString().slice(1),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')),
    ...base64.map(encodeURIComponent),
  ];
}

/**
 * The characters of a base64 text that depend on `bytes` alone when `lead` (mod 3) other bytes stand before
 * them and anything behind: `Basic base64(user:secret)` shows the secret in one of three shifts.
 */
function base64Core(bytes: Buffer, lead: number): string {
  const shifted = Buffer.concat([Buffer.alloc(lead), bytes]);
  const wholeCharacters = Math.floor((shifted.length * 8) / 6);
  const firstOwnCharacter = Math.ceil((lead * 8) / 6);
  return shifted.toString('base64').slice(firstOwnCharacter, wholeCharacters);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
