import { decimal } from '../../src/core/base/decimal.ts';
import type { LadderView } from '../../src/core/engine/view.ts';
import { BTC, exchangePosition, oversold, type Story } from './story.ts';

/**
 * A long of 100 USDT at a price of 100: a quarter at once, a quarter at 98, a half at 96. On the step that is 0.25,
 * 0.255 and 0.52; all of it costs 97.473… on average, and the stop 15 % below that stands on the tick at 82.9.
 */
const LADDER = {
  risk: { positionNotionalUsdt: 100 },
  entry: {
    entryMethod: 'ladder',
    rungs: [
      { offsetPct: 0, weight: 1 },
      { offsetPct: 2, weight: 1 },
      { offsetPct: 4, weight: 2 },
    ],
  },
};

const QUANTITIES = ['0.25', '0.255', '0.52'];
const PRICES = ['100', '98', '96'];

/** A story with a ladder just ordered; `changes` are merged over the settings of `LADDER`, group by group. */
export function laddered(changes: Record<string, Record<string, unknown>> = {}): Story {
  const story = oversold(merged(changes));
  story.timer('entry-pass');
  return story;
}

export function merged(changes: Record<string, Record<string, unknown>>): Record<string, unknown> {
  const { risk, entry, ...rest } = changes;
  return { ...rest, risk: { ...LADDER.risk, ...risk }, entry: { ...LADDER.entry, ...entry } };
}

/** The whole rung `number`, 1 the first, fills at its price. */
export function fillRung(story: Story, number: number, changes: { quantity?: string; fillId?: string } = {}) {
  const quantity = QUANTITIES[number - 1] ?? '0';
  const price = PRICES[number - 1] ?? '0';
  return story.fill({
    fillId: `f${number}`,
    clientOrderId: story.orderId(number),
    price,
    quantity,
    ...changes,
  });
}

/** The first rung has filled, the others rest. */
export function resting(changes: Record<string, Record<string, unknown>> = {}): Story {
  const story = laddered(changes);
  fillRung(story, 1);
  story.order(story.orderId(2), 'accepted');
  story.order(story.orderId(3), 'accepted');
  return story;
}

/** Decisions without the notices that every step of a rung is told by. */
export function deeds(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.startsWith('info engine.ladder.'));
}

/** `accepted accepted filled` and the like; null when no order of a ladder can fill any more. */
export function rungStates(story: Story): string | null {
  return (
    ladderOf(story)
      ?.rungs.map(({ state }) => state)
      .join(' ') ?? null
  );
}

/** Null without a position that a ladder still changes. */
export function ladderOf(story: Story): LadderView | null {
  return story.engine.positions()[0]?.ladder ?? null;
}

/** The exchange states what is held, with the stop the orders brought. */
export function stated(story: Story, quantity: string, stopPrice: string | null = '82.9'): string[] {
  story.wait(3_000);
  const stop = stopPrice === null ? null : decimal(stopPrice);
  return story.account([
    exchangePosition({ quantity: decimal(quantity), stopPrice: stop, instrumentId: BTC }),
  ]);
}
