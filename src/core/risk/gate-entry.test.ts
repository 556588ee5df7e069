import { describe, expect, it } from 'vitest';
import { approvedEntry, approvedRung, orderId } from '../../../test/fixture/approved-order.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';
import { entryFacts } from '../../../test/fixture/gate-facts.ts';
import { decimal, ZERO } from '../base/decimal.ts';
import type { ApprovedEntry } from '../domain/order.ts';
import { type EntryFacts, entryRefusal } from './gate-entry.ts';
import { gateLimits } from './gate-limits.ts';
import { riskSettingsSchema } from './settings.ts';

const BTC = instrument();
type Changes = { readonly [K in keyof ApprovedEntry]?: unknown };

function judged(order: Changes, facts: Partial<EntryFacts> = {}): string | null {
  const changed = { ...approvedEntry(BTC), ...order } as unknown as ApprovedEntry;
  return entryRefusal(changed, entryFacts(facts))?.code ?? null;
}

function limited(risk: Record<string, number>): Pick<EntryFacts, 'limits'> {
  return { limits: gateLimits(riskSettingsSchema.parse(risk)) };
}

function at(
  markPrice: number,
  lastPrice = markPrice,
  good: number | null = null,
): Pick<EntryFacts, 'prices'> {
  const known = good === null ? null : { price: good, seenMs: 0 };
  return { prices: { markPrice, lastPrice, good: known, nowMs: 10_000, bandPct: 10 } };
}

const held = (direction: 'long' | 'short') => [{ direction, quantity: decimal('0.5') }];
const paces = (second: number, minute: number, day: number) => ({ paces: { second, minute, day } });
/** 0.1 at 100. */
const TEN = 10;

describe('the gate judges an entry', () => {
  it('that breaks no rule to pass', () => {
    expect(judged({})).toBeNull();
  });

  it.each<[string, Changes, Partial<EntryFacts>, string | null]>([
    ['no quantity', { quantity: ZERO }, {}, 'gate.order.unsound'],
    ['a negative quantity', { quantity: decimal(-1) }, {}, 'gate.order.unsound'],
    ['a quantity that is no number', { quantity: decimal(Number.NaN) }, {}, 'gate.order.unsound'],
    ['an endless quantity', { quantity: decimal(Number.POSITIVE_INFINITY) }, {}, 'gate.order.unsound'],
    ['no price', { referencePrice: ZERO }, {}, 'gate.order.unsound'],
    [
      'a limit of nothing',
      { limit: { price: decimal(Number.NaN), postOnly: false } },
      {},
      'gate.order.unsound',
    ],
    ['no leverage', { leverage: 0 }, {}, 'gate.order.unsound'],
    ['the side of an exit', { side: 'sell' }, {}, 'gate.order.side'],
    [
      'an instrument that does not trade',
      {},
      { instrument: { ...BTC, status: 'closed' } },
      'gate.order.instrument',
    ],
    ['a stop of nothing', { stopPrice: ZERO }, {}, 'gate.stop.missing'],
    ['a stop at its price', { stopPrice: decimal(100) }, {}, 'gate.stop.wrong-side'],
    ['a stop a step below its price', { stopPrice: decimal('99.9') }, {}, null],
    ['a stop the mark has passed', { stopPrice: decimal('99.9') }, at(99.8), 'gate.stop.wrong-side'],
    ['the name of one that was sent', {}, { sameAgoMs: 0 }, 'gate.order.duplicate'],
    ['a position of the same direction', {}, { held: held('long') }, 'gate.position.held'],
    ['a position against it', {}, { held: held('short') }, 'gate.position.held'],
    ['a later rung, and what the first filled', { ladderId: orderId('ib0') }, { held: held('long') }, null],
    [
      'a later rung against a position',
      { ladderId: orderId('ib0') },
      { held: held('short') },
      'gate.position.held',
    ],
    ['another leverage stated', {}, { leverage: 3 }, 'gate.leverage.unconfirmed'],
    ['no leverage stated', {}, { leverage: null }, 'gate.leverage.unconfirmed'],
    ['leverage at the ceiling', { leverage: 25 }, { leverage: 25 }, null],
    ['leverage beyond the ceiling', { leverage: 25.1 }, { leverage: 25.1 }, 'gate.leverage.above'],
    ['no price told', {}, { prices: null }, 'gate.price.unknown'],
    ['a mark of nothing', {}, at(0, 100), 'gate.price.unknown'],
    ['a mark that is no number', {}, at(Number.NaN, 100), 'gate.price.unknown'],
    ['an absurd last price', {}, at(100, 1e13), 'gate.price.unknown'],
    ['a mark at the band', {}, at(110, 100), null],
    ['a last price beyond the band', { referencePrice: decimal('110.1') }, at(110.1, 100), 'gate.price.band'],
    ['a jump within the band', {}, at(100, 100, 91), null],
    ['a jump beyond the band', {}, at(100, 100, 90), 'gate.price.jump'],
    ['a value at the limit', {}, limited({ orderNotionalUsdtMax: TEN }), null],
    ['a value beyond the limit', {}, limited({ orderNotionalUsdtMax: 9.99 }), 'gate.order.notional'],
    [
      'a value by a mark that is dearer',
      {},
      { ...limited({ orderNotionalUsdtMax: TEN }), ...at(101) },
      'gate.order.notional',
    ],
    [
      'an instrument at its limit',
      {},
      { ...limited({ instrumentNotionalUsdtMax: 30 }), orderedHere: decimal('0.2') },
      null,
    ],
    [
      'an instrument beyond its limit',
      {},
      { ...limited({ instrumentNotionalUsdtMax: 30 }), orderedHere: decimal('0.201') },
      'gate.position.notional',
    ],
    ['no account', {}, { account: null }, 'gate.account.unknown'],
    [
      'an equity that is no number',
      {},
      { account: { equity: decimal(Number.NaN), ageMs: 0 } },
      'gate.account.unknown',
    ],
    ['an account of a minute ago', {}, { account: { equity: decimal(1_000), ageMs: 60_000 } }, null],
    ['an older account', {}, { account: { equity: decimal(1_000), ageMs: 60_001 } }, 'gate.account.stale'],
    ['an exposure at the limit', {}, { exposure: decimal(990) }, null],
    ['an exposure beyond the limit', {}, { exposure: decimal('990.01') }, 'gate.account.exposure'],
    ['an unknown loss', {}, { loss: null }, 'gate.loss.unknown'],
    ['a wait after a loss', {}, { waitMs: 0.5 }, 'gate.loss.wait'],
    ['9 orders in a second', {}, paces(9, 9, 9), null],
    ['10 orders in a second', {}, paces(10, 10, 10), 'gate.pace.second'],
    ['119 orders in a minute', {}, paces(0, 119, 119), null],
    ['120 orders in a minute', {}, paces(0, 120, 120), 'gate.pace.minute'],
    ['1,999 orders in a day', {}, paces(0, 0, 1_999), null],
    ['2,000 orders in a day', {}, paces(0, 0, 2_000), 'gate.pace.day'],
  ])('with %s', (_what, order, facts, code) => {
    expect(judged(order, facts)).toBe(code);
  });

  it('that waits in the book by its limit: as far below the mark as it likes, no farther above it', () => {
    const rung = (price: string): string | null => {
      const order = approvedRung(BTC, { price: decimal(price), postOnly: false }) as ApprovedEntry;
      return entryRefusal(order, entryFacts())?.code ?? null;
    };
    expect([rung('86'), rung('110'), rung('110.1')]).toEqual([null, null, 'gate.price.band']);
  });

  it('by the ceilings, whatever the settings in force say', () => {
    const risk = { ...riskSettingsSchema.parse({}), orderNotionalUsdtMax: 1e9, exposurePctMax: Number.NaN };
    expect(gateLimits(risk)).toMatchObject({ orderNotionalUsdtMax: 100_000, exposurePctMax: 0 });
  });
});
