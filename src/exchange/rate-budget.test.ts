import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../platform/virtual-time.ts';
import { REQUEST_CLASSES, type RequestClass } from './exchange.ts';
import { type Grant, RateBudget } from './rate-budget.ts';

const START_MS = 1_800_000_000_000;
const LIMITS = { windowMs: 5000, requestsPerWindow: 50, groupsPerSecond: { create: 10 } };

interface Sent {
  readonly requestClass: RequestClass;
  readonly group: string;
  readonly atMs: number;
}

function setUp(share = 1, limits = LIMITS) {
  const time = new VirtualTime(START_MS);
  const budget = new RateBudget({ time, share, limits, mark: null });
  const sent: Sent[] = [];
  const refused: Grant[] = [];
  const ask = (requestClass: RequestClass, group = 'other'): void => {
    budget
      .acquire(requestClass, group)
      .then((grant) =>
        grant === 'granted' ? sent.push({ requestClass, group, atMs: time.nowMs() }) : refused.push(grant),
      )
      .catch(() => refused.push('closed'));
  };
  return { time, budget, sent, refused, ask };
}

function mostWithin(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
}

describe('the rate budget', () => {
  it('never grants more than the window or the group permits, whatever is asked when', async () => {
    const ask = fc.record({
      requestClass: fc.constantFrom(...REQUEST_CLASSES),
      group: fc.constantFrom('create', 'other'),
      gapMs: fc.integer({ min: 0, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { minLength: 60, maxLength: 200 }), async (asks) => {
        const { time, sent, ask: request } = setUp();
        for (const { requestClass, group, gapMs } of asks) {
          request(requestClass, group);
          await time.advance(gapMs > 300 ? gapMs : 0);
        }
        await time.advance(70_000);
        expect(
          mostWithin(
            sent.map(({ atMs }) => atMs),
            5000,
          ),
        ).toBeLessThanOrEqual(50);
        const creates = sent.filter(({ group }) => group === 'create').map(({ atMs }) => atMs);
        expect(mostWithin(creates, 1000)).toBeLessThanOrEqual(10);
        const ordinary = sent.filter(
          ({ requestClass }) => !['protect', 'exit', 'watch'].includes(requestClass),
        );
        expect(
          mostWithin(
            ordinary.map(({ atMs }) => atMs),
            5000,
          ),
        ).toBeLessThanOrEqual(40);
      }),
      { numRuns: 25 },
    );
  });

  it('never grants a request while a more urgent one of its group waits', async () => {
    const ask = fc.record({
      requestClass: fc.constantFrom(...REQUEST_CLASSES),
      group: fc.constantFrom('create', 'other'),
      gapMs: fc.integer({ min: 0, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { minLength: 60, maxLength: 150 }), async (asks) => {
        const { time, budget } = setUp();
        const waiting = new Set<{ readonly urgency: number; readonly group: string }>();
        const overtaken: unknown[] = [];
        for (const { requestClass, group, gapMs } of asks) {
          const request = { urgency: REQUEST_CLASSES.indexOf(requestClass), group };
          waiting.add(request);
          const done = budget.acquire(requestClass, group).then((grant) => {
            waiting.delete(request);
            const ahead = [...waiting].filter(
              (other) => other.group === group && other.urgency < request.urgency,
            );
            if (grant === 'granted' && ahead.length > 0) overtaken.push(request, ...ahead);
          });
          done.catch(() => overtaken.push('failed'));
          await time.advance(gapMs);
        }
        await time.advance(70_000);
        expect(overtaken).toEqual([]);
        expect(waiting.size).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('serves all it can: the whole window is used when protective requests ask for it', async () => {
    const { time, sent, ask } = setUp();
    for (let i = 0; i < 60; i += 1) ask('protect');
    await time.advance(0);
    expect(sent).toHaveLength(50);
    await time.advance(5300);
    expect(sent).toHaveLength(60);
  });

  it('keeps a fifth of the window for protective requests, and some of the rest for what is no scan', async () => {
    const { time, sent, ask } = setUp();
    for (let i = 0; i < 60; i += 1) ask('scan');
    await time.advance(0);
    expect(sent).toHaveLength(32);
    for (let i = 0; i < 60; i += 1) ask('reconcile');
    await time.advance(0);
    expect(sent).toHaveLength(40);
    for (let i = 0; i < 10; i += 1) ask('protect');
    await time.advance(0);
    expect(sent.filter(({ requestClass }) => requestClass === 'protect')).toHaveLength(10);
  });

  it('lets the more urgent class go first, and each class in order of asking', async () => {
    const { time, sent, ask } = setUp(1, { ...LIMITS, groupsPerSecond: { create: 1 } });
    ask('protect', 'create');
    for (const requestClass of [...REQUEST_CLASSES].reverse()) ask(requestClass, 'create');
    await time.advance(8000);
    expect(sent.map(({ requestClass }) => requestClass)).toEqual([
      'protect',
      'protect',
      'exit',
      'watch',
      'entry',
      'reconcile',
      'scan',
    ]);
  });

  it('does not hold one group back for another that is used up', async () => {
    const { time, sent, ask } = setUp();
    for (let i = 0; i < 20; i += 1) ask('entry', 'create');
    ask('entry', 'other');
    await time.advance(0);
    expect(sent.filter(({ group }) => group === 'other')).toHaveLength(1);
    expect(sent.filter(({ group }) => group === 'create')).toHaveLength(8);
  });

  it('takes its share of every limit', async () => {
    const { time, sent, ask, budget } = setUp(0.2);
    for (let i = 0; i < 60; i += 1) ask('protect');
    await time.advance(0);
    expect(sent).toHaveLength(10);
    expect(budget.usage()).toMatchObject({ usedInWindow: 10, limitPerWindow: 10, waiting: 50 });
  });

  it('grants nothing at all during a ban, not even to protect, and turns away who waits', async () => {
    const { time, sent, refused, ask, budget } = setUp();
    for (let i = 0; i < 41; i += 1) ask('reconcile');
    await time.advance(0);
    budget.ban(600_000);
    await time.advance(0);
    expect(refused).toEqual(['banned']);
    ask('protect');
    await time.advance(599_000);
    expect(sent).toHaveLength(40);
    expect(budget.usage().bannedUntilMs).toBe(START_MS + 600_000);
    await time.advance(1000);
    ask('scan');
    await time.advance(0);
    expect(sent).toHaveLength(41);
    expect(budget.usage().bannedUntilMs).toBeNull();
  });

  it('tells the end of a ban in whole milliseconds, whatever fractions the monotonic clock has', () => {
    const time = new VirtualTime(START_MS);
    const fine = {
      ...time,
      nowMs: () => START_MS,
      monotonicMs: () => 1234.5678,
      after: time.after.bind(time),
    };
    const budget = new RateBudget({ time: fine, share: 1, limits: LIMITS, mark: null });
    budget.ban(600_000.5);
    expect(budget.usage().bannedUntilMs).toBe(START_MS + 600_001);
  });

  it('lets ordinary requests of a group wait a second when the exchange says that others have used it up', async () => {
    const { time, sent, ask, budget } = setUp();
    budget.noteStated('create', { perSecond: 10, left: 2 });
    for (const requestClass of ['entry', 'protect'] as const) ask(requestClass, 'create');
    ask('entry', 'other');
    await time.advance(999);
    expect(sent.map(({ requestClass, group }) => `${requestClass} ${group}`)).toEqual([
      'protect create',
      'entry other',
    ]);
    await time.advance(1);
    expect(sent).toHaveLength(3);
    budget.noteStated('create', { perSecond: 10, left: 3 });
    ask('entry', 'create');
    await time.advance(0);
    expect(sent).toHaveLength(4);
  });

  it('takes a lower limit that the exchange states, and never a higher one', async () => {
    const { time, sent, ask, budget } = setUp();
    budget.noteStated('create', { perSecond: 5, left: 5 });
    for (let i = 0; i < 20; i += 1) ask('protect', 'create');
    await time.advance(0);
    expect(sent).toHaveLength(5);
    budget.noteStated('create', { perSecond: 500, left: 500 });
    await time.advance(1_300);
    expect(sent.length).toBeLessThanOrEqual(15);
    expect(sent.length).toBeGreaterThanOrEqual(10);
  });

  it('does not let a shorter ban end a longer one', async () => {
    const { budget } = setUp();
    budget.ban(600_000);
    budget.ban(1000);
    expect(budget.usage().bannedUntilMs).toBe(START_MS + 600_000);
  });

  it('grants what lowers risk and one look at positions while restricted; the others go on at the reset', async () => {
    const { time, sent, ask, budget } = setUp();
    budget.restrict(2000);
    for (const requestClass of REQUEST_CLASSES) ask(requestClass);
    await time.advance(1999);
    expect(sent.map(({ requestClass }) => requestClass)).toEqual(['protect', 'exit', 'watch']);
    await time.advance(1);
    expect(sent.map(({ requestClass }) => requestClass)).toEqual([...REQUEST_CLASSES]);
  });

  it('looks at positions every five seconds while restricted, however often it is asked, and freely after', async () => {
    const { time, sent, ask, budget } = setUp();
    ask('watch');
    await time.advance(1000);
    budget.restrict(20_000);
    for (let second = 0; second < 19; second += 1) {
      if (second % 2 === 0) ask('watch');
      await time.advance(1000);
    }
    expect(sent.map(({ atMs }) => atMs - START_MS)).toEqual([0, 5000, 10_000, 15_000, 20_000]);
    await time.advance(1000);
    expect(sent.length).toBeGreaterThan(6);
  });

  it('turns an entry away that waited too long: it was decided on old prices', async () => {
    const { time, refused, ask, budget } = setUp();
    budget.restrict(30_000);
    ask('entry');
    await time.advance(4999);
    expect(refused).toEqual([]);
    await time.advance(1);
    expect(refused).toEqual(['overdue']);
  });

  it('bounds its queue', async () => {
    const { time, refused, ask, budget } = setUp();
    budget.restrict(1000);
    for (let i = 0; i < 2001; i += 1) ask('scan');
    await time.advance(0);
    expect(refused).toEqual(['queue-full']);
    expect(budget.usage().waiting).toBe(2000);
  });

  it('turns everyone away once closed', async () => {
    const { time, refused, ask, budget } = setUp();
    budget.restrict(1000);
    ask('scan');
    budget.close();
    ask('protect');
    await time.advance(2000);
    expect(refused).toEqual(['closed', 'closed']);
  });
});
