import { describe, expect, it } from 'vitest';
import { venueClient } from '../../../test/fixture/venue-client.ts';
import { DRIFT_PACKS } from './drift-packs.ts';
import { checkFault } from './fault-check.ts';
import { parseDuration } from './fault-input.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import { paramsOf, parseFaultWord } from './fault-words.ts';

const TIME = '/v5/market/time';

describe('the board of faults', () => {
  it('takes a fault by name and says what is wrong with one it does not take', () => {
    const { venue } = venueClient();
    expect(venue.faults.add({ name: 'reply-lost' })).toMatchObject({
      ok: true,
      value: { id: 1, strikes: 0 },
    });
    const refusal = (input: unknown): string => {
      const added = venue.faults.add(input);
      return added.ok ? '' : added.error;
    };
    expect(refusal({ name: 'reply-lots' })).toContain('there is no fault "reply-lots"');
    expect(refusal({ name: 'reply-lost', rate: 2 })).toBe('rate: takes a number from 0 to 1');
    expect(refusal({ name: 'reply-late', delay: 'soon' })).toContain('delay: takes a duration');
    expect(refusal({ name: 'reply-lost', colour: 'red' })).toContain('colour');
    expect(refusal({ name: 'wick', symbol: 'BTCUSD' })).toBe(
      'wick: symbol: no instrument is called BTCUSD; the nearest is BTCUSDT',
    );
    expect(refusal({ name: 'person-closes', uid: '1002' })).toBe(
      'person-closes: uid: there is no account 1002; the nearest is 1001',
    );
    expect(refusal('reply-lost')).not.toBe('');
    expect(venue.faults.report().active).toHaveLength(1);
  });

  it('ends a fault after its count, after its time, and when told', async () => {
    const { send, time, venue } = venueClient();
    const isLost = async () => {
      const asked = send('GET', TIME, '');
      await time.advance(6000);
      return (await asked).kind === 'no-answer';
    };
    venue.faults.add({ name: 'reply-lost', count: 1 });
    expect([await isLost(), await isLost()]).toEqual([true, false]);
    venue.faults.add({ name: 'reply-lost', for: '5s' });
    expect([await isLost(), await isLost()]).toEqual([true, false]);
    const added = venue.faults.add({ name: 'reply-lost' });
    expect(await isLost()).toBe(true);
    expect(added.ok && venue.faults.remove(added.value.id)).toBe(true);
    expect(await isLost()).toBe(false);
    expect(venue.faults.report().active).toEqual([]);
    expect(venue.faults.report().ended.map(({ strikes }) => strikes)).toEqual([1, 1, 1]);
  });

  it('strikes at its rate by dice of its seed, and writes every strike down', async () => {
    const story = async (seed: number): Promise<readonly number[]> => {
      const { send, venue } = venueClient({ faultSeed: seed, limits: { isOn: false } });
      venue.faults.add({ name: 'http-error', rate: 0.5, executed: 'never' });
      const statuses: number[] = [];
      for (let count = 0; count < 40; count += 1) {
        const outcome = await send('GET', TIME, '');
        statuses.push(outcome.kind === 'answered' ? outcome.status : 0);
      }
      expect(venue.faults.strikes()).toHaveLength(statuses.filter((status) => status === 502).length);
      return statuses;
    };
    const first = await story(1);
    expect(await story(1)).toEqual(first);
    expect(await story(2)).not.toEqual(first);
    const struck = first.filter((status) => status === 502).length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(32);
  });
});

describe('the list of faults', () => {
  it('names each once, says what it does, and describes its parameters', () => {
    const names = FAULT_KINDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, purpose, params } of FAULT_KINDS) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(purpose, name).toMatch(/^[A-Z].{15,}/);
      expect(paramsOf(params), name).toBeTypeOf('object');
    }
  });

  it('has at least twenty packs of contract drift, each with an effect', () => {
    expect(DRIFT_PACKS.length).toBeGreaterThanOrEqual(20);
    for (const { name, answers, pushes, gone, refuses } of DRIFT_PACKS) {
      expect(
        [answers, pushes, gone, refuses].some((effect) => effect !== undefined),
        name,
      ).toBe(true);
      expect(checkFault({ name: 'contract-drift', pack: name })).toBeNull();
    }
    expect(checkFault({ name: 'contract-drift', pack: 'none' })?.path).toEqual(['pack']);
  });
});

describe('a fault in one word', () => {
  it('is read with and without parameters', () => {
    expect(parseFaultWord('reply-lost')).toEqual({ ok: true, value: { name: 'reply-lost' } });
    expect(parseFaultWord('reply-lost:path=/v5/order,rate=0.3,for=90s')).toEqual({
      ok: true,
      value: { name: 'reply-lost', path: '/v5/order', rate: '0.3', for: '90s' },
    });
    expect(parseFaultWord('reply-lost:rate')).toMatchObject({ ok: false });
  });

  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5m', 90_000],
    ['2d', 172_800_000],
    ['90', null],
    ['', null],
    ['-5s', null],
    ['5 s', null],
  ])('tells a duration of %s', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });
});
