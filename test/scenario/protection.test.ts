import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import {
  BTC,
  exchangePosition,
  HISTORY_LENGTH,
  holding,
  instrument,
  oversold,
  SOL,
  Story,
  waves,
} from './story.ts';

const RESTORED = ['critical engine.stop.restored BTCUSDT', 'amend long BTCUSDT: stop 85 profit kept'];

describe('protection', () => {
  it('puts a stop back that is missing at the exchange, until it is read back', () => {
    const story = holding();
    story.wait(1_000);
    expect(story.account([exchangePosition({ stopPrice: null })])).toEqual(RESTORED);
    expect(story.timer('protect')).toEqual(['ask levels-not-there']);
    story.wait(1_000);
    expect(story.account([exchangePosition({ stopPrice: null })])).toEqual([RESTORED[1]]);
    story.wait(1_000);
    expect(story.account([exchangePosition()])).toEqual([]);
    expect(story.timer('protect')).toEqual([]);
    expect(story.engine.positions()).toMatchObject([
      { exchangeStopPrice: '85', stopConfirmedMs: story.nowMs },
    ]);
  });

  it('tightens a stop that is looser than meant and keeps one that is tighter', () => {
    const story = holding();
    story.wait(1_000);
    expect(story.account([exchangePosition({ stopPrice: decimal(80) })])).toEqual([
      'amend long BTCUSDT: stop 85 profit kept',
    ]);
    story.wait(1_000);
    expect(story.account([exchangePosition({ stopPrice: decimal(90) })])).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '90' }]);
    expect(story.price(BTC, 90)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
  });

  it('closes instead of setting a stop that the price has passed', () => {
    const story = holding();
    story.wait(1_000);
    const passed = exchangePosition({ stopPrice: null, markPrice: decimal(84) });
    expect(story.account([passed])).toEqual([
      'critical engine.stop.restored BTCUSDT',
      'stop-loss: sell 0.1 BTCUSDT reduce-only',
      'explain BTCUSDT exit-ordered',
    ]);
  });

  it('reads the stop again when the exchange has not confirmed it lately', () => {
    const story = holding();
    story.wait(1_500);
    expect(story.timer('protect')).toEqual([]);
    story.wait(1);
    expect(story.timer('protect')).toEqual(['ask stop-not-confirmed']);
  });

  it.each([
    ['stop-loss', 'exchange-stop'],
    ['take-profit', 'exchange-take-profit'],
    ['liquidation', 'liquidation'],
    ['deleveraging', 'deleveraging'],
    ['user', 'external'],
  ] as const)('names an exit whose fill was caused by %s %s', (cause, reason) => {
    const story = holding();
    expect(
      story.fill({ fillId: 'f2', side: 'sell', price: '85', quantity: '0.1', fee: '0.005', cause }),
    ).toEqual([
      `closed long 0.1 BTCUSDT by ${reason}: gross -1.5 fees 0.0105`,
      'info engine.position.closed BTCUSDT',
    ]);
  });

  it('lists a foreign position, tells of it once, and neither touches it nor enters beside it', () => {
    const story = oversold();
    story.wait(5_000);
    const foreign = exchangePosition({ stopPrice: null, quantity: decimal(7) });
    expect(story.account([foreign])).toEqual(['warning engine.position.foreign BTCUSDT']);
    story.wait(5_000);
    expect(story.account([foreign])).toEqual([]);
    expect(story.engine.foreignPositions()).toEqual([{ ...foreign, missingMs: null }]);
    expect(story.timer('entry-pass')).toEqual(['explain BTCUSDT refused engine.entry.foreign-position']);
    expect(story.timer('protect')).toEqual([]);
  });

  it('takes no list for the end of a position, however often it lacks it: guards it, enters nothing, looks for fills', () => {
    const story = holding();
    story.price(BTC, 95);
    story.wait(5_000);
    expect(story.account([])).toEqual(['ask position-absent']);
    story.wait(1_000);
    expect(story.account([])).toEqual([]);
    expect(story.engine.awaited().fills).toEqual([]);
    story.wait(1_000);
    expect(story.account([])).toEqual(['ask position-absent', 'warning engine.position.doubtful BTCUSDT']);
    for (let reading = 0; reading < 100; reading += 1) expect(story.wait(10_000).account([])).toEqual([]);
    expect(story.engine.awaited().fills).toMatchObject([{ instrumentId: BTC }]);
    story.candles(BTC, waves(HISTORY_LENGTH + 40, 'trough'));
    expect(story.timer('entry-pass')).toEqual(['explain BTCUSDT refused engine.entry.doubtful-position']);
    expect(story.engine.positions()).toMatchObject([{ doubt: { listedQuantity: null } }]);
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
  });

  it('closes a position in doubt by its fill, whenever that is told', () => {
    const story = holding();
    const soldMs = story.wait(5_000).nowMs;
    for (let reading = 0; reading < 5; reading += 1) story.wait(10_000).account([]);
    const sold = { fillId: 'f2', side: 'sell', price: '110', quantity: '0.1', timeMs: soldMs } as const;
    expect(story.fill(sold)).toContain('closed long 0.1 BTCUSDT by external: gross 1 fees 0.0055');
  });

  it('tells of a part that an order of nobody of ours has taken off, and of none that its own stop did', () => {
    const story = holding();
    const sold = { fillId: 'f2', side: 'sell', price: '110', quantity: '0.04' } as const;
    expect(story.wait(5_000).fill(sold)).toEqual(['warning engine.position.reduced-outside BTCUSDT']);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.06', state: 'open' }]);
    const stopped = { ...sold, fillId: 'f3', quantity: '0.01', cause: 'stop-loss' } as const;
    expect(story.fill(stopped)).toEqual([]);
    expect(story.fill({ ...sold, fillId: 'f4', quantity: '0.05' })).toEqual([
      expect.stringMatching(/^closed long 0.1 BTCUSDT by external/),
      'info engine.position.closed BTCUSDT',
    ]);
  });

  it('believes that a position is gone without a fill once the exchange has borne it out for a minute', () => {
    const story = holding();
    story.price(BTC, 95);
    story.wait(5_000).account([]);
    for (const pauseMs of [5_000, 30_000, 29_999]) story.wait(pauseMs).account([], 10_000, [BTC]);
    expect(story.engine.positions()).toHaveLength(1);
    expect(story.wait(2_000).account([], 10_000, [BTC])).toEqual([
      'critical engine.position.gone BTCUSDT',
      'closed long 0.1 BTCUSDT by external: gross -0.5 fees 0.0055',
      'info engine.position.closed BTCUSDT',
    ]);
  });

  it('begins anew when what bore it out was silent for more than a minute', () => {
    const story = holding();
    for (const pauseMs of [5_000, 10_000, 60_001, 10_000]) story.wait(pauseMs).account([], 10_000, [BTC]);
    expect(story.engine.positions()).toHaveLength(1);
  });

  it('ends the doubt when the exchange states the position again', () => {
    const story = holding();
    for (const pauseMs of [5_000, 10_000, 30_000]) story.wait(pauseMs).account([], 10_000, [BTC]);
    expect(story.wait(10_000).account([exchangePosition()])).toEqual(['info engine.position.found BTCUSDT']);
    expect(story.engine.awaited().fills).toEqual([]);
    for (const pauseMs of [5_000, 50_000]) story.wait(pauseMs).account([], 10_000, [BTC]);
    expect(story.engine.positions()).toHaveLength(1);
  });

  it('keeps its doubt over a restart', () => {
    const story = holding();
    for (const pauseMs of [5_000, 10_000]) story.wait(pauseMs).account([], 10_000, [BTC]);
    const stored: unknown = JSON.parse(JSON.stringify(story.engine.snapshot()));
    const next = new Story();
    next.engine.restore(parseEngineSnapshot(stored)!);
    expect(next.engine.awaited()).toEqual(story.engine.awaited());
    next.nowMs = story.nowMs + 40_000;
    expect(next.account([], 10_000, [BTC])).toEqual([]);
    expect(next.wait(10_000).account([], 10_000, [BTC])[0]).toBe('critical engine.position.gone BTCUSDT');
  });

  it('starts counting anew when the position is seen in between', () => {
    const story = holding();
    story.wait(5_000);
    story.account([]);
    story.wait(5_000);
    story.account([exchangePosition()]);
    story.wait(5_000);
    expect(story.account([])).toEqual(['ask position-absent']);
    expect(story.engine.positions()).toHaveLength(1);
  });

  it('does not take a reading from before the fill for a position that is not there', () => {
    const story = holding();
    const openedMs = story.nowMs;
    story.wait(10_000);
    const balance = { equity: decimal(10_000), walletBalance: decimal(10_000), available: decimal(10_000) };
    const stale = { kind: 'account-snapshot', asOfMs: openedMs, balance, positions: [] } as const;
    expect(story.say(stale)).toEqual([]);
    expect(story.say(stale)).toEqual([]);
  });

  it('lowers what it holds by no list, but by fills or where the exchange bears it out for a minute', () => {
    const story = holding();
    const smaller = exchangePosition({ quantity: decimal('0.06') });
    story.wait(5_000);
    expect(story.account([smaller])).toEqual(['warning engine.position.drift BTCUSDT', 'ask position-drift']);
    for (let reading = 0; reading < 20; reading += 1) story.wait(10_000).account([smaller]);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1', doubt: { listedQuantity: '0.06' } }]);
    expect(story.engine.awaited().fills).toMatchObject([{ instrumentId: BTC }]);
    expect(story.wait(10_000).confirm([smaller])).toEqual(['critical engine.position.shrunk BTCUSDT']);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.06' }]);
  });

  it('sets no stop on a position that is larger than the entry whose fills are not known: a person has a part in it', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.order(story.orderId(1), 'unknown');
    story.wait(5_000);
    const bare = exchangePosition({ stopPrice: null, quantity: decimal(7) });
    expect(story.account([bare]).filter((said) => said.startsWith('amend'))).toEqual([]);
    expect(
      story
        .wait(5_000)
        .account([bare])
        .filter((said) => said.startsWith('amend')),
    ).toEqual([]);
    story.order(story.orderId(1), 'filled');
    expect(story.wait(5_000).account([bare])).toContain('amend long BTCUSDT: stop 85 profit kept');
  });

  it('does not believe a smaller quantity in two readings of one moment: its fill may be on its way', () => {
    const story = holding();
    const smaller = exchangePosition({ quantity: decimal('0.06') });
    story.wait(5_000).account([smaller]);
    story.wait(200).account([smaller]);
    story.fill({ fillId: 'f2', side: 'sell', price: '101', quantity: '0.04', timeMs: story.nowMs - 300 });
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.06' }]);
    expect(story.wait(5_000).account([smaller])).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.06' }]);
  });

  it('keeps a position over a restart, with Auto Bot off and no entry before the service says so', () => {
    const story = holding();
    const stored: unknown = JSON.parse(JSON.stringify({ ...story.engine.snapshot(), market: null }));
    const snapshot = parseEngineSnapshot(stored)!;
    const next = new Story();
    next.engine.restore(snapshot);
    next.nowMs = story.nowMs + 60_000;
    expect(next.engine.autoBot()).toMatchObject({ enabled: false, entriesAllowed: { allowed: false } });
    expect(next.say({ kind: 'lease', accountId: 'demo', epoch: 2 })).toEqual([]);
    next.say({ kind: 'instrument', instrument: instrument(BTC) });
    expect(next.account([exchangePosition({ stopPrice: null })])).toEqual(RESTORED);
    expect(next.price(BTC, 85)).toEqual(['stop-loss: sell 0.1 BTCUSDT reduce-only']);
    expect(
      next.fill({ fillId: 'f2', side: 'sell', price: '85', quantity: '0.1', cause: 'stop-loss' }),
    ).toEqual([
      'closed long 0.1 BTCUSDT by exchange-stop: gross -1.5 fees 0.0055',
      'info engine.position.closed BTCUSDT',
    ]);
  });

  it('refuses stored state of another shape', () => {
    const snapshot = holding().engine.snapshot();
    expect(parseEngineSnapshot({ ...snapshot, version: 2 })).toBeNull();
    expect(
      parseEngineSnapshot({ ...snapshot, trading: { ...snapshot.trading, positions: undefined } }),
    ).toBeNull();
  });

  it('warns when an instrument with a position leaves the exchange', () => {
    const story = holding();
    const leaving = instrument(BTC, { deliveryTimeMs: story.nowMs + 1 });
    expect(story.say({ kind: 'instrument', instrument: leaving })).toEqual([
      'critical engine.position.delisting BTCUSDT',
    ]);
    expect(story.say({ kind: 'instrument', instrument: leaving })).toEqual([]);
    expect(story.say({ kind: 'instrument', instrument: instrument(SOL, { status: 'closed' }) })).toEqual([]);
  });
});
