import { describe, expect, it } from 'vitest';
import { checkLedger } from '../../src/app/ledger-check.ts';
import { type Decimal, decimal, decimalText, ZERO } from '../../src/core/base/decimal.ts';
import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import { exitSide } from '../../src/core/domain/order.ts';
import type { FundedTrade } from '../../src/store/trade-row.ts';
import type { MarketSource } from '../../src/venue/market/market-source.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { keptLedger } from './kept-ledger.ts';
import { enable, HOLD, MINUTE } from './safe-world.ts';
import { createWorld, type World } from './world.ts';

const MINUTES = 30;

/** Funding of every instrument falls due at odd moments, some of them those of a candle close. */
function oftenFunded(market: MarketSource): MarketSource {
  const intervalMs = 40_000;
  let nowMs = 0;
  return {
    name: market.name,
    stepMs: market.stepMs,
    instruments: () => market.instruments(),
    advance: (timeMs) => {
      nowMs = timeMs;
      return market.advance(timeMs);
    },
    quote: (id) => {
      const quote = market.quote(id);
      if (quote === null) return null;
      const nextFundingMs = (Math.floor(nowMs / intervalMs) + 1) * intervalMs;
      return {
        ...quote,
        fundingRate: id.length % 2 === 0 ? 0.0000345678912 : -0.0000176543219,
        nextFundingMs,
      };
    },
    candles: (range) => market.candles(range),
    trail: (id, fromMs) => market.trail(id, fromMs),
    state: () => market.state(),
  };
}

/** What a person and the exchange do to our positions. What is left of theirs goes into `mixed`. */
function meddle(world: World, random: Rng, mixed: Set<string>): void {
  const account = world.venue.floor.accounts()[0];
  const positions = account?.openPositions() ?? [];
  const position = positions[random.integer(Math.max(1, positions.length))];
  if (account === undefined || position === undefined) return;
  const { instrumentId, direction, quantity } = position;
  const drawn = random.next();
  if (drawn < 0.3) {
    const share = random.next() < 0.5 ? 0.4 : 1;
    world.venue.faults.add({ name: 'deleveraging', symbol: instrumentId, share });
    return;
  }
  const turns = drawn > 0.7;
  if (turns) mixed.add(instrumentId);
  world.venue.floor.act(account, (acting) =>
    acting.place({
      clientOrderId: `byhand${Math.floor(random.next() * 1e9)}`,
      instrumentId,
      side: exitSide(direction),
      quantity: turns ? quantity.times(2) : quantity,
      ...{ kind: 'market', price: null, timeInForce: 'immediate-or-cancel', positionIndex: 0 },
      ...{ reduceOnly: !turns, closeOnTrigger: false, trigger: null, takeProfit: null, stopLoss: null },
    }),
  );
}

async function lived(seed: number) {
  const random = rng(seedOf(seed, 'funded trades'));
  const mixed = new Set<string>();
  const world = await createWorld({
    seed,
    settings: { timeframe: '1m', exit: { ...HOLD, stopLossPct: 2 } },
    market: (startMs) =>
      oftenFunded(syntheticMarket({ seed, instrumentCount: 40, startMs, candleScale: 'demo' })),
  });
  keptLedger(world);
  enable(world);
  for (let minute = 0; minute < MINUTES; minute += 1) {
    if (minute % 2 === 1) meddle(world, random, mixed);
    if (random.next() < 0.1) world.link.cutChannels('cable');
    if (minute === 11 || minute === 20) {
      world.die();
      await world.time.advance(random.integer(20_000));
      await world.restart();
      keptLedger(world);
      enable(world);
    }
    await world.time.advance(MINUTE + random.integer(20_000));
  }
  await rest(world);
  return { world, mixed };
}

/** All of ours is closed, and the books have had their time. */
async function rest(world: World): Promise<void> {
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'rest');
  for (let tries = 0; tries < 3; tries += 1) {
    for (const { instrumentId } of world.trading().engine.positions())
      world.trading().command({ kind: 'close-position', instrumentId }, 'test', 'rest');
    await world.time.advance(20_000);
  }
  await world.time.advance(4 * MINUTE);
}

function sumsOf<Row>(
  rows: readonly Row[],
  of: (row: Row) => readonly [string | null, string],
): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const row of rows) {
    const [key, amount] = of(row);
    if (key !== null) sums.set(key, (sums.get(key) ?? ZERO).plus(amount));
  }
  return sums;
}

function texts(sums: ReadonlyMap<string, Decimal>, left: ReadonlySet<string>): readonly string[] {
  return [...sums]
    .filter(([key]) => !left.has(key))
    .map(([key, sum]) => `${key} ${decimalText(sum)}`)
    .sort();
}

describe('closed positions of a life with funding, restarts, and others at work', () => {
  it('add up to what the venue booked, instrument by instrument, to the last digit', {
    timeout: 240_000,
  }, async () => {
    let charged = 0;
    const reasons = new Set<string>();
    for (const seed of [31, 32]) {
      const { world, mixed } = await lived(seed);
      const trades: readonly FundedTrade[] = (await world.store.listTrades({ limit: 500, cursor: null }))
        .rows;
      expect(trades.filter(({ pnl }) => pnl === null)).toEqual([]);
      const ours = sumsOf(trades, ({ instrumentId, pnl }) => [instrumentId, pnl ?? 'none']);
      const venue = world.venue.ledger().accounts[0]?.postings ?? [];
      const booked = sumsOf(venue, ({ instrumentId, amount }) => [instrumentId, amount]);
      expect(texts(ours, mixed), `seed ${seed}`).toEqual(texts(booked, mixed));
      charged += trades.filter(({ funding }) => !decimal(funding ?? 0).isZero()).length;
      for (const { exitReason } of trades) reasons.add(exitReason);
      await isBorneOut(world, mixed);
      await world.stop();
    }
    expect(charged, 'positions that were charged funding').toBeGreaterThan(5);
    expect([...reasons]).toEqual(expect.arrayContaining(['deleveraging', 'external', 'exchange-stop']));
  });
});

/** The check of the books names no trade that a person had no part in, and its days add up. */
async function isBorneOut(world: World, mixed: ReadonlySet<string>): Promise<void> {
  const report = (await checkLedger(world.store, 'simulation'))?.trades;
  expect(report).toMatchObject({ uncovered: 0, unproven: [] });
  expect(report?.differ.filter((line) => ![...mixed].some((id) => line.includes(id)))).toEqual([]);
  const days = report?.days ?? [];
  expect(days.length).toBeGreaterThan(0);
  if (mixed.size === 0) expect(days.map(({ pnl }) => pnl)).toEqual(days.map(({ booked }) => booked));
}
