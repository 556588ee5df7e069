import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redactText } from '../platform/redaction.ts';
import { systemTime, type Time } from '../platform/time.ts';
import { type Access, openAccess } from './access.ts';
import type { Role } from './role.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let home = '';
let clockMs = 0;
let opened: Access[] = [];
/** A clock set by hand: nothing here waits. */
const time: Time = { nowMs: () => clockMs, monotonicMs: () => clockMs, after: () => () => undefined };

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'infobot-access-'));
  clockMs = 1_800_000_000_000;
  opened = [];
});
afterEach(() => {
  for (const access of opened) access.close();
  rmSync(home, { recursive: true });
});

function open(readOnly = false): Access {
  const access = openAccess({ home, time, readOnly });
  opened.push(access);
  return access;
}

function storedBytes(): string {
  return ['access.db', 'access.db-wal'].map((name) => readFileSync(join(home, name), 'latin1')).join('');
}

const owner = { name: 'owner', role: 'admin' } as const;

const RACERS = 3;
/** Opens, waits until all have opened, claims; posts whether it won. */
const RACER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { home, code, gate, racers, access, time } = workerData;
  void (async () => {
    const { openAccess } = await import(access);
    const { systemTime } = await import(time);
    const own = openAccess({ home, time: systemTime });
    if (Atomics.add(gate, 0, 1) === racers - 1) Atomics.notify(gate, 0);
    for (let there = Atomics.load(gate, 0); there < racers; there = Atomics.load(gate, 0)) {
      Atomics.wait(gate, 0, there, 100);
    }
    const grant = await own.claimCode(code);
    own.close();
    parentPort.postMessage(grant !== null);
  })();
`;

/** A thread with a connection of its own that claims `code`; true: it won. */
async function racer(start: { home: string; code: string; gate: Int32Array }): Promise<boolean> {
  const urls = {
    access: new URL('./access.ts', import.meta.url).href,
    time: new URL('../platform/time.ts', import.meta.url).href,
  };
  const worker = new Worker(RACER, { eval: true, workerData: { ...start, ...urls, racers: RACERS } });
  const [won] = await once(worker, 'message');
  return won === true;
}

describe('a token', () => {
  test('is verified by every process, also by one that only reads', async () => {
    const { id, token } = await open().createToken({ name: 'script', role: 'trader', expiresMs: null });
    expect(await open(true).verifyToken(token)).toEqual({ id, name: 'script', role: 'trader' });
  });

  test('has 256 random bits, is stored as a hash alone and blanked in logs', async () => {
    const { id, token } = await open().createToken({ name: 'script', role: 'viewer', expiresMs: null });
    const secret = token.slice(`ibt_${id}`.length);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(storedBytes()).toContain('script');
    expect(storedBytes()).not.toContain(secret);
    expect(redactText(`Authorization: Bearer ${token}`)).not.toContain(secret);
  });

  test('with any one character changed is no token', async () => {
    const access = open();
    const { token } = await access.createToken({ name: 's', role: 'viewer', expiresMs: null });
    for (let at = 0; at < token.length - 1; at += 1) {
      const other = token[at] === 'a' ? 'b' : 'a';
      expect(await access.verifyToken(token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
    }
    for (const text of ['', 'x', `${token}x`, token.slice(1), `${token}\n`, 'ibt_', "' or 1=1 --"]) {
      expect(await access.verifyToken(text)).toBeNull();
    }
    expect(await access.verifyToken(token)).not.toBeNull();
  });

  test('ends at its expiry', async () => {
    const access = open();
    const expiresMs = clockMs + HOUR_MS;
    const { token } = await access.createToken({ name: 's', role: 'viewer', expiresMs });
    clockMs = expiresMs - 1;
    expect(await access.verifyToken(token)).not.toBeNull();
    clockMs = expiresMs;
    expect(await access.verifyToken(token)).toBeNull();
  });

  test('revoked is no good at once, the others stay', async () => {
    const access = open();
    const first = await access.createToken({ name: 'a', role: 'viewer', expiresMs: null });
    const second = await access.createToken({ name: 'b', role: 'admin', expiresMs: null });
    expect(await access.revokeToken(first.id)).toBe(true);
    expect(await access.revokeToken(first.id)).toBe(false);
    expect(await access.revokeToken('none')).toBe(false);
    expect(await access.verifyToken(first.token)).toBeNull();
    expect(await access.verifyToken(second.token)).toMatchObject({ name: 'b' });
    const entries = await access.listTokens();
    expect(new Set(entries.map((entry) => [entry.name, entry.revokedMs].join()))).toEqual(
      new Set([`a,${String(clockMs)}`, 'b,']),
    );
    expect(JSON.stringify(entries)).not.toMatch(/hash|secret/i);
  });
});

describe('a sign-in code', () => {
  test('lets its person in once', async () => {
    const access = open();
    const { code } = await access.createSignInCode(owner);
    expect(Buffer.from(code, 'base64url').length).toBeGreaterThanOrEqual(16);
    const grant = await access.claimCode(code);
    expect(grant?.session).toMatchObject(owner);
    expect(await access.claimCode(code)).toBeNull();
  });

  test('claimed through two connections at once lets one in', async () => {
    const [first, second] = [open(), open()];
    for (let round = 0; round < 20; round += 1) {
      const { code } = await first.createSignInCode(owner);
      const claims = await Promise.all(
        [first, second, second, first].map((access) => access.claimCode(code)),
      );
      expect(claims.filter((grant) => grant !== null)).toHaveLength(1);
    }
  });

  test('claimed by threads that start together lets one in', async () => {
    const access = openAccess({ home, time: systemTime });
    opened.push(access);
    for (let round = 0; round < 5; round += 1) {
      const { code } = await access.createSignInCode(owner);
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const racers = Array.from({ length: RACERS }, () => racer({ home, code, gate }));
      expect(await Promise.all(racers).then((claims) => claims.filter((won) => won))).toHaveLength(1);
    }
  });

  test.each([
    ['a moment before 15 minutes', 15 * MINUTE_MS - 1, true],
    ['after 15 minutes', 15 * MINUTE_MS, false],
    ['by a clock set back', -1, false],
  ])('claimed %s lets in: %3$s', async (_when, laterMs, lets) => {
    const access = open();
    const { code } = await access.createSignInCode(owner);
    clockMs += laterMs;
    expect((await access.claimCode(code)) !== null).toBe(lets);
  });

  test('unknown lets nobody in', async () => {
    expect(await open().claimCode('x'.repeat(32))).toBeNull();
  });

  test('is stored as a hash alone and blanked in logs', async () => {
    const { code } = await open().createSignInCode(owner);
    expect(storedBytes()).not.toContain(code);
    expect(redactText(`http://127.0.0.1:5000/#code=${code}`)).not.toContain(code);
  });
});

describe('a session', () => {
  async function begun(access: Access, role: Role = 'admin') {
    const { code } = await access.createSignInCode({ name: 'owner', role });
    const grant = await access.claimCode(code);
    if (grant === null) throw new Error('The code lets in.');
    return grant;
  }

  test('is found by its secret in every process, with the same csrf token', async () => {
    const { secret, session } = await begun(open(), 'trader');
    expect(await open().touchSession(secret)).toEqual(session);
    expect(session).toEqual({
      name: 'owner',
      role: 'trader',
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(session.csrfToken).not.toBe(secret);
  });

  test('is stored as a hash alone; its csrf token not at all', async () => {
    const { secret, session } = await begun(open());
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(storedBytes()).not.toContain(secret);
    expect(storedBytes()).not.toContain(session.csrfToken);
  });

  test('ends after 30 minutes without use', async () => {
    const access = open();
    const { secret } = await begun(access);
    clockMs += 30 * MINUTE_MS - 1;
    expect(await access.sessionLives(secret)).toBe(true);
    clockMs += 1;
    expect(await access.touchSession(secret)).toBeNull();
  });

  test('is prolonged by use and not by being looked at', async () => {
    const access = open();
    const { secret } = await begun(access);
    clockMs += 20 * MINUTE_MS;
    await access.touchSession(secret);
    clockMs += 20 * MINUTE_MS;
    expect(await access.sessionLives(secret)).toBe(true);
    clockMs += 10 * MINUTE_MS;
    expect(await access.sessionLives(secret)).toBe(false);
  });

  test('ends after 12 hours however much it is used', async () => {
    const access = open();
    const { secret } = await begun(access);
    const endMs = clockMs + 12 * HOUR_MS;
    const prolong = access.touchSession.bind(access);
    for (; clockMs < endMs; clockMs += 10 * MINUTE_MS) expect(await prolong(secret)).not.toBeNull();
    expect(await prolong(secret)).toBeNull();
  });

  test('is not believed by a clock set back before its beginning', async () => {
    const access = open();
    const { secret } = await begun(access);
    clockMs -= HOUR_MS;
    expect(await access.touchSession(secret)).toBeNull();
  });

  test('ended is gone, and others stay until all of the person are ended', async () => {
    const access = open();
    const [first, second, third] = [await begun(access), await begun(access), await begun(access)];
    await access.endSession(first.secret);
    expect(await access.touchSession(first.secret)).toBeNull();
    expect(await access.touchSession(second.secret)).not.toBeNull();
    expect(await access.endSessionsOf('owner')).toBe(2);
    expect(await access.touchSession(third.secret)).toBeNull();
    await access.endSession('unknown');
  });
});

test('a process that only reads changes nothing and does not make the file', async () => {
  expect(() => open(true)).toThrow(expect.objectContaining({ kind: 'refused' }));
  open();
  await expect(open(true).createSignInCode(owner)).rejects.toMatchObject({ name: 'DatabaseError' });
});
