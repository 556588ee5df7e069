import { describe, expect, it } from 'vitest';
import { approvedEntry, approvedExit, orderId } from '../../test/fixture/approved-order.ts';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import type { ApprovedOrder, Order } from '../core/domain/order.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { Exchange, PlaceOutcome } from '../exchange/exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { type Store, StoreError } from '../store/store.ts';
import { IntentJournal } from './intent-journal.ts';
import { OrderExecutor } from './order-executor.ts';

const BTC = instrument();

interface Bench {
  readonly executor: OrderExecutor;
  readonly time: VirtualTime;
  /** What happened, in order. */
  readonly log: string[];
}

interface Setting {
  readonly exchange?: Partial<Exchange>;
  readonly addIntent?: Store['addIntent'];
  readonly persisted?: () => Promise<void>;
}

function bench(setting: Setting = {}): Bench {
  const time = new VirtualTime(1_000_000);
  const log: string[] = [];
  const exchange = fakeExchange({
    setLeverage: async (_instrument, leverage) => {
      log.push(`leverage ${leverage}`);
      return { kind: 'done' };
    },
    placeOrder: async (order) => {
      log.push(`place ${order.clientOrderId}`);
      return { kind: 'accepted', exchangeOrderId: 'x1' };
    },
    ...setting.exchange,
  });
  const journal = new IntentJournal({
    store: journalStore(log, setting.addIntent),
    time,
    accountId: 'test',
    onError: (message) => log.push(`error ${message}`),
  });
  const executor = new OrderExecutor({
    exchange,
    journal,
    time,
    instrument: (id) => (id === BTC.id ? BTC : null),
    dispatch: (event) => {
      if (event.kind === 'order-update')
        log.push(`update ${event.clientOrderId} ${event.state} ${event.code}`.trim());
    },
    persisted: setting.persisted ?? (async () => void log.push('state durable')),
    requestSync: () => log.push('sync'),
    report: (message) => log.push(`report ${message}`),
  });
  return { executor, time, log };
}

/** A store of which only the journal is asked. */
function journalStore(log: string[], addIntent?: Store['addIntent']): Store {
  const store: Pick<Store, 'addIntent' | 'settleIntent'> = {
    addIntent:
      addIntent ??
      (async (intent) => void log.push(`journal ${intent.clientOrderId} stop ${intent.stopPrice}`)),
    settleIntent: async (id, state) => void log.push(`settle ${id} ${state}`),
  };
  return store as Store;
}

function place(executor: OrderExecutor, order: ApprovedOrder): void {
  executor.onStep(1, { kind: 'timer', name: 'entry-pass', timeMs: 0 }, [{ kind: 'place-order', order }]);
}

function answering(outcome: PlaceOutcome, log: string[]): Partial<Exchange> {
  return {
    placeOrder: async (order) => {
      log.push(`place ${order.clientOrderId}`);
      return outcome;
    },
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
      'leverage 2',
      'state durable',
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
    expect(log).toEqual(['leverage 2', 'state durable', 'update ib1 not-placed executor.journal']);
  });

  it('does not send an entry before a slow journal has answered', async () => {
    const { executor, time, log } = bench({ addIntent: () => new Promise(() => undefined) });
    place(executor, approvedEntry(BTC));
    await time.advance(60_000);
    expect(log).toEqual(['leverage 2', 'state durable']);
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
    expect(log).toEqual(['update ib1 not-placed executor.leverage']);
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

  it('looks an order with an unknown outcome up after its validity and never sends it again', async () => {
    const placed: string[] = [];
    let lookups = 0;
    const { executor, time, log } = bench({
      exchange: {
        ...answering({ kind: 'unknown', detail: 'timeout' }, placed),
        findOrder: async () => {
          lookups += 1;
          return known(filledOrder(), 0, 'test');
        },
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(6_900);
    expect(lookups).toBe(0);
    await time.advance(200);
    expect(lookups).toBe(1);
    expect(log).toContain('update ib1 unknown executor.unknown');
    expect(log.slice(-3)).toEqual(['settle ib1 filled', 'update ib1 filled', 'sync']);
    expect(placed).toEqual(['place ib1']);
  });

  it('believes "not placed" only after two agreeing lookups two seconds apart', async () => {
    const { executor, time, log } = bench({
      exchange: {
        ...answering({ kind: 'unknown', detail: 'reset' }, []),
        findOrder: async () => known(null, 0, 'test'),
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(8_999);
    expect(log.at(-1)).toBe('update ib1 unknown executor.unknown');
    await time.advance(2);
    expect(log).toContain('update ib1 not-placed executor.not-placed');
  });

  it('never takes a failed lookup for an absent order', async () => {
    const { executor, time, log } = bench({
      exchange: {
        ...answering({ kind: 'unknown', detail: 'reset' }, []),
        findOrder: async () => unknown('no-answer', 'timeout'),
      },
    });
    place(executor, approvedEntry(BTC));
    await time.advance(600_000);
    expect(log.filter((line) => line.includes('not-placed'))).toEqual([]);
    expect(executor.unresolvedCount()).toBe(1);
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

  it('sets a stop and asks for a reading that confirms it', async () => {
    const stops: string[] = [];
    const { executor, time, log } = bench({
      exchange: {
        setStop: async ({ stopPrice }) => {
          stops.push(stopPrice.toFixed());
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
    executor.resume({ instrument: BTC, clientOrderId: orderId('ib1'), sentMs: 0 });
    await time.advance(0);
    expect(log).toContain('update ib1 filled');
  });
});
