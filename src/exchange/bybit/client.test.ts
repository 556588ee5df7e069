import { describe, expect, it } from 'vitest';
import {
  bench,
  envelope,
  positionRow,
  refusal,
  START_MS,
} from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import type { HttpOutcome } from '../transport.ts';

const POSITIONS = '/v5/position/list';
const EMPTY = envelope({ list: [], nextPageCursor: '' });

function sequence(...outcomes: readonly HttpOutcome[]): () => HttpOutcome {
  let at = 0;
  return () => {
    const outcome = outcomes[Math.min(at, outcomes.length - 1)];
    at += 1;
    return outcome ?? refusal(10000);
  };
}

describe('reads', () => {
  it('are repeated three times with growing pauses, then unknown', async () => {
    const { time, transport, exchange, run } = bench({
      [POSITIONS]: () => ({ kind: 'no-answer', detail: 'reset' }),
    });
    const reading = await run(exchange.readPositions('reconcile'));
    expect(reading).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
    expect(transport.of(POSITIONS)).toHaveLength(4);
    const passedMs = time.nowMs() - START_MS;
    expect(passedMs).toBeGreaterThanOrEqual(700);
    expect(passedMs).toBeLessThanOrEqual(1150);
  });

  it.each([
    ['a lost answer', { kind: 'no-answer', detail: 'reset' }],
    ['a request that did not leave', { kind: 'not-sent', detail: 'ECONNREFUSED' }],
    ['a server time-out', refusal(10000)],
    ['a restarting service', refusal(10016)],
    ['an unlisted code', refusal(424242)],
    ['HTML with status 200', answered('<html>')],
    ['cut JSON', answered('{"retCode":0,"retMsg":"OK","result":{"list":[')],
    ['status 502', answered('<html>', 502)],
  ] as const)('survive %s', async (_name, first) => {
    const { exchange, run } = bench({ [POSITIONS]: sequence(first, answered(EMPTY)) });
    expect(await run(exchange.readPositions('reconcile'))).toMatchObject({ kind: 'known', value: [] });
  });

  it.each([
    [10001, 'refused'],
    [10003, 'refused'],
    [10005, 'refused'],
    [110074, 'refused'],
  ])('are not repeated on code %i', async (code, reason) => {
    const { transport, exchange, run } = bench({ [POSITIONS]: () => refusal(code) });
    expect(await run(exchange.readPositions('reconcile'))).toMatchObject({ kind: 'unknown', reason });
    expect(transport.of(POSITIONS)).toHaveLength(1);
  });

  it('name the endpoint and the field of an answer that cannot be read, and count it', async () => {
    const row = positionRow({ size: 'NaN' });
    const { exchange, run, logged } = bench({
      [POSITIONS]: () => answered(envelope({ list: [row], nextPageCursor: '' })),
    });
    const reading = await run(exchange.readPositions('protect'));
    expect(reading).toMatchObject({
      kind: 'unknown',
      reason: 'bad-answer',
      detail: '/v5/position/list: result.list.0.size: not a plain decimal number',
    });
    expect(exchange.counters()['bad-answer']).toBe(1);
    expect(logged.join()).toContain('result.list.0.size');
  });

  it('are dated by the exchange', async () => {
    const { exchange, run } = bench({
      [POSITIONS]: () => answered(envelope({ list: [], nextPageCursor: '' }, START_MS + 77)),
    });
    expect(await run(exchange.readPositions('reconcile'))).toMatchObject({
      asOfMs: START_MS + 77,
      source: POSITIONS,
    });
  });
});

describe('the clock', () => {
  it('is measured before the first signed request, and the signature carries the time of the exchange', async () => {
    const { transport, exchange, run } = bench({
      '/v5/market/time': () => answered(envelope({}, START_MS + 90_000)),
      [POSITIONS]: () => answered(EMPTY),
    });
    await run(exchange.readPositions('reconcile'));
    expect(transport.requests.map(({ path }) => path)).toEqual(['/v5/market/time', POSITIONS]);
    const stampMs = Number(transport.of(POSITIONS)[0]?.headers['X-BAPI-TIMESTAMP']);
    expect(stampMs - START_MS - 90_000).toBeGreaterThanOrEqual(0);
    expect(stampMs - START_MS - 90_000).toBeLessThan(1000);
  });

  it('is measured again when a request is refused for its time, and the read goes on', async () => {
    const { transport, exchange, run } = bench({ [POSITIONS]: sequence(refusal(10002), answered(EMPTY)) });
    expect(await run(exchange.readPositions('reconcile'))).toMatchObject({ kind: 'known' });
    expect(transport.of('/v5/market/time')).toHaveLength(2);
  });

  it('is measured for a stop at once, whoever of the less urgent still waits to measure it', async () => {
    const limited = answered({ retCode: 10006, retMsg: 'Too many visits.' }, 200, {
      'X-Bapi-Limit-Reset-Timestamp': String(START_MS + 30_000),
    });
    const { time, transport, exchange } = bench({
      [POSITIONS]: sequence(limited, refusal(10002), answered(EMPTY)),
    });
    void exchange.readPositions('protect');
    await time.advance(50);
    void exchange.readTime();
    await time.advance(2_000);
    expect(transport.of('/v5/market/time')).toHaveLength(2);
    expect(transport.of(POSITIONS)).toHaveLength(3);
  });

  it('reads the time of the exchange', async () => {
    const { exchange, run } = bench({ '/v5/market/time': () => answered(envelope({}, START_MS + 5)) });
    expect(await run(exchange.readTime())).toMatchObject({ kind: 'known', value: START_MS + 5 });
  });
});

describe('limits', () => {
  it('stop all traffic for ten minutes after a 403', async () => {
    const { time, transport, exchange, run } = bench({
      [POSITIONS]: sequence(answered('', 403), answered(EMPTY)),
    });
    expect(await run(exchange.readPositions('protect'))).toMatchObject({ kind: 'unknown', reason: 'banned' });
    const sent = transport.requests.length;
    expect(await run(exchange.readPositions('protect'))).toMatchObject({ kind: 'unknown', reason: 'banned' });
    await time.advance(599_000);
    expect(await run(exchange.readPositions('protect'))).toMatchObject({ kind: 'unknown', reason: 'banned' });
    expect(transport.requests).toHaveLength(sent);
    expect(exchange.rateUsage().bannedUntilMs).toBeGreaterThanOrEqual(START_MS + 600_000);
    await time.advance(10_000);
    expect(await run(exchange.readPositions('protect'))).toMatchObject({ kind: 'known' });
  });

  it.each(['X-Bapi-Limit-Reset-Timestamp', 'x-bapi-limit-reset-timestamp'])(
    'hold everything but protection back until the time in %s',
    async (header) => {
      const limited = answered({ retCode: 10006, retMsg: 'Too many visits.' }, 200, {
        [header]: String(START_MS + 3000),
      });
      const { time, transport, exchange, run } = bench({ [POSITIONS]: sequence(limited, answered(EMPTY)) });
      const scan = exchange.readPositions('reconcile');
      await time.advance(2900);
      expect(transport.of(POSITIONS)).toHaveLength(1);
      expect(await run(scan)).toMatchObject({ kind: 'known' });
      expect(time.nowMs()).toBeGreaterThanOrEqual(START_MS + 3000);
    },
  );

  it('hold back after HTTP 429 too', async () => {
    const { time, transport, exchange } = bench({
      [POSITIONS]: sequence(answered('', 429), answered(EMPTY)),
    });
    const reading = exchange.readPositions('reconcile');
    await time.advance(4900);
    expect(transport.of(POSITIONS)).toHaveLength(1);
    await time.advance(1000);
    expect(await reading).toMatchObject({ kind: 'known' });
  });
});

describe('what is told of a refusal', () => {
  it('holds no signed text: it would show the key', async () => {
    const message = 'error sign! origin_string[1700000000000testkey5000category=linear]';
    const { exchange, run, logged } = bench({ [POSITIONS]: () => refusal(10004, message) });
    const reading = await run(exchange.readPositions('reconcile'));
    expect(JSON.stringify(reading)).not.toContain('testkey');
    expect(logged.join()).not.toContain('testkey');
    expect(exchange.counters()).toMatchObject({ 'refused-key': 1, 'code 10004': 1 });
  });
});
