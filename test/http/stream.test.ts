import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTime } from '../../src/platform/time.ts';
import { type BotsFixture, botsFixture } from './bots-fixture.ts';
import { openStream } from './event-source.ts';

const VIEWER = { authorization: 'Bearer viewer' };

describe('the live stream', () => {
  let fixture: BotsFixture;
  let url: string;
  beforeAll(async () => {
    fixture = botsFixture({ time: systemTime, port: 0 });
    url = `http://127.0.0.1:${await fixture.server.listen()}/api/stream`;
  });
  afterAll(() => fixture.server.close());

  it('is an event stream with the security headers', async () => {
    const stream = await openStream(url, VIEWER);
    const { headers, statusCode } = stream.response;
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    stream.close();
  });

  it('gives the state, then news, and what was missed to who comes back', async () => {
    const stream = await openStream(`${url}?topics=status,events`, VIEWER);
    await expect.poll(() => stream.text()).toContain('event: status\ndata: {"state":"now"}\n\n');
    fixture.api.emit({ topic: 'events', json: '{"n":1}' });
    fixture.api.emit({ topic: 'trades', json: '{"n":2}' });
    await expect.poll(() => stream.text()).toContain('event: events\ndata: {"n":1}\n\n');
    const lastEventId = /.*id: (\S+)/s.exec(stream.text())?.[1] ?? '';
    stream.close();
    fixture.api.emit({ topic: 'events', json: '{"n":3}' });
    const again = await openStream(`${url}?topics=status,events,trades`, {
      ...VIEWER,
      'last-event-id': lastEventId,
    });
    await expect.poll(() => again.text()).toContain('data: {"n":3}');
    expect([...again.text().matchAll(/data: (.*)/g)].map((found) => found[1])).toEqual([
      '{"n":2}',
      '{"n":3}',
    ]);
    again.close();
  });

  it('needs a caller, and topics that exist', async () => {
    const nobody = await openStream(url, {});
    expect(nobody.response.statusCode).toBe(401);
    const wrong = await openStream(`${url}?topics=`, VIEWER);
    expect(wrong.response.statusCode).toBe(400);
    expect(wrong.response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('is no place for HEAD', async () => {
    expect((await fixture.ask('viewer', { method: 'HEAD', url: '/api/stream' })).statusCode).toBe(421);
    const answer = await fetch(url, { method: 'HEAD', headers: VIEWER });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('ends when the server closes, and the server does not wait for it', async () => {
    const own = botsFixture({ time: systemTime, port: 0 });
    const port = await own.server.listen();
    const stream = await openStream(`http://127.0.0.1:${port}/api/stream`, VIEWER);
    await own.server.close();
    await stream.ended;
    expect(own.api.listeners.size, 'nobody listens any more').toBe(0);
  });
});
