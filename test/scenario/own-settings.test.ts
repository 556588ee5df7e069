import { describe, expect, it } from 'vitest';
import { DEFAULT_TRADING_SETTINGS, type InstrumentPatch } from '../../src/core/engine/settings.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { BTC, ETH, HISTORY_LENGTH, holding, instrument, oversold, Story, settings, waves } from './story.ts';

const ACCEPTED = (id = 'BTCUSDT'): string => `info engine.command.accepted ${id}`;
const REFUSED = (id = 'BTCUSDT'): string => `warning engine.command.refused ${id}`;

function configure(story: Story, own: InstrumentPatch, version = 2): string[] {
  const instruments = new Map([[BTC, own]]);
  return story.command({ kind: 'configure', settings: settings(), instruments, version });
}

/** BTC and ETH with the same signal for a long. */
function twins(): Story {
  const story = new Story();
  story.begin(instrument(BTC), instrument(ETH));
  for (const id of [BTC, ETH]) story.candles(id, waves(HISTORY_LENGTH, 'trough'));
  story.account();
  return story;
}

describe('settings of one instrument', () => {
  it('change its signal and leave that of the others', () => {
    const story = twins();
    expect(configure(story, { signal: { rsiLongMax: 10 } })).toEqual([ACCEPTED('-')]);
    expect(story.engine.scanRow(BTC)).toMatchObject({ signal: 'wait' });
    expect(story.engine.scanRow(ETH)).toMatchObject({ signal: 'enter-long' });
    configure(story, {}, 3);
    expect(story.engine.scanRow(BTC)).toMatchObject({ signal: 'enter-long' });
  });

  it('decide its entry: size, stop, take-profit and filters', () => {
    const own = oversold();
    configure(own, { risk: { positionNotionalUsdt: 20, leverage: 2 }, exit: { stopLossPct: 5 } });
    expect(own.timer('entry-pass')[0]).toBe('entry: buy 0.2 BTCUSDT stop 95 profit 150 leverage 2');
    const off = oversold();
    configure(off, { filter: { tradingEnabled: false } });
    expect(off.timer('entry-pass')).toEqual(['explain BTCUSDT vetoed filter.trading-switch.off']);
  });

  it('move the levels of its open position, tighter and never looser', () => {
    const story = holding();
    expect(configure(story, { exit: { stopLossPct: 5 } })).toEqual(['ask levels-moved', ACCEPTED('-')]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '95' }]);
    expect(configure(story, {}, 3)).toEqual([ACCEPTED('-')]);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '95' }]);
  });

  it('hold for an instrument that becomes known later', () => {
    const story = new Story();
    story.begin(instrument(ETH));
    configure(story, { signal: { rsiLongMax: 10 } });
    story.say({ kind: 'instrument', instrument: instrument(BTC) });
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough'));
    expect(story.engine.scanRow(BTC)).toMatchObject({ signal: 'wait' });
  });

  it('that contradict those of all are refused whole, and what was in force stays', () => {
    const story = twins();
    const before = story.engine.tradingSnapshot();
    expect(configure(story, { signal: { trendEmaShortLength: 300 } })).toEqual([REFUSED('-')]);
    expect(story.engine.tradingSnapshot()).toEqual(before);
  });
});

describe('settings of a bot', () => {
  it('go over those of its instrument and end with it', () => {
    const story = twins();
    configure(story, { signal: { rsiLongMax: 10 } });
    const settings = { signal: { rsiLongMax: 29 } };
    const bot = { kind: 'create-bot', instrumentId: BTC, direction: null } as const;
    expect(story.command({ ...bot, settings })).toEqual([ACCEPTED()]);
    expect(story.engine.scanRow(BTC)).toMatchObject({ signal: 'enter-long' });
    expect(story.engine.bots()).toMatchObject([{ instrumentId: BTC, settings }]);
    story.command({ kind: 'configure-bot', instrumentId: BTC, settings: {} });
    expect(story.engine.scanRow(BTC)).toMatchObject({ signal: 'wait' });
    story.command({ kind: 'configure-bot', instrumentId: BTC, settings });
    story.command({ kind: 'delete-bot', instrumentId: BTC });
    expect(story.engine.scanRow(BTC)).toMatchObject({ signal: 'wait' });
  });

  it('that contradict the layers below make no bot, and keep a contradicting change out', () => {
    const story = twins();
    const bot = { kind: 'create-bot', instrumentId: BTC, direction: null } as const;
    const refused = story.command({ ...bot, settings: { signal: { trendEmaShortLength: 300 } } });
    expect([refused, story.engine.bots()]).toEqual([[REFUSED()], []]);
    story.command({ ...bot, settings: { signal: { trendEmaShortLength: 150 } } });
    const short = settings({ signal: { trendEmaLongLength: 100 } });
    expect(story.command({ kind: 'configure', settings: short, version: 2 })).toEqual([REFUSED('-')]);
    expect(story.engine.settings()).toEqual(DEFAULT_TRADING_SETTINGS);
  });

  it('that would close at once what may be entered make no bot', () => {
    const story = twins();
    const bot = { kind: 'create-bot', instrumentId: BTC, direction: null } as const;
    expect(story.command({ ...bot, settings: { exit: { fundingExitPctMax: 0.05 } } })).toEqual([REFUSED()]);
    expect(story.command({ ...bot, settings: { exit: { fundingExitPctMax: 0.1 } } })).toEqual([ACCEPTED()]);
  });

  it('are not set for a bot that goes with its position', () => {
    const story = holding();
    const configured = story.command({ kind: 'configure-bot', instrumentId: BTC, settings: {} });
    expect(configured).toEqual([REFUSED()]);
  });
});

describe('own settings over a restart', () => {
  it('are the same, byte for byte', () => {
    const story = twins();
    configure(story, { signal: { rsiLongMax: 10 }, exit: { stopLossPct: 5 } });
    const bot = { kind: 'create-bot', instrumentId: ETH, direction: null } as const;
    story.command({ ...bot, settings: { risk: { leverage: 3 } } });
    const stored = JSON.stringify(story.engine.snapshot());
    const again = new Story();
    const snapshot = parseEngineSnapshot(JSON.parse(stored));
    if (snapshot === null) throw new Error('what was written is readable');
    again.engine.restore(snapshot);
    expect(JSON.stringify(again.engine.snapshot())).toBe(stored);
    expect(again.engine.scanRow(BTC)).toMatchObject({ signal: 'wait' });
  });

  it('are none in a state from before there were any', () => {
    const snapshot = JSON.parse(JSON.stringify(twins().engine.snapshot()));
    Reflect.deleteProperty(snapshot.trading, 'instrumentSettings');
    for (const bot of snapshot.trading.bots) Reflect.deleteProperty(bot, 'settings');
    const read = parseEngineSnapshot(snapshot);
    expect(read?.trading.instrumentSettings).toEqual([]);
  });
});
