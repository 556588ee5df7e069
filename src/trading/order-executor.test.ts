import { describe, expect, it } from 'vitest';
import { approvedEntry, approvedExit, approvedRung, orderId } from '../../test/fixture/approved-order.ts';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { OPEN_GATE } from '../../test/fixture/open-gate.ts';
import { testLease } from '../../test/fixture/test-lease.ts';
import { decimal } from '../core/base/decimal.ts';
import type { ApprovedOrder, Order } from '../core/domain/order.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { Exchange, PlaceOutcome, StatedPosition } from '../exchange/exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { type IntentLog, type Store, StoreError } from '../store/store.ts';
import { IntentJournal } from './intent-journal.ts';
import { OrderExecutor } from './order-executor.ts';
import type { Unstamped } from './trading-loop.ts';

const BTC = instrument();

interface Bench {
  readonly executor: OrderExecutor;
  readonly time: VirtualTime;
  /** What happened, in order. */
  readonly log: string[];
  /** What the engine was told of refused orders, in order. */
  readonly details: string[];
}

interface Setting {
  readonly exchange?: Partial<Exchange>;
  readonly addIntent?: Store['addIntent'];
  readonly halted?: () => string | null;
  readonly persisted?: () => Promise<void>;
  readonly onUpdate?: (event: Unstamped) => void;
}

function bench(setting: Setting = {}): Bench {
  const time = new VirtualTime(1_000_000);
  const log: string[] = [];
  const details: string[] = [];
  let stated = 1;
  const exchange = fakeExchange({
    setLeverage: async (_instrument, leverage) => {
      log.push(`leverage ${leverage}`);
      stated = leverage;
      return { kind: 'done' };
    },
    readLeverage: async () => known(stated, 0, 'test'),
    placeOrder: async ({ order }) => {
      log.push(`place ${order.clientOrderId}`);
      return { kind: 'accepted', exchangeOrderId: 'x1' };
    },
    ...setting.exchange,
  });
  const store = journalStore(log, setting.addIntent);
  const lease = testLease({
    store,
    time,
    accountId: 'test',
    onLost: (detail) => log.push(`lease lost ${detail}`),
  });
  void lease.take();
  const journal = new IntentJournal({
    store,
    time,
    lease,
    onError: (message) => log.push(`error ${message}`),
  });
  const executor = new OrderExecutor({
    exchange,
    gate: OPEN_GATE,
    journal,
    time,
    instrument: (id) => (id === BTC.id ? BTC : null),
    dispatch: (event) => {
      if (event.kind !== 'order-update') return;
      setting.onUpdate?.(event);
      log.push(`update ${event.clientOrderId} ${event.state} ${event.code}`.trim());
      details.push(event.detail);
    },
    halted: setting.halted ?? (() => null),
    held: () => null,
    persisted: setting.persisted ?? (async () => void log.push('state durable')),
    requestSync: () => log.push('sync'),
    report: (message) => log.push(`report ${message}`),
  });
  return { executor, time, log, details };
}

/** A store of which only the journal is asked. */
function journalStore(log: string[], addIntent?: Store['addIntent']): Store {
  const store: Pick<Store, 'addIntent' | 'settleIntent' | 'takeEpoch'> & { intents: Partial<IntentLog> } = {
    takeEpoch: async () => 7,
    intents: {
      noteValidity: async (id, untilMs) => void log.push(`valid ${id} until ${untilMs}`),
      addEvidence: async ({ clientOrderId, evidenceJson }) =>
        void log.push(`look ${clientOrderId} ${JSON.parse(evidenceJson).verdict}`),
    },
    addIntent:
      addIntent ??
      (async (intent) => void log.push(`journal ${intent.clientOrderId} stop ${intent.stopPrice}`)),
    settleIntent: async (id, state) => {
      log.push(`settle ${id} ${state}`);
      return 'forward';
    },
  };
  return store as Store;
}

function place(executor: OrderExecutor, order: ApprovedOrder): void {
  executor.onStep(1, { kind: 'timer', name: 'entry-pass', timeMs: 0 }, [{ kind: 'place-order', order }]);
}

function answering(outcome: PlaceOutcome, log: string[]): Partial<Exchange> {
  return {
    placeOrder: async ({ order }) => {
      log.push(`place ${order.clientOrderId}`);
      return outcome;
    },
  };
}

function held(): StatedPosition {
  const [quantity, price] = [decimal(3), decimal(100)];
  return {
    ...{
      instrumentId: BTC.id,
      direction: 'long',
      quantity,
      entryPrice: price,
      markPrice: price,
      leverage: 1,
    },
    ...{ stopPrice: null, takeProfitPrice: null, liquidationPrice: null, unrealisedPnl: decimal(0) },
  };
}

function filledOrder(): Order {
  return {
    exchangeOrderId: 'x1',
    clientOrderId: 'ib1',
    instrumentId: BTC.id,
    side: 'buy',
    kind: 'market',
    status: 'filled',
    quantity: decimal('0.1'),
    filledQuantity: decimal('0.1'),
    averagePrice: decimal('100'),
    price: null,
    stopPrice: null,
    reduceOnly: false,
    reason: '',
    updatedMs: 0,
  };
}

describe('OrderExecutor', () => {
  it('sets leverage, makes state and intent durable, and only then sends an entry', async () => {
    const { executor, time, log } = bench();
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log).toEqual([
      'state durable',
      'leverage 2',
      'journal ib1 stop 85',
      'place ib1',
      'settle ib1 accepted',
      'update ib1 accepted',
      'sync',
    ]);
  });

  it('does not send an entry that cannot be journaled, and frees it with the reason', async () => {
    const { executor, time, log } = bench({
      addIntent: async () => {
        throw new StoreError('full', 'disk is full');
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(60_000);
    expect(log).toEqual(['state durable', 'leverage 2', 'update ib1 not-placed executor.journal']);
  });

  it('does not send an entry before a slow journal has answered', async () => {
    const { executor, time, log } = bench({ addIntent: () => new Promise(() => undefined) });
    place(executor, approvedEntry(BTC));
    await time.advance(60_000);
    expect(log).toEqual(['state durable', 'leverage 2']);
  });

  it('sends an exit after 50 ms although the journal hangs', async () => {
    const { executor, time, log } = bench({ addIntent: () => new Promise(() => undefined) });
    place(executor, approvedExit(BTC));
    await time.advance(49);
    expect(log).toEqual([]);
    await time.advance(1);
    expect(log).toContain('place ib2');
  });

  it('sends an exit at once when the journal fails, and reports the missing row', async () => {
    const { executor, time, log } = bench({
      addIntent: async () => {
        throw new StoreError('busy', 'locked');
      },
    });
    place(executor, approvedExit(BTC));
    await time.advance(0);
    expect(log).toContain('place ib2');
    expect(log.some((line) => line.startsWith('error Exit ib2 was sent without'))).toBe(true);
  });

  it('does not send an entry whose leverage was refused', async () => {
    const { executor, time, log } = bench({
      exchange: { setLeverage: async () => ({ kind: 'rejected', code: '110013', detail: 'too high' }) },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log).toEqual(['state durable', 'update ib1 not-placed executor.leverage']);
  });

  it.each<[string, Partial<Exchange>]>([
    ['does not state', { readLeverage: async () => known(10, 0, 'test') }],
    ['cannot be asked for', { readLeverage: async () => unknown('no-answer', 'timeout') }],
  ])('does not send an entry whose leverage the exchange %s', async (_, exchange) => {
    const { executor, time, log } = bench({ exchange });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log.at(-1)).toBe('update ib1 not-placed executor.leverage');
    expect(log).not.toContain('place ib1');
  });

  it.each<[string, Partial<Exchange>, string]>([
    ['states a position', { readHeld: async () => known([held()], 0, 'test') }, 'already holds a long of 3'],
    ['tells nothing of it', { readHeld: async () => unknown('bad-answer', 'no row') }, 'no row'],
  ])(
    'sends no entry on an instrument of which the exchange %s, whatever lists say',
    async (_, exchange, why) => {
      const { executor, time, log, details } = bench({ exchange });
      place(executor, approvedEntry(BTC));
      await time.advance(0);
      expect(log.at(-1)).toBe('update ib1 not-placed executor.held');
      expect(details.at(-1)).toContain(why);
      expect(log).not.toContain('place ib1');
    },
  );

  it.each<[string, Partial<Exchange>, string]>([
    [
      'states another',
      { readMarginMode: async () => known('isolated', 0, 'test') },
      'isolated, cross is wanted',
    ],
    ['cannot be asked for', { readMarginMode: async () => unknown('no-answer', 'timeout') }, 'timeout'],
  ])('does not send an entry when the exchange %s margin mode', async (_, exchange, why) => {
    const { executor, time, log, details } = bench({ exchange });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log.at(-1)).toBe('update ib1 not-placed executor.margin-mode');
    expect(details.at(-1)).toContain(why);
    expect(log).not.toContain('place ib1');
  });

  it('sends an exit whatever the margin mode', async () => {
    const { executor, time, log } = bench({
      exchange: { readMarginMode: async () => known('isolated', 0, 'test') },
    });
    place(executor, approvedExit(BTC));
    await time.advance(0);
    expect(log).toContain('place ib2');
  });

  it('sends no entry under a lease another process has taken, and tells of the loss once', async () => {
    const addIntent: Store['addIntent'] = async (_intent, epoch) => {
      if (epoch !== null) throw new StoreError('lease-lost', `Epoch ${epoch} does not stand.`);
    };
    const { executor, time, log } = bench({ addIntent });
    place(executor, approvedEntry(BTC, 'ib1'));
    place(executor, approvedEntry(BTC, 'ib3'));
    place(executor, approvedExit(BTC));
    await time.advance(0);
    expect(log).toContain('update ib1 not-placed executor.lease-lost');
    expect(log).toContain('update ib3 not-placed executor.lease-lost');
    expect(log.filter((line) => line.startsWith('lease lost'))).toEqual([
      'lease lost Epoch 7 does not stand.',
    ]);
    expect(log.filter((line) => line.startsWith('place'))).toEqual(['place ib2']);
  });

  it('takes no part off under a lease another process has taken, for that one takes it off, too', async () => {
    const addIntent: Store['addIntent'] = async (_intent, epoch) => {
      if (epoch !== null) throw new StoreError('lease-lost', `Epoch ${epoch} does not stand.`);
    };
    const { executor, time, log } = bench({ addIntent });
    await time.advance(0);
    place(executor, { ...approvedExit(BTC, 'ib1'), purpose: 'partial-take-profit' } as ApprovedOrder);
    place(executor, approvedExit(BTC, 'ib2'));
    await time.advance(0);
    expect(log).toContain('update ib1 not-placed executor.lease-lost');
    expect(log.filter((line) => line.startsWith('place'))).toEqual(['place ib2']);
  });

  it('sends a part whose journal row is late', async () => {
    const { executor, time, log } = bench({ addIntent: () => new Promise(() => undefined) });
    await time.advance(0);
    place(executor, { ...approvedExit(BTC), purpose: 'partial-take-profit' } as ApprovedOrder);
    await time.advance(50);
    expect(log).toContain('place ib2');
  });

  it('sends no entry whose state another process must not be overwritten with', async () => {
    const { executor, time, log } = bench({
      persisted: async () => {
        throw new StoreError('lease-lost', 'taken');
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log.at(-1)).toBe('update ib1 not-placed executor.lease-lost');
  });

  it('sets a leverage that somebody has changed at the exchange since the last entry', async () => {
    let stated = 1;
    const leverages: number[] = [];
    const { executor, time } = bench({
      exchange: {
        readLeverage: async () => known(stated, 0, 'test'),
        setLeverage: async (_instrument, leverage) => {
          leverages.push(leverage);
          stated = leverage;
          return { kind: 'done' };
        },
      },
    });
    place(executor, approvedEntry(BTC, 'ib1'));
    await time.advance(0);
    place(executor, approvedEntry(BTC, 'ib3'));
    await time.advance(0);
    expect(leverages).toEqual([2]);
    stated = 50;
    place(executor, approvedEntry(BTC, 'ib4'));
    await time.advance(0);
    expect(leverages).toEqual([2, 2]);
  });

  it('does not send an entry whose state cannot be made durable, and frees it with the reason', async () => {
    const { executor, time, log } = bench({
      persisted: () => Promise.reject(new StoreError('full', 'disk')),
    });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log).toEqual(['leverage 2', 'update ib1 not-placed executor.state']);
  });

  it('does not send an entry that has become ready too late, and settles its intent', async () => {
    let journaled = (): void => undefined;
    const addIntent = () =>
      new Promise<void>((resolve) => {
        journaled = resolve;
      });
    const { executor, time, log } = bench({ addIntent });
    place(executor, approvedEntry(BTC));
    await time.advance(5_001);
    journaled();
    await time.advance(0);
    expect(log.slice(-2)).toEqual(['settle ib1 not-placed', 'update ib1 not-placed executor.late']);
    expect(log).not.toContain('place ib1');
  });

  it('looks up an order whose placement failed instead of answering', async () => {
    const { executor, time, log } = bench({
      exchange: {
        placeOrder: () => Promise.reject(new Error('the adapter is broken')),
        findOrder: async () => known(filledOrder(), 0, 'test'),
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(7_100);
    expect(log).toContain('update ib1 unknown executor.unknown');
    expect(log.at(-2)).toBe('update ib1 filled');
  });

  it('looks an overdue order up once at a time, and never while its placement is under way', async () => {
    let lookups = 0;
    let answer: (outcome: PlaceOutcome) => void = () => undefined;
    const { executor, time } = bench({
      exchange: {
        placeOrder: () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
        findOrder: async () => {
          lookups += 1;
          return known(filledOrder(), 0, 'test');
        },
      },
    });
    const named = { instrumentId: BTC.id, clientOrderId: orderId('ib1') };
    const overdue = { kind: 'look-up-order', ...named, taken: false } as const;
    const ask = () => executor.onStep(2, { kind: 'timer', name: 'protect', timeMs: 0 }, [overdue, overdue]);
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    ask();
    await time.advance(30_000);
    expect([lookups, executor.unresolvedCount()]).toEqual([0, 0]);
    answer({ kind: 'accepted', exchangeOrderId: 'x1' });
    await time.advance(0);
    ask();
    await time.advance(7_100);
    expect(lookups).toBe(1);
  });

  it.each([
    ['is found', known(filledOrder(), 0, 'test'), ['settle ib1 filled', 'update ib1 filled', 'sync'], 0],
    ['cannot be read', unknown('no-answer', 'test'), [], 1],
    ['is nowhere', known(null, 0, 'test'), [], 1],
  ])('looks once at an order that rests; it %s', async (_what, reading, told, unresolved) => {
    const { executor, time, log } = bench({ exchange: { findOrder: async () => reading } });
    const named = { instrumentId: BTC.id, clientOrderId: orderId('ib1') };
    const resting = { kind: 'look-up-order', ...named, taken: true } as const;
    executor.onStep(1, { kind: 'timer', name: 'protect', timeMs: 0 }, [resting]);
    await time.advance(100);
    expect(log.filter((line) => !line.startsWith('look'))).toEqual(told);
    expect(executor.unresolvedCount(), 'what was not found is looked for').toBe(unresolved);
  });

  it('ends within three seconds although a placement hangs and an order is being looked up', async () => {
    const { executor, time } = bench({ exchange: { placeOrder: () => new Promise(() => undefined) } });
    executor.resume({ instrument: BTC, clientOrderId: orderId('ib9'), validUntilMs: null });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    let ended = false;
    void executor.stop().then(() => {
      ended = true;
    });
    await time.advance(3_000);
    expect(ended).toBe(true);
  });

  it('does not send an entry that was being prepared when it was told to end', async () => {
    let journaled = (): void => undefined;
    const addIntent = () =>
      new Promise<void>((resolve) => {
        journaled = resolve;
      });
    const { executor, time, log } = bench({ addIntent });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    void executor.stop();
    journaled();
    await time.advance(0);
    expect(log.at(-1)).toBe('update ib1 not-placed executor.stopping');
    expect(log).not.toContain('place ib1');
  });

  it('sets the next stop although setting one has failed instead of answering', async () => {
    let calls = 0;
    const { executor, time } = bench({
      exchange: {
        setStop: () => {
          calls += 1;
          return Promise.reject(new Error('the adapter is broken'));
        },
      },
    });
    const amend = {
      kind: 'amend-stop',
      instrumentId: BTC.id,
      direction: 'long',
      stopPrice: decimal(90),
      takeProfitPrice: null,
    } as const;
    for (let step = 1; step <= 2; step += 1) {
      executor.onStep(step, { kind: 'timer', name: 'protect', timeMs: 0 }, [amend]);
      await time.advance(0);
    }
    expect(calls).toBe(2);
  });

  it('reports a definite refusal with the code of the exchange', async () => {
    const log: string[] = [];
    const {
      executor,
      time,
      log: own,
    } = bench({
      exchange: answering({ kind: 'rejected', code: '110007', detail: 'no money' }, log),
    });
    place(executor, approvedEntry(BTC));
    await time.advance(60_000);
    expect(own.slice(-2)).toEqual(['settle ib1 rejected', 'update ib1 rejected 110007']);
    expect(log).toEqual(['place ib1']);
  });

  /** An exchange that dates its answers by its own clock, of which `lookups` counts the questions. */
  function answeringLookups(time: () => number, find: () => Order | null): Partial<Exchange> {
    return {
      findOrder: async () => known(find(), time(), 'test'),
      readOrderFills: async () => known([], time(), 'test'),
      readHeld: async () => known([], time(), 'test'),
    };
  }

  const LOST: PlaceOutcome = { kind: 'unknown', detail: 'reset', validUntilMs: 1_005_000 };

  it('finds an order with an unknown outcome at once and never sends it again', async () => {
    const placed: string[] = [];
    const { executor, time, log } = bench({
      exchange: { ...answeringLookups(() => 1_000_000, filledOrder), ...answering(LOST, placed) },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log).toContain('update ib1 unknown executor.unknown');
    expect(log).toContain('valid ib1 until 1005000');
    expect(log.slice(-4)).toEqual(['look ib1 found', 'settle ib1 filled', 'update ib1 filled', 'sync']);
    expect(placed).toEqual(['place ib1']);
  });

  it('does not look for an order it has heard of while its placement was under way', async () => {
    let heard: () => void = () => undefined;
    const { executor, time, log } = bench({
      exchange: {
        placeOrder: async () => {
          heard();
          return LOST;
        },
      },
    });
    heard = () => executor.onOrder(filledOrder());
    place(executor, approvedEntry(BTC));
    await time.advance(60_000);
    expect(log.filter((line) => line.startsWith('update'))).toEqual(['update ib1 filled']);
    expect(executor.unresolvedCount()).toBe(0);
  });

  it('believes "not placed" only after its validity by the clock of the exchange', async () => {
    let exchangeMs = 1_000_000;
    const { executor, time, log } = bench({
      exchange: {
        ...answeringLookups(
          () => exchangeMs,
          () => null,
        ),
        ...answering(LOST, []),
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(120_000);
    expect(log.filter((line) => line.includes('not-placed'))).toEqual([]);
    exchangeMs = 1_006_000;
    await time.advance(20_000);
    expect(log.filter((line) => line.includes('not-placed'))).toEqual([]);
    exchangeMs = 1_006_001;
    await time.advance(20_000);
    expect(log.filter((line) => line.includes('not-placed'))).toEqual([]);
    exchangeMs = 1_008_001;
    await time.advance(10_001);
    expect(log).toContain('update ib1 not-placed executor.not-placed');
  });

  it('never takes a failed lookup for an absent order, whichever answer is missing', async () => {
    const lists = ['findOrder', 'readOrderFills', 'readHeld'] as const;
    for (const missing of lists) {
      const { executor, time, log } = bench({
        exchange: {
          ...answeringLookups(
            () => 2_000_000,
            () => null,
          ),
          ...answering(LOST, []),
          [missing]: async (_instrument: unknown, by: unknown) =>
            missing === 'readHeld' && by === 'entry' ? known([], 0, 'test') : unknown('no-answer', 'timeout'),
        },
      });
      place(executor, approvedEntry(BTC));
      await time.advance(600_000);
      expect(log.filter((line) => line.includes('not-placed'))).toEqual([]);
      expect(executor.unresolvedCount()).toBe(1);
    }
  });

  it('sends no entry while a person has halted trading, but still sends exits', async () => {
    const { executor, time, log, details } = bench({ halted: () => 'Trading is halted.' });
    place(executor, approvedEntry(BTC));
    place(executor, approvedExit(BTC));
    await time.advance(0);
    expect(log).toContain('update ib1 not-placed executor.halted');
    expect(details).toContain('Trading is halted.');
    expect(log.filter((line) => line.startsWith('place'))).toEqual(['place ib2']);
  });

  it('asks again when an entry has waited for its turn: one halted meanwhile does not leave', async () => {
    let halted: string | null = null;
    const { executor, time, log } = bench({
      halted: () => halted,
      exchange: {
        placeOrder: async ({ mayLeave }) => {
          halted = 'Trading is halted.';
          if (mayLeave() === false) return { kind: 'not-sent', detail: 'not wanted any more' };
          return { kind: 'accepted', exchangeOrderId: 'x1' };
        },
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(0);
    expect(log.at(-1)).toBe('update ib1 not-placed executor.halted');
  });

  it('sends no entry once it is stopping, but still sends exits', async () => {
    const { executor, time, log } = bench();
    await executor.stop();
    place(executor, approvedEntry(BTC));
    place(executor, approvedExit(BTC));
    await time.advance(100);
    expect(log).toContain('update ib1 not-placed executor.stopping');
    expect(log).toContain('place ib2');
    expect(log).not.toContain('place ib1');
  });

  it('tells an order the exchange cancelled', () => {
    const { executor, log } = bench();
    executor.onOrder({ ...filledOrder(), status: 'cancelled', reason: 'EC_NoImmediateQtyToFill' });
    expect(log).toEqual(['settle ib1 cancelled', 'update ib1 cancelled']);
  });

  it('tells how much of a cancelled order had filled, and journals the ladder of a rung', async () => {
    const rows: (string | null)[] = [];
    const words: unknown[] = [];
    const { executor, time } = bench({
      addIntent: async ({ ladderId }) => void rows.push(ladderId),
      onUpdate: (event) => words.push(event),
    });
    place(executor, approvedRung(BTC, { price: decimal(98), postOnly: false }));
    await time.advance(100);
    executor.onOrder({ ...filledOrder(), status: 'cancelled', filledQuantity: decimal('0.04') });
    expect(rows).toEqual(['ib1']);
    expect(words.at(-1)).toMatchObject({ state: 'cancelled', filledQuantity: decimal('0.04') });
  });

  it('sets a stop and asks for a reading that confirms it', async () => {
    const stops: string[] = [];
    const { executor, time, log } = bench({
      exchange: {
        setStop: async ({ stopPrice }) => {
          stops.push(stopPrice?.toFixed() ?? 'kept');
          return { kind: 'done' };
        },
      },
    });
    executor.onStep(1, { kind: 'timer', name: 'protect', timeMs: 0 }, [
      {
        kind: 'amend-stop',
        instrumentId: BTC.id,
        direction: 'long',
        stopPrice: decimal(90),
        takeProfitPrice: null,
      },
    ]);
    await time.advance(0);
    expect(stops).toEqual(['90']);
    expect(log).toEqual(['sync']);
  });

  it('resumes the lookup of an order an earlier run left open', async () => {
    const { executor, time, log } = bench({
      exchange: { findOrder: async () => known(filledOrder(), 0, 'test') },
    });
    executor.resume({ instrument: BTC, clientOrderId: orderId('ib1'), validUntilMs: null });
    await time.advance(0);
    expect(log).toContain('update ib1 filled');
  });
});
