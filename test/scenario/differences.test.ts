import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { Order } from '../../src/core/domain/order.ts';
import type { ExchangePosition } from '../../src/core/domain/position.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { DifferenceBook } from '../../src/trading/difference-book.ts';
import { fillRung, resting, stated } from './ladder-story.ts';
import { BTC, exchangePosition, holding, oversold, type Story, settings } from './story.ts';

const THEIRS: Order = {
  exchangeOrderId: 'x9',
  clientOrderId: 'byhand',
  instrumentId: BTC,
  side: 'buy',
  kind: 'limit',
  status: 'open',
  quantity: decimal(2),
  filledQuantity: decimal('0.5'),
  averagePrice: null,
  price: decimal(90),
  stopPrice: null,
  reduceOnly: false,
  reason: '',
  updatedMs: 0,
};

function read(
  story: Story,
  positions: readonly ExchangePosition[],
  changes: { readonly orders?: readonly Order[] | null; readonly marginMode?: 'cross' | 'isolated' } = {},
): string[] {
  const equity = decimal(10_000);
  const balance = { equity, walletBalance: equity, available: equity };
  const { orders = [], marginMode = 'cross' } = changes;
  const asOfMs = story.nowMs;
  const resting = orders === null ? null : { asOfMs, rows: orders };
  return story.say({ kind: 'account-snapshot', asOfMs, balance, positions, orders: resting, marginMode });
}

function kinds(story: Story): readonly string[] | undefined {
  return story.engine.compared?.differences.map(({ kind, ours, theirs }) => `${kind}: ${ours} | ${theirs}`);
}

/** Exposure in USDT. */
function exposure(story: Story): number {
  return Number(story.engine.risk().limits.find(({ name }) => name === 'exposure')?.value);
}

function restored(story: Story): Engine {
  const snapshot = parseEngineSnapshot(JSON.parse(JSON.stringify(story.engine.snapshot())));
  if (snapshot === null) throw new Error('a snapshot of the engine is one');
  const engine = new Engine({ settings: settings(), settingsVersion: 0 });
  engine.restore(snapshot);
  return engine;
}

describe('an order that is not ours', () => {
  it('is told once, counts with what it may still fill, and is not touched', () => {
    const story = oversold();
    const before = exposure(story);
    expect(read(story.wait(10_000), [], { orders: [THEIRS] })).toEqual([
      'warning engine.order.foreign BTCUSDT',
    ]);
    expect(read(story.wait(10_000), [], { orders: [THEIRS] })).toEqual([]);
    expect(exposure(story) - before).toBe(135);
    expect(kinds(story)).toEqual(['order-foreign: none | buy 1.5 at 90']);
  });

  it('keeps entries off its instrument, is remembered over a restart, until a list lacks it', () => {
    const story = oversold();
    read(story.wait(10_000), [], { orders: [THEIRS] });
    const refusalOf = (engine: Engine) => engine.explain(BTC, story.nowMs)?.refusal?.code ?? null;
    expect(refusalOf(story.engine)).toBe('engine.entry.foreign-order');
    expect(restored(story).snapshot().trading.outside).toEqual(story.engine.snapshot().trading.outside);
    read(story.wait(10_000), [], { orders: null });
    expect(refusalOf(story.engine)).toBe('engine.entry.foreign-order');
    read(story.wait(10_000), []);
    expect(refusalOf(story.engine)).not.toBe('engine.entry.foreign-order');
  });

  it('counts for nothing where it can only reduce', () => {
    const story = oversold();
    const before = exposure(story);
    read(story.wait(10_000), [], { orders: [{ ...THEIRS, reduceOnly: true }] });
    expect(exposure(story)).toBe(before);
  });
});

describe('what others do to a position', () => {
  const quantity = (story: Story) => decimal(story.engine.positions()[0]?.quantity ?? '0');

  it('is told by the first reading that can show it, whatever their fill said before', () => {
    const story = holding();
    const held = quantity(story);
    const half = held.dividedBy(2);
    const stated = exchangePosition({ quantity: held });
    read(story.wait(10_000), [stated]);
    expect(kinds(story)).toEqual([]);
    story.wait(1_000).fill({
      ...{ fillId: 'theirs1', clientOrderId: null, side: 'sell', cause: 'user' },
      ...{ price: '100', quantity: half.toFixed(), fee: '0' },
    });
    read(story.wait(1_500), [{ ...stated, quantity: half }]);
    expect(kinds(story)).toEqual([]);
    expect(restored(story).snapshot().trading.outside).toEqual(story.engine.snapshot().trading.outside);
    read(story.wait(1_500), [{ ...stated, quantity: half }]);
    expect(kinds(story)).toEqual([`quantity-differs: long ${held.toFixed()} | long ${half.toFixed()}`]);
    expect(story.engine.compared?.differences[0]?.fillIds).toEqual(['theirs1']);
    read(story.wait(10_000), [{ ...stated, quantity: half }]);
    expect(kinds(story)).toEqual([]);
  });

  it('is a leverage, a margin mode, a looser or a tighter stop', () => {
    const story = holding();
    const stated = exchangePosition({ quantity: quantity(story) });
    read(story.wait(10_000), [stated]);
    read(story.wait(10_000), [{ ...stated, leverage: 7 }], { marginMode: 'isolated' });
    expect(kinds(story)?.map((text) => text.split(':')[0])).toEqual([
      'leverage-differs',
      'margin-mode-differs',
    ]);
    const moved = (stopPrice: number) => {
      read(story.wait(10_000), [{ ...stated, stopPrice: decimal(stopPrice) }]);
      return kinds(story);
    };
    const stop = story.engine.positions()[0]?.stopPrice;
    expect(moved(50)).toEqual([`stop-differs: ${stop} | 50`]);
    expect(moved(90)).toEqual([`stop-differs: ${stop} | 90`]);
    expect(moved(90)).toEqual([]);
    read(story.wait(10_000), [{ ...stated, stopPrice: null }]);
    expect(kinds(story)).toEqual(['stop-missing: 90 | none']);
  });

  it('does not end by readings that could not tell: soon after fills, or without the position', () => {
    const story = holding();
    const book = new DifferenceBook('a');
    const held = quantity(story);
    const stated = exchangePosition({ quantity: held, leverage: 7 });
    const folded = (positions: readonly ExchangePosition[]) => {
      read(story, positions);
      const { compared } = story.engine;
      if (compared === null) throw new Error('a reading is compared');
      const { opened, ended } = book.fold(compared, story.nowMs);
      return [...opened, ...ended].map(({ kind, resolution }) => `${kind} ${resolution ?? 'opened'}`);
    };
    story.wait(10_000);
    expect(folded([stated])).toEqual(['leverage-differs opened']);
    for (const count of [1, 2, 3]) {
      story.wait(1_500).fill({
        ...{ fillId: `theirs${count}`, clientOrderId: null, side: 'sell', cause: 'stop-loss' },
        ...{ price: '100', quantity: held.dividedBy(10).toFixed(), fee: '0' },
      });
      story.wait(1_000);
      const left = held.times(10 - count).dividedBy(10);
      expect(folded([{ ...stated, quantity: left }])).toEqual([]);
    }
    story.wait(3_000);
    expect(folded([])).toEqual([]);
    story.wait(3_000);
    expect(folded([])).toEqual(['position-missing opened']);
    expect(book.open().map(({ kind }) => kind)).toEqual(['leverage-differs', 'position-missing']);
  });

  it('is not the stop that a rung of ours brought, until ours was seen again', () => {
    const story = resting();
    stated(story, '0.25', '90');
    expect(kinds(story)).toEqual(['stop-differs: 82.9 | 90']);
    story.wait(1_000);
    fillRung(story, 2);
    const held = story.engine.positions()[0]?.quantity ?? '0';
    expect(stated(story, held, '82.9')).toEqual(['amend long BTCUSDT: stop 90 profit 148.4']);
    expect(kinds(story)).toEqual([]);
    stated(story, held, '82');
    expect(kinds(story)).toEqual(['stop-differs: 90 | 82']);
    stated(story, held, '90');
    stated(story, held, '82.9');
    expect(kinds(story)).toEqual(['stop-differs: 90 | 82.9']);
  });
});
