import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redactText } from '../platform/redaction.ts';
import { mintServiceTokens, readServiceTokens, SERVICES, verifyServiceToken } from './service-tokens.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'infobot-service-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('service tokens', () => {
  test('are read back by every service and tell who calls', async () => {
    const minted = await mintServiceTokens(home);
    const read = await readServiceTokens(home);
    expect(read).toEqual({ ok: true, value: minted });
    expect(new Set(Object.values(minted)).size).toBe(SERVICES.length);
    for (const service of SERVICES) {
      expect(verifyServiceToken(minted, minted[service])).toMatchObject({ scope: service });
    }
  });

  test('give scope web to web alone, and web no power of its own', async () => {
    const tokens = await mintServiceTokens(home);
    const scopes = SERVICES.map((service) => verifyServiceToken(tokens, tokens[service])?.scope);
    expect(scopes.filter((scope) => scope === 'web')).toHaveLength(1);
    expect(verifyServiceToken(tokens, tokens.web)).toEqual({
      name: 'service:web',
      role: 'viewer',
      scope: 'web',
    });
  });

  test('of the last start, or nearly right, are no good', async () => {
    const last = await mintServiceTokens(home);
    const tokens = await mintServiceTokens(home);
    for (const text of [last.web, '', tokens.web.slice(0, -1), `${tokens.web}x`, tokens.web.toUpperCase()]) {
      expect(verifyServiceToken(tokens, text)).toBeNull();
    }
  });

  test('stand in a file of the owner alone and are blanked in logs', async () => {
    const tokens = await mintServiceTokens(home);
    expect(statSync(join(home, 'service-tokens.json')).mode & 0o777).toBe(0o600);
    expect(redactText(tokens.bots)).toBe('[redacted]');
  });

  test.each([
    ['open to others', (file: string) => chmodSync(file, 0o644), 'unreadable'],
    ['cut off', (file: string) => writeFileSync(file, '{"web":'), 'not-json'],
    ['without one of them', (file: string) => writeFileSync(file, '{"web":"ibs_x"}'), 'unreadable'],
    ['no object', (file: string) => writeFileSync(file, 'null'), 'unreadable'],
    ['missing', (file: string) => rmSync(file), 'missing'],
  ])('in a file that is %s are not used', async (_what, damage, kind) => {
    await mintServiceTokens(home);
    damage(join(home, 'service-tokens.json'));
    expect(await readServiceTokens(home)).toMatchObject({ ok: false, error: { kind } });
  });
});
