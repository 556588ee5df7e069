import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../src/http/bots-api.ts';
import { type BotsFixture, botsFixture, type Caller } from './bots-fixture.ts';

const KEY = { 'idempotency-key': 'order-1' };

function enable(fixture: BotsFixture, more: { caller?: Caller; reason?: string; url?: string } = {}) {
  return fixture.ask(more.caller ?? 'trader', {
    method: 'POST',
    url: more.url ?? '/api/auto-bot/enable',
    headers: KEY,
    payload: { reason: more.reason ?? 'go' },
  });
}

describe('the idempotency key', () => {
  it('gives the first answer again without running the command again', async () => {
    const fixture = botsFixture();
    const first = await enable(fixture);
    fixture.api.answer = () => ({ ok: true, message: 'a second time' });
    const second = await enable(fixture);
    expect(fixture.api.sent).toHaveLength(1);
    expect([second.statusCode, second.body]).toEqual([first.statusCode, first.body]);
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    await fixture.server.close();
  });

  it('waits for the first while it runs', async () => {
    const fixture = botsFixture();
    let finish: (result: CommandResult) => void = () => expect.unreachable('the promise sets it');
    const answer = new Promise<CommandResult>((resolve) => {
      finish = resolve;
    });
    fixture.api.answer = () => answer;
    const both = [enable(fixture), enable(fixture)];
    await expect.poll(() => fixture.api.sent.length).toBe(1);
    finish({ ok: true, message: 'once' });
    const bodies = (await Promise.all(both)).map((answer) => answer.json().message);
    expect(bodies).toEqual(['once', 'once']);
    expect(fixture.api.sent).toHaveLength(1);
    await fixture.server.close();
  });

  it('keeps refusals and defects too: a repeat must not become a second order', async () => {
    for (const answer of [
      () => ({ ok: false, kind: 'conflict', code: 'bot.busy', detail: 'Later.' }) as const,
      () => Promise.reject(new Error('lost the reply')),
    ]) {
      const fixture = botsFixture();
      fixture.api.answer = answer;
      const first = await enable(fixture);
      fixture.api.answer = () => ({ ok: true, message: 'done' });
      const second = await enable(fixture);
      expect(second.statusCode).toBe(first.statusCode);
      expect(second.body).toBe(first.body);
      expect(fixture.api.sent).toHaveLength(1);
      await fixture.server.close();
    }
  });

  it('refuses the same key for another body', async () => {
    const fixture = botsFixture();
    await enable(fixture);
    const other = await enable(fixture, { reason: 'another' });
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency.key-reused']);
    expect(fixture.api.sent).toHaveLength(1);
    await fixture.server.close();
  });

  it('belongs to one caller and one address', async () => {
    const fixture = botsFixture();
    await enable(fixture);
    await enable(fixture, { caller: 'admin' });
    await enable(fixture, { url: '/api/auto-bot/disable' });
    expect(fixture.api.sent).toHaveLength(3);
    await fixture.server.close();
  });

  it('does not open a door to those who may not pass', async () => {
    const fixture = botsFixture();
    await enable(fixture);
    expect((await enable(fixture, { caller: 'none' })).statusCode).toBe(401);
    expect((await enable(fixture, { caller: 'viewer' })).statusCode).toBe(403);
    await fixture.server.close();
  });

  it('is not spent on a request that does not fit', async () => {
    const fixture = botsFixture();
    const request = { method: 'POST', url: '/api/bots/create', headers: KEY } as const;
    const wrong = await fixture.ask('trader', { ...request, payload: { symbol: '' } });
    const right = await fixture.ask('trader', { ...request, payload: { symbol: 'BTC' } });
    expect([wrong.statusCode, right.statusCode]).toEqual([400, 201]);
    await fixture.server.close();
  });

  it.each(['', 'a b', 'ключ', 'k'.repeat(201)])('must be visible ASCII, unlike %j', async (key) => {
    const fixture = botsFixture();
    const headers = { 'idempotency-key': key };
    const answer = await fixture.ask('trader', { method: 'POST', url: '/api/auto-bot/enable', headers });
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, 'Idempotency-Key']);
    expect(fixture.api.sent).toEqual([]);
    await fixture.server.close();
  });

  it('keeps a thousand answers and forgets the oldest', async () => {
    const fixture = botsFixture();
    const post = (key: number) =>
      fixture.ask('trader', {
        method: 'POST',
        url: '/api/auto-bot/enable',
        headers: { 'idempotency-key': String(key) },
      });
    for (let key = 0; key <= 1000; key += 1) await post(key);
    await post(1);
    expect(fixture.api.sent, 'key 1 is still known').toHaveLength(1001);
    await post(0);
    expect(fixture.api.sent, 'key 0 is not').toHaveLength(1002);
    await fixture.server.close();
  });

  it('without a key every request counts', async () => {
    const fixture = botsFixture();
    const post = () => fixture.ask('trader', { method: 'POST', url: '/api/auto-bot/enable' });
    await post();
    await post();
    expect(fixture.api.sent).toHaveLength(2);
    await fixture.server.close();
  });
});
