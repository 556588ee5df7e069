import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { ExchangePosition } from '../../src/core/domain/position.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { BTC, ETH, exchangePosition, holding, instrument, oversold, Story, settings } from './story.ts';

const ACCEPTED = 'info engine.command.accepted BTCUSDT';
const REFUSED = 'warning engine.command.refused BTCUSDT';

/** A story in which a person holds a long of 0.5 at 100 that is not ours; prices stand at 100. */
function foreign(changes: Partial<ExchangePosition> = {}, own: Record<string, unknown> = {}): Story {
  const story = new Story(own);
  story.begin(instrument(BTC), instrument(ETH));
  story.price(BTC, 100);
  story.wait(10_000).account([theirs(changes)]);
  return story;
}

function theirs(changes: Partial<ExchangePosition> = {}): ExchangePosition {
  return exchangePosition({ quantity: decimal('0.5'), stopPrice: null, takeProfitPrice: null, ...changes });
}

function adopt(story: Story, readMs = story.nowMs, openedMs: number | null = null): string[] {
  const fees = decimal('0.02');
  const quantity = story.engine.foreignPositions()[0]?.quantity ?? null;
  return story.command({ kind: 'adopt-position', instrumentId: BTC, readMs, quantity, openedMs, fees });
}

describe('an adoption', () => {
  it('makes a foreign position ours as the exchange states it, and sets stop and take-profit', () => {
    const story = foreign();
    const openedMs = story.nowMs - 3_600_000;
    expect(adopt(story, story.nowMs, openedMs)).toEqual([
      'warning engine.position.adopted BTCUSDT',
      'ask position-adopted',
      ACCEPTED,
    ]);
    expect(story.engine.foreignPositions()).toEqual([]);
    expect(story.engine.positions()).toMatchObject([
      {
        state: 'open',
        direction: 'long',
        quantity: '0.5',
        entryPrice: '100',
        stopPrice: '85',
        stopKind: 'initial',
        stopConfirmedMs: null,
        openedMs,
        entryRsi: null,
      },
    ]);
    expect(story.engine.bots()).toMatchObject([
      { instrumentId: BTC, origin: 'manual', single: true, status: 'in-position-long' },
    ]);
  });

  it('has its stop sent in the step of the next reading, and again until it is read back', () => {
    const story = foreign();
    adopt(story);
    for (const waitMs of [500, 10_000]) {
      const seen = story.wait(waitMs).account([theirs()]);
      expect(seen).toContain('amend long BTCUSDT: stop 85 profit 150');
    }
    story.wait(10_000).account([theirs({ stopPrice: decimal(85), takeProfitPrice: decimal(150) })]);
    expect(story.engine.positions()).toMatchObject([{ stopConfirmedMs: story.nowMs }]);
  });

  it('counts from the time of the command where its fills do not tell', () => {
    const story = foreign();
    adopt(story);
    expect(story.engine.positions()).toMatchObject([{ openedMs: story.nowMs }]);
  });

  it.each([
    ['keeps a tighter stop and a nearer take-profit', { stop: '95', take: '120', ours: '95' }, []],
    [
      'replaces looser ones',
      { stop: '60', take: '190', ours: '85' },
      ['amend long BTCUSDT: stop 85 profit 150'],
    ],
    [
      'replaces a looser stop alone',
      { stop: '60', take: '120', ours: '85' },
      ['amend long BTCUSDT: stop 85 profit kept'],
    ],
  ] as const)('%s', (_, { stop, take, ours }, amends) => {
    const resting = { stopPrice: decimal(stop), takeProfitPrice: decimal(take) };
    const story = foreign(resting);
    adopt(story);
    const seen = story.wait(500).account([theirs(resting)]);
    expect(seen.filter((line) => line.startsWith('amend'))).toEqual(amends);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: ours, exchangeStopPrice: stop }]);
  });

  it('books the fill that closes it, with the fees paid before, and the bot made for it goes', () => {
    const story = foreign();
    adopt(story);
    story.wait(1_000);
    expect(story.fill({ fillId: 'z', side: 'sell', price: '110', quantity: '0.5', fee: '0.03' })).toContain(
      'closed long 0.5 BTCUSDT by external: gross 5 fees 0.05',
    );
    expect(story.engine.bots()).toEqual([]);
  });

  it('books no fill that the statement it came from has in it', () => {
    const story = foreign();
    const readMs = story.nowMs;
    adopt(story, readMs, readMs - 60_000);
    story.fill({ fillId: 'old', side: 'sell', price: '110', quantity: '0.2', timeMs: readMs - 30_000 });
    story.fill({ fillId: 'same', side: 'sell', price: '110', quantity: '0.2', timeMs: readMs });
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.5' }]);
    story.fill({ fillId: 'next', side: 'sell', price: '110', quantity: '0.2', timeMs: readMs + 1 });
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.3' }]);
  });

  it('is guarded like any other: its stop closes it', () => {
    const story = foreign();
    adopt(story);
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.5 BTCUSDT reduce-only');
  });

  it('is not refused for slots or exposure, and says that they are exceeded', () => {
    const story = foreign({ quantity: decimal(99) }, { risk: { positionsMax: 1, exposurePctMax: 50 } });
    story.command({ kind: 'create-bot', instrumentId: ETH, direction: null });
    const said = story.engine.step({
      kind: 'command',
      timeMs: story.nowMs,
      commandId: 'c',
      actor: 'ann',
      reason: 'mine',
      command: {
        ...{ kind: 'adopt-position', instrumentId: BTC, readMs: 0, quantity: decimal(99) },
        ...{ openedMs: null, fees: decimal(0) },
      },
    });
    const [notice] = said.filter((decision) => decision.kind === 'notify');
    expect(notice?.message).toContain('The exposure is 9900 USDT, 5000 is the limit.');
    expect(notice?.detail).toMatchObject({ actor: 'ann', reason: 'mine', quantity: '99' });
    expect(story.engine.autoBot().slots).toEqual({ max: 1, used: 1 });
  });

  it('survives a restart byte for byte, and a state from before it loads', () => {
    const story = foreign();
    adopt(story);
    story.command({ kind: 'ignore-position', instrumentId: BTC });
    story.account([theirs(), theirs({ instrumentId: ETH })]);
    story.command({ kind: 'ignore-position', instrumentId: ETH });
    const written = JSON.stringify(story.engine.snapshot());
    const again = new Engine({ settings: settings(), settingsVersion: 1 });
    again.restore(parse(written));
    expect(JSON.stringify(again.snapshot())).toBe(written);
    const { ignored: _ignored, ...trading } = story.engine.snapshot().trading;
    expect(parseEngineSnapshot({ version: 1, trading, market: null })?.trading.ignored).toEqual([]);
  });
});

describe('an adoption is refused', () => {
  it('on a reading older than the one that was made for it', () => {
    const story = foreign();
    expect(adopt(story, story.nowMs + 1)).toEqual([REFUSED]);
    expect(story.engine.positions()).toEqual([]);
  });

  it('of another quantity than the reading stated', () => {
    const story = foreign();
    const asked = { readMs: story.nowMs, quantity: decimal('0.5'), openedMs: null, fees: decimal(0) };
    story.wait(10_000).account([theirs({ quantity: decimal('0.4') })]);
    expect(story.command({ kind: 'adopt-position', instrumentId: BTC, ...asked })).toEqual([REFUSED]);
  });

  it('where the account holds both directions', () => {
    const story = foreign();
    story.wait(10_000).account([theirs(), theirs({ direction: 'short' })]);
    expect(adopt(story)).toEqual([REFUSED]);
  });

  it('where the exchange holds nothing, and where it is ours', () => {
    const story = foreign();
    story.wait(10_000).account([]);
    expect(adopt(story)).toEqual([REFUSED]);
    const held = holding();
    expect(adopt(held)).toEqual([REFUSED]);
  });

  it.each([
    ['beyond our stop', 80],
    ['beyond our take-profit', 160],
  ])('where our rules would close it at once: %s', (_, price) => {
    const story = foreign();
    story.price(BTC, price);
    story.wait(10_000).account([theirs({ markPrice: decimal(price) })]);
    const before = story.engine.tradingSnapshot();
    expect(adopt(story)).toEqual([REFUSED]);
    expect(story.engine.tradingSnapshot()).toEqual(before);
  });
});

describe('a foreign position on the instrument of a bot', () => {
  it('pauses a running bot at start and while it runs, and says so once', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    story.command({ kind: 'create-bot', instrumentId: BTC, direction: null });
    const trading = story.engine.tradingSnapshot();
    const restarted = new Story();
    restarted.engine.restore(parse(JSON.stringify({ version: 1, trading, market: null })));
    for (const one of [story, restarted]) {
      expect(one.wait(10_000).account([theirs()])).toEqual([
        'warning engine.position.foreign BTCUSDT',
        'warning engine.bot.conflict BTCUSDT',
      ]);
      expect(one.engine.bots()).toMatchObject([{ status: 'paused', pauseReason: 'conflict' }]);
      expect(one.wait(10_000).account([theirs()])).toEqual([]);
    }
  });

  it('keeps it from being started until the position is gone or ours', () => {
    const story = foreign();
    expect(story.command({ kind: 'create-bot', instrumentId: BTC, direction: null })).toEqual([ACCEPTED]);
    expect(story.engine.bots()).toMatchObject([{ pauseReason: 'conflict' }]);
    const start = { kind: 'start-bot', instrumentId: BTC } as const;
    expect(story.command(start)).toEqual([REFUSED]);
    adopt(story);
    expect(story.engine.bots()).toMatchObject([{ status: 'paused', pauseReason: 'conflict' }]);
    expect(story.command(start)).toEqual([ACCEPTED]);
    expect(story.engine.bots()).toMatchObject([{ status: 'in-position-long', pauseReason: null }]);
    const other = foreign();
    other.command({ kind: 'create-bot', instrumentId: BTC, direction: null });
    other.wait(10_000).account([]);
    other.wait(10_000).account([]);
    expect(other.engine.bots()).toMatchObject([{ pauseReason: 'conflict' }]);
    expect(other.command(start)).toEqual([ACCEPTED]);
    expect(other.engine.bots()).toMatchObject([{ status: 'running' }]);
  });

  it('of the other side than ours is never taken for ours', () => {
    const story = holding();
    const turned = exchangePosition({ direction: 'short' });
    expect(story.wait(10_000).account([turned])).toContain('warning engine.bot.conflict BTCUSDT');
    expect(story.engine.positions()).toMatchObject([{ direction: 'long', quantity: '0.1' }]);
    story.wait(10_000).confirm([turned]);
    expect(story.engine.positions()).toEqual([]);
    expect(story.engine.foreignPositions()).toMatchObject([{ direction: 'short' }]);
  });
});

describe('a foreign position that a list lacks', () => {
  it('stays one until a second list lacks it, over a restart too', () => {
    const story = foreign();
    expect(story.wait(10_000).account()).toEqual([]);
    expect(story.engine.foreignPositions()).toMatchObject([{ instrumentId: BTC }]);
    story.wait(1_999).account();
    const stored: unknown = JSON.parse(JSON.stringify(story.engine.snapshot()));
    const next = new Story();
    next.engine.restore(parseEngineSnapshot(stored)!);
    expect(next.engine.foreignPositions()).toHaveLength(1);
    next.nowMs = story.nowMs + 1;
    next.account();
    expect(next.engine.foreignPositions()).toEqual([]);
  });

  it('is not told again when the next list has it, and two lists are counted anew', () => {
    const story = foreign();
    story.wait(10_000).account();
    expect(story.wait(10_000).account([exchangePosition()])).toEqual([]);
    story.wait(10_000).account();
    expect(story.engine.foreignPositions()).toHaveLength(1);
  });

  it('is over at once when its other side is listed', () => {
    const story = foreign();
    story.wait(10_000).account([exchangePosition({ direction: 'short', stopPrice: null })]);
    expect(story.engine.foreignPositions()).toMatchObject([{ direction: 'short' }]);
    expect(story.engine.foreignPositions()).toHaveLength(1);
  });
});

describe('a foreign position that is ignored', () => {
  it('says who, when and why, and is told again when it changes', () => {
    const story = foreign();
    expect(story.command({ kind: 'ignore-position', instrumentId: BTC })).toEqual([ACCEPTED]);
    expect(story.engine.ignored(BTC)).toMatchObject({ actor: 'ann', reason: 'because', timeMs: story.nowMs });
    expect(story.wait(10_000).account([theirs()])).toEqual([]);
    const more = theirs({ quantity: decimal('0.6') });
    expect(story.wait(10_000).account([more])).toEqual(['warning engine.position.foreign BTCUSDT']);
    expect(story.engine.ignored(BTC)).toBeNull();
    expect(story.wait(10_000).account([more])).toEqual([]);
  });

  it('is forgotten with the position', () => {
    const story = foreign();
    story.command({ kind: 'ignore-position', instrumentId: BTC });
    story.wait(10_000).account([]);
    expect(story.engine.ignored(BTC)).not.toBeNull();
    story.wait(10_000).account([]);
    expect(story.engine.ignored(BTC)).toBeNull();
    expect(story.command({ kind: 'ignore-position', instrumentId: BTC })).toEqual([REFUSED]);
  });
});

describe('a position that is given up', () => {
  const disown = { kind: 'disown-position', instrumentId: BTC } as const;

  it('is foreign at once, unguarded, and no entry comes in between', () => {
    const story = holding();
    expect(story.command(disown)).toEqual([
      'critical engine.position.disowned BTCUSDT',
      'ask position-disowned',
      ACCEPTED,
    ]);
    expect(story.engine.positions()).toEqual([]);
    expect(story.engine.foreignPositions()).toMatchObject([{ instrumentId: BTC, direction: 'long' }]);
    expect(story.price(BTC, 50)).toEqual([]);
    expect(story.wait(10_000).account([exchangePosition()])).toEqual([]);
    expect(story.engine.foreignPositions()).toHaveLength(1);
  });

  it('pauses a bot of a person and takes Auto Bot\u2019s with it', () => {
    const story = holding();
    expect(story.engine.bots()).toMatchObject([{ origin: 'auto' }]);
    story.command(disown);
    expect(story.engine.bots()).toEqual([]);
    const own = foreign();
    adopt(own);
    own.command(disown);
    expect(own.engine.bots()).toMatchObject([{ status: 'paused', pauseReason: 'conflict', single: false }]);
  });

  it('takes a reason and waits for orders on their way', () => {
    const story = holding();
    const said = story.engine.step({
      ...{ kind: 'command', timeMs: story.nowMs, commandId: 'c', actor: 'ann', reason: ' ' },
      command: disown,
    });
    expect(said).toMatchObject([{ detail: { accepted: false } }]);
    story.command({ kind: 'close-position', instrumentId: BTC });
    expect(story.command(disown)).toEqual([REFUSED]);
    expect(story.command({ ...disown, instrumentId: ETH })).toEqual([
      'warning engine.command.refused ETHUSDT',
    ]);
  });

  it('may be adopted again', () => {
    const story = holding();
    story.command(disown);
    story.wait(10_000).account([exchangePosition()]);
    adopt(story);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1', stopPrice: '85' }]);
  });
});

describe('an entry by hand', () => {
  const enter = { kind: 'enter', instrumentId: BTC, direction: 'long', force: true } as const;

  it('makes a bot of a person, which goes with its position: nothing trades on unasked', () => {
    const story = oversold();
    story.command({ kind: 'disable-auto-bot' });
    story.command(enter);
    expect(story.engine.bots()).toMatchObject([{ origin: 'manual', single: true, status: 'entering' }]);
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    story.fill({ fillId: 'f2', side: 'sell', price: '101', quantity: '0.1' });
    expect(story.engine.bots()).toEqual([]);
  });

  it.each([
    ['started', { kind: 'start-bot', instrumentId: BTC }, 'running'],
    ['paused', { kind: 'stop-bot', instrumentId: BTC }, 'paused'],
  ] as const)('makes a bot that stays once a person has %s it', (_, command, status) => {
    const story = oversold();
    story.command({ kind: 'disable-auto-bot' });
    story.command(enter);
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    story.command(command);
    story.fill({ fillId: 'f2', side: 'sell', price: '101', quantity: '0.1' });
    expect(story.engine.bots()).toMatchObject([{ origin: 'manual', status }]);
  });

  it('leaves the bot there was as it is', () => {
    const story = oversold();
    story.command({ kind: 'create-bot', instrumentId: BTC, direction: 'long' });
    story.command(enter);
    story.order(story.orderId(1), 'rejected');
    expect(story.engine.bots()).toMatchObject([{ status: 'running', single: false, direction: 'long' }]);
  });
});

function parse(text: string) {
  const snapshot = parseEngineSnapshot(JSON.parse(text));
  if (snapshot === null) throw new Error('a snapshot is read back');
  return snapshot;
}
