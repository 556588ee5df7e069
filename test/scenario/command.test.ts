import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  ETH,
  exchangePosition,
  HISTORY_LENGTH,
  holding,
  instrument,
  oversold,
  START_MS,
  Story,
  settings,
  waves,
} from './story.ts';

const ACCEPTED = (id = 'BTCUSDT'): string => `info engine.command.accepted ${id}`;
const REFUSED = (id = 'BTCUSDT'): string => `warning engine.command.refused ${id}`;

/** A story with a signal on BTC and ETH and Auto Bot off. */
function idle(): Story {
  const story = new Story();
  story.begin(instrument(BTC), instrument(ETH));
  for (const id of [BTC, ETH]) story.candles(id, waves(HISTORY_LENGTH, 'trough'));
  story.account();
  return story;
}

describe('commands', () => {
  it('does nothing by itself while Auto Bot is off', () => {
    const story = idle();
    expect(story.engine.autoBot()).toMatchObject({ enabled: false, changed: null });
    expect(story.timer('entry-pass')).toEqual([]);
    expect(story.engine.explain(BTC, story.nowMs)).toMatchObject({
      outcome: 'candidate',
      refusal: { code: 'engine.entry.no-bot' },
    });
  });

  it('records who turned Auto Bot on, when and why', () => {
    const story = idle();
    expect(story.command({ kind: 'enable-auto-bot' })).toEqual([ACCEPTED('-')]);
    const changed = { actor: 'ann', timeMs: story.nowMs, reason: 'because' };
    expect(story.engine.autoBot()).toMatchObject({ enabled: true, changed });
    expect(story.command({ kind: 'disable-auto-bot' })).toEqual([ACCEPTED('-')]);
    expect(story.timer('entry-pass')).toEqual([]);
  });

  it('answers each command with its id and whether it was carried out', () => {
    const [answer] = idle().engine.step({
      kind: 'command',
      timeMs: START_MS,
      commandId: 'c-7',
      actor: 'ann',
      reason: '',
      command: { kind: 'start-bot', instrumentId: BTC },
    });
    expect(answer).toMatchObject({ detail: { commandId: 'c-7', accepted: false, command: 'start-bot' } });
  });

  it('lets a running manual bot trade its own instrument alone', () => {
    const story = idle();
    expect(story.command({ kind: 'create-bot', instrumentId: ETH, direction: null })).toEqual([
      ACCEPTED('ETHUSDT'),
    ]);
    expect(story.timer('entry-pass')).toEqual([
      'entry: buy 0.1 ETHUSDT stop 85 profit 150 leverage 1',
      'explain ETHUSDT ordered #1 of 5 free',
    ]);
    expect(story.engine.bots()).toMatchObject([{ instrumentId: ETH, origin: 'manual', status: 'entering' }]);
  });

  it('keeps a manual bot when its position closes', () => {
    const story = idle();
    story.command({ kind: 'create-bot', instrumentId: ETH, direction: 'long' });
    story.timer('entry-pass');
    story.fill({ clientOrderId: story.orderId(1), instrumentId: ETH, price: '100', quantity: '0.1' });
    expect(story.engine.bots()).toMatchObject([{ status: 'in-position-long' }]);
    story.fill({ fillId: 'f2', instrumentId: ETH, side: 'sell', price: '101', quantity: '0.1' });
    expect(story.engine.bots()).toMatchObject([{ instrumentId: ETH, status: 'running' }]);
  });

  it('enters neither against a direction nor for a paused bot, and says so', () => {
    const story = idle();
    story.command({ kind: 'enable-auto-bot' });
    story.command({ kind: 'create-bot', instrumentId: BTC, direction: 'short' });
    story.command({ kind: 'create-bot', instrumentId: ETH, direction: null });
    story.command({ kind: 'stop-bot', instrumentId: ETH });
    expect(story.timer('entry-pass')).toEqual([
      'explain BTCUSDT refused engine.entry.other-direction',
      'explain ETHUSDT refused engine.entry.bot-paused',
    ]);
  });

  it('keeps the position of a bot that is paused: its stop goes on, its RSI exit waits', () => {
    const story = holding();
    expect(story.command({ kind: 'stop-bot', instrumentId: BTC })).toEqual([ACCEPTED()]);
    expect(story.engine.bots()).toMatchObject([{ status: 'paused' }]);
    const rising = candlesOf(
      Array.from({ length: 12 }, (_, index) => 101 + index),
      START_MS + HISTORY_LENGTH * CANDLE_MS,
    );
    const said = rising.flatMap((candle) => story.close(BTC, candle));
    expect(said.filter((line) => !line.startsWith('explain'))).toEqual([]);
    expect(story.command({ kind: 'start-bot', instrumentId: BTC })).toEqual([ACCEPTED()]);
    expect(story.engine.bots()).toMatchObject([{ status: 'in-position-long' }]);
    story.command({ kind: 'stop-bot', instrumentId: BTC });
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
  });

  it('closes a position by hand once', () => {
    const story = holding();
    const close = { kind: 'close-position', instrumentId: BTC } as const;
    expect(story.command(close)).toEqual([
      'manual: sell 0.1 BTCUSDT reduce-only',
      'explain BTCUSDT exit-ordered',
      ACCEPTED(),
    ]);
    expect(story.command(close)).toEqual([REFUSED()]);
  });

  it.each([
    ['to close what is not open', { kind: 'close-position', instrumentId: ETH }, 'ETHUSDT'],
    ['to start what does not exist', { kind: 'start-bot', instrumentId: ETH }, 'ETHUSDT'],
    ['to delete what does not exist', { kind: 'delete-bot', instrumentId: ETH }, 'ETHUSDT'],
    ['to delete a bot that holds a position', { kind: 'delete-bot', instrumentId: BTC }, 'BTCUSDT'],
    ['a second bot on an instrument', { kind: 'create-bot', instrumentId: BTC, direction: null }, 'BTCUSDT'],
    ['a bot on an unknown instrument', { kind: 'create-bot', instrumentId: ETH, direction: null }, 'ETHUSDT'],
  ] as const)('refuses %s and changes nothing', (_, command, id) => {
    const story = holding();
    const before = story.engine.tradingSnapshot();
    expect(story.command(command)).toEqual([REFUSED(id)]);
    expect(story.engine.tradingSnapshot()).toEqual(before);
  });

  it('puts settings in force between two steps', () => {
    const story = oversold();
    const strict = settings({ signal: { rsiLongMax: 10 } });
    expect(story.command({ kind: 'configure', settings: strict, version: 2 })).toEqual([ACCEPTED('-')]);
    expect(story.engine.scanRow(BTC)).toMatchObject({ signal: 'wait' });
    expect(story.engine.autoBot().configVersion).toBe(2);
    expect(story.timer('entry-pass')).toEqual([]);
  });

  it('asks what rests at the exchange before new settings move a stop, and never loosens it', () => {
    const story = holding();
    const tight = settings({ exit: { stopLossPct: 5, takeProfitPct: null } });
    expect(story.command({ kind: 'configure', settings: tight, version: 2 })).toEqual([
      'ask levels-moved',
      ACCEPTED('-'),
    ]);
    story.wait(1_000);
    expect(story.account([exchangePosition()])).toEqual(['amend long BTCUSDT: stop 95 profit kept']);
    const loose = settings({ exit: { stopLossPct: 30, takeProfitPct: null } });
    expect(story.command({ kind: 'configure', settings: loose, version: 3 })).toEqual([ACCEPTED('-')]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '95', takeProfitPrice: null }]);
  });

  it('leaves the tighter stop alone that a person has set between the last reading and new settings', () => {
    const story = holding();
    story.wait(1_000);
    expect(story.account([exchangePosition()])).toEqual([]);
    const settled = settings({ exit: { stopLossPct: 5, takeProfitPct: 40 } });
    expect(story.command({ kind: 'configure', settings: settled, version: 2 })).toEqual([
      'ask levels-moved',
      ACCEPTED('-'),
    ]);
    expect(story.timer('protect')).toEqual(['ask levels-not-there']);
    story.wait(200);
    const byHand = exchangePosition({ stopPrice: decimal(97) });
    expect(story.account([byHand])).toEqual(['amend long BTCUSDT: stop kept profit 140']);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '97', exchangeStopPrice: '97' }]);
    expect(story.timer('protect')).toEqual(['ask levels-not-there']);
  });

  it('names orders anew under a higher epoch and goes on counting under the same', () => {
    const story = oversold();
    story.timer('entry-pass');
    const first = story.engine.tradingSnapshot().lease;
    story.say({ kind: 'lease', accountId: 'demo', epoch: 1 });
    expect(story.engine.tradingSnapshot().lease).toEqual(first);
    story.say({ kind: 'lease', accountId: 'demo', epoch: 2 });
    expect(story.engine.tradingSnapshot().lease).toEqual({ accountId: 'demo', epoch: 2, intentNumber: 1 });
  });
});
