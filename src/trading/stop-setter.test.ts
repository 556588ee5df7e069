import { describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import type { AmendStop } from '../core/engine/decision.ts';
import type { StopOutcome } from '../exchange/exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { StopSetter } from './stop-setter.ts';
import type { Unstamped } from './trading-loop.ts';

const BTC = instrument();

function amend(stop: string | null, takeProfit: string | null = null): AmendStop {
  return {
    kind: 'amend-stop',
    instrumentId: BTC.id,
    direction: 'long',
    stopPrice: stop === null ? null : decimal(stop),
    takeProfitPrice: takeProfit === null ? null : decimal(takeProfit),
  };
}

const VALID_MS = 3_000;

/** Every request leaves at once unless it is `held`, and waits until the test answers it, the oldest first. */
function bench() {
  const time = new VirtualTime(0);
  const sent: string[] = [];
  const told: Unstamped[] = [];
  const syncsMs: number[] = [];
  const waiting: ((outcome: StopOutcome) => void)[] = [];
  const turns: (() => void)[] = [];
  const budget = { held: false };
  const setter = new StopSetter({
    exchange: fakeExchange({
      setStop: async ({ stopPrice }, mayLeave) => {
        if (budget.held) await new Promise<void>((resolve) => turns.push(resolve));
        if (mayLeave?.(VALID_MS) !== true) return { kind: 'not-sent', detail: 'not wanted any more' };
        sent.push(stopPrice?.toFixed() ?? 'kept');
        return new Promise((resolve) => waiting.push(resolve));
      },
    }),
    time,
    dispatch: (event) => told.push(event),
    requestSync: () => syncsMs.push(time.nowMs()),
    report: () => undefined,
  });
  const answer = async (outcome: StopOutcome): Promise<void> => {
    waiting.shift()?.(outcome);
    await time.advance(0);
  };
  const turn = async (): Promise<void> => {
    turns.shift()?.();
    await time.advance(0);
  };
  const set = async (decision: AmendStop): Promise<void> => {
    void setter.set(decision, BTC);
    await time.advance(0);
  };
  return { time, sent, told, syncsMs, budget, answer, turn, set };
}

describe('StopSetter', () => {
  it('reads back at once when a request is not answered, and sends the same levels again, no sooner', async () => {
    const { time, sent, set, syncsMs } = bench();
    await set(amend('90'));
    await time.advance(1_499);
    await set(amend('90'));
    expect([sent, syncsMs]).toEqual([['90'], []]);
    await time.advance(1);
    expect(syncsMs).toEqual([1_500]);
    await set(amend('90'));
    await time.advance(1_000);
    await set(amend('90'));
    expect(sent).toEqual(['90', '90']);
  });

  it('keeps other levels back until every request before them is answered: the looser could come last', async () => {
    const { time, sent, set, answer } = bench();
    await set(amend('90'));
    await time.advance(2_000);
    await set(amend('90'));
    await set(amend('91'));
    await answer({ kind: 'done' });
    await set(amend('91'));
    expect(sent).toEqual(['90', '90']);
    await answer({ kind: 'done' });
    await set(amend('91'));
    expect(sent).toEqual(['90', '90', '91']);
  });

  it.each([
    ['is lost', false],
    ['is unclear', true],
  ])(
    'waits no longer than a request is valid whose answer %s, and asks for a reading then',
    async (_, isUnclear) => {
      const { time, sent, set, answer, syncsMs } = bench();
      await set(amend('90'));
      if (isUnclear) await answer({ kind: 'unknown', detail: 'timeout' });
      await time.advance(VALID_MS - 1);
      await set(amend('91'));
      expect(sent).toEqual(['90']);
      await time.advance(1);
      expect(syncsMs.at(-1)).toBe(VALID_MS);
      await set(amend('91'));
      expect(sent).toEqual(['90', '91']);
    },
  );

  it('sends the newest levels alone of those that came while the rate budget made it wait', async () => {
    const { sent, told, set, budget, turn, answer } = bench();
    budget.held = true;
    await set(amend('90'));
    await set(amend('91'));
    await set(amend('92'));
    budget.held = false;
    await turn();
    expect(sent).toEqual(['92']);
    await answer({ kind: 'done' });
    expect(told).toEqual([]);
  });

  it('goes on with what waits when the levels before it are wanted again', async () => {
    const { sent, set, budget, turn } = bench();
    budget.held = true;
    await set(amend('90'));
    await set(amend('91'));
    await set(amend('90'));
    await turn();
    expect(sent).toEqual(['90']);
  });

  it('has no other levels on their way beside those that were sent again and then overtaken', async () => {
    const { time, sent, set, budget, turn } = bench();
    await set(amend('90'));
    await time.advance(2_000);
    budget.held = true;
    await set(amend('90'));
    await set(amend('91'));
    await turn();
    await turn();
    expect(sent).toEqual(['90']);
    await time.advance(VALID_MS);
    await set(amend('91'));
    await turn();
    expect(sent).toEqual(['90', '91']);
  });

  it('sends the newest levels once when a request ends late that was void long before', async () => {
    const { time, sent, set, budget, turn, answer } = bench();
    await set(amend('90'));
    await time.advance(VALID_MS);
    budget.held = true;
    await set(amend('91'));
    await set(amend('92'));
    await answer({ kind: 'unknown', detail: 'timeout' });
    for (let count = 0; count < 3; count += 1) await turn();
    expect(sent).toEqual(['90', '92']);
  });

  it('sends the stop alone where it was refused together with a take-profit', async () => {
    const { told, sent, set, answer } = bench();
    const refused = { kind: 'rejected', code: '10001', detail: 'takeProfit should be higher' } as const;
    await set(amend('90', '110'));
    await answer(refused);
    expect(sent).toEqual(['90', '90']);
    await answer({ kind: 'done' });
    expect(told).toEqual([]);
    await set(amend('90', '110'));
    await answer(refused);
    await answer(refused);
    expect(told).toMatchObject([{ kind: 'stop-refused', code: '10001' }]);
    expect(sent).toHaveLength(4);
  });

  it('tells of a stop that was refused by a definite word, and of nothing else', async () => {
    const { time, told, set, answer } = bench();
    const refused = { kind: 'rejected', code: '10001', detail: 'not supported' } as const;
    for (const outcome of [
      { kind: 'done' },
      { kind: 'not-sent', detail: '' },
      { kind: 'unknown', detail: '' },
    ] as const) {
      await set(amend('90'));
      await answer(outcome);
    }
    await time.advance(VALID_MS);
    await set(amend(null, '110'));
    await answer(refused);
    expect(told).toEqual([]);
    await set(amend('90'));
    await answer(refused);
    expect(told).toEqual([
      {
        kind: 'stop-refused',
        instrumentId: BTC.id,
        code: '10001',
        detail: 'not supported',
        unsupported: false,
      },
    ]);
    await set(amend('90'));
    await answer({ ...refused, kind: 'unsupported' });
    expect(told).toMatchObject([{ unsupported: false }, { unsupported: true }]);
  });
});
