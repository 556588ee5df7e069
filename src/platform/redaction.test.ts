import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSecretKey, redactText, registerSecret } from './redaction.ts';

const SECRET = 'k/9+"wQ x~Zé-7Lp';
registerSecret(SECRET);

describe('redaction by value', () => {
  test.each([
    ['as it is', SECRET],
    ['inside JSON', JSON.stringify({ a: SECRET })],
    ['base64', Buffer.from(SECRET).toString('base64')],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['hex', Buffer.from(SECRET).toString('hex')],
    ['upper-case hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['in a query', new URLSearchParams({ k: SECRET }).toString().slice(2)],
    ['base64 in a query', encodeURIComponent(Buffer.from(SECRET).toString('base64'))],
  ])('blanks a registered secret %s', (_form, text) => {
    const redacted = redactText(`before ${text} after`);
    expect(redacted).toMatch(/^before .*\[redacted\].* after$/);
    expect(redacted).not.toContain(text);
  });

  test('blanks the secret inside the base64 of a longer text, whatever stands around it', () => {
    const inner = Buffer.from(SECRET).toString('base64').slice(4, -6);
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (before, behind) => {
        const encoded = Buffer.from(before + SECRET + behind).toString('base64');
        const redacted = redactText(encoded);
        expect(redacted).toContain('[redacted]');
        const shown = redacted.split('[redacted]').map((part) => Buffer.from(part, 'base64').toString());
        expect(shown.join('|')).not.toContain('wQ x~Z');
        expect(redacted).not.toContain(inner);
      }),
    );
  });

  test('leaves other text as it is', () => {
    expect(redactText('BTCUSDT entered at 64,000.5')).toBe('BTCUSDT entered at 64,000.5');
  });

  test('refuses a secret so short that it would blank ordinary words', () => {
    expect(() => registerSecret('buy')).toThrow('at least 8');
  });
});

test.each(['apiKey', 'api_key', 'Authorization', 'set-cookie', 'csrfToken', 'masterKey', 'X-BAPI-SIGNATURE'])(
  'the name %s is that of a secret',
  (key) => {
    expect(isSecretKey(key)).toBe(true);
  },
);

test.each(['instrumentId', 'clientOrderId', 'monkey', 'pid', 'message'])(
  'the name %s is no secret',
  (key) => {
    expect(isSecretKey(key)).toBe(false);
  },
);
