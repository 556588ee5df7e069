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

/** Every request waits until the test answers it, the oldest first. */
function bench() {
  const time = new VirtualTime(0);
  const sent: string[] = [];
  const told: Unstamped[] = [];
  const waiting: ((outcome: StopOutcome) => void)[] = [];
  const setter = new StopSetter({
    exchange: fakeExchange({
      setStop: ({ stopPrice }) => {
        sent.push(stopPrice?.toFixed() ?? 'kept');
        return new Promise((resolve) => waiting.push(resolve));
      },
    }),
    time,
    dispatch: (event) => told.push(event),
    requestSync: () => undefined,
    report: () => undefined,
  });
  const answer = async (outcome: StopOutcome): Promise<void> => {
    waiting.shift()?.(outcome);
    await time.advance(0);
  };
  return { time, sent, told, answer, set: (decision: AmendStop) => void setter.set(decision, BTC) };
}

describe('StopSetter', () => {
  it('sends the same levels again when the exchange has been silent about them, no sooner and not for ever', async () => {
    const { time, sent, set } = bench();
    set(amend('90'));
    await time.advance(1_499);
    set(amend('90'));
    expect(sent).toEqual(['90']);
    for (let count = 0; count < 10; count += 1) {
      await time.advance(1_500);
      set(amend('90'));
    }
    expect(sent).toEqual(['90', '90', '90', '90']);
  });

  it('keeps other levels back until every request before them is answered: the looser could come last', async () => {
    const { time, sent, set, answer } = bench();
    set(amend('90'));
    await time.advance(2_000);
    set(amend('90'));
    set(amend('91'));
    await answer({ kind: 'done' });
    set(amend('91'));
    expect(sent).toEqual(['90', '90']);
    await answer({ kind: 'unknown', detail: 'timeout' });
    set(amend('91'));
    expect(sent).toEqual(['90', '90', '91']);
  });

  it('sends the stop alone where it was refused together with a take-profit', async () => {
    const { told, sent, set, answer } = bench();
    const refused = { kind: 'rejected', code: '10001', detail: 'takeProfit should be higher' } as const;
    set(amend('90', '110'));
    await answer(refused);
    expect(sent).toEqual(['90', '90']);
    await answer({ kind: 'done' });
    expect(told).toEqual([]);
    set(amend('90', '110'));
    await answer(refused);
    await answer(refused);
    expect(told).toMatchObject([{ kind: 'stop-refused', code: '10001' }]);
    expect(sent).toHaveLength(4);
  });

  it('tells of a stop that was refused by a definite word, and of nothing else', async () => {
    const { told, set, answer } = bench();
    const refused = { kind: 'rejected', code: '10001', detail: 'not supported' } as const;
    for (const outcome of [
      { kind: 'done' },
      { kind: 'unknown', detail: '' },
      { kind: 'not-sent', detail: '' },
    ] as const) {
      set(amend('90'));
      await answer(outcome);
    }
    set(amend(null, '110'));
    await answer(refused);
    expect(told).toEqual([]);
    set(amend('90'));
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
    set(amend('90'));
    await answer({ ...refused, kind: 'unsupported' });
    expect(told).toMatchObject([{ unsupported: false }, { unsupported: true }]);
  });
});
