import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { type TradingSettings, tradingSettingsSchema } from '../../src/core/engine/settings.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { createWorld, type World } from './world.ts';

const MINUTE = 60_000;
/** Levels so far away that only the RSI ends a position. */
const FAR = {
  stopLossPct: 50,
  takeProfitPct: null,
  trailingActivationPct: null,
  breakEvenTriggerPct: null,
};

function settings(changes: Record<string, unknown> = {}): TradingSettings {
  return tradingSettingsSchema.parse({ timeframe: '1m', exit: FAR, ...changes });
}

/** A world with positions opened on one-minute candles, no entries any more, and signals read on 5m candles since. */
async function movedWorld(): Promise<World> {
  const world = await createWorld({
    seed: 13,
    settings: { timeframe: '1m', exit: FAR },
    market: (startMs) => syntheticMarket({ seed: 13, instrumentCount: 40, startMs, candleScale: 'demo' }),
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  await world.time.advance(2 * MINUTE);
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'enough');
  configure(world, settings({ timeframe: '5m' }), 2);
  return world;
}

function configure(world: World, changed: TradingSettings, version: number): void {
  world.trading().command({ kind: 'configure', settings: changed, version }, 'test', 'simulation');
}

interface Told {
  readonly event: { readonly kind: string; readonly timeframe?: string; readonly instrumentId?: string };
  readonly decisions: readonly {
    readonly kind: string;
    readonly code?: string;
    readonly order?: { readonly purpose: string; readonly instrumentId: string };
  }[];
}

function stepsFrom(world: World, from: number): readonly Told[] {
  return world.journal.slice(from).map((line) => JSON.parse(line) as Told);
}

/** Steps that ordered an exit by RSI. */
function exitsOf(steps: readonly Told[]): readonly Told[] {
  return steps.filter(({ decisions }) => decisions.some(({ order }) => order?.purpose === 'rsi-exit'));
}

async function untilExit(world: World, from: number): Promise<readonly Told[]> {
  for (let minute = 0; minute < 40; minute += 1) {
    await world.time.advance(MINUTE);
    const exits = exitsOf(stepsFrom(world, from));
    if (exits.length > 0) return exits;
  }
  throw new Error('an RSI comes back within forty minutes');
}

function historiesOf(steps: readonly Told[], timeframe: string): number {
  return steps.filter(({ event }) => event.kind === 'candle-history' && event.timeframe === timeframe).length;
}

describe('a change of timeframe with open positions', () => {
  it('scans the other timeframe and ends them on closed candles of their own, without a new history', async () => {
    const world = await movedWorld();
    const from = world.journal.length;
    expect(world.trading().engine.positions().length).toBeGreaterThan(0);
    const exits = await untilExit(world, from);
    const steps = stepsFrom(world, from);
    expect(exits.map(({ event }) => [event.kind, event.timeframe])).toEqual(
      exits.map(() => ['candle-closed', '1m']),
    );
    expect(historiesOf(steps, '1m')).toBe(0);
    expect(historiesOf(steps, '5m')).toBe(40);
    const codes = steps.flatMap(({ decisions }) => decisions.map(({ code }) => code));
    expect(codes).not.toContain('engine.position.rsi-exit-waits');
  });

  it('streams the candles of a position no longer than it is held', async () => {
    const world = await movedWorld();
    await untilExit(world, world.journal.length);
    await world.time.advance(5_000);
    const held = world.trading().engine.positions();
    const from = world.journal.length;
    await world.time.advance(MINUTE);
    const minutes = stepsFrom(world, from).filter(
      ({ event }) => event.kind === 'candle-closed' && event.timeframe === '1m',
    );
    expect(minutes.map(({ event }) => event.instrumentId).sort()).toEqual(
      held.map(({ instrumentId }) => instrumentId).sort(),
    );
  });

  it('ends them so after a restart too', async () => {
    const world = await movedWorld();
    await world.store.addSettings({
      settingsJson: JSON.stringify(settings({ timeframe: '5m' })),
      author: 'test',
      reason: 'simulation',
      createdMs: world.time.nowMs(),
    });
    await world.restart();
    configure(world, settings({ timeframe: '5m' }), 2);
    await world.time.advance(2_000);
    const from = world.journal.length;
    const exits = await untilExit(world, from);
    expect(exits.every(({ event }) => event.timeframe === '1m')).toBe(true);
  });

  it('reads a candle of theirs by REST that closed while the stream was down, and goes on', async () => {
    const world = await movedWorld();
    const from = world.journal.length;
    await world.time.advance(MINUTE - (world.time.nowMs() % MINUTE) - 10);
    world.link.cutChannels('maintenance');
    const exits = await untilExit(world, from);
    expect(historiesOf(stepsFrom(world, from), '1m')).toBeGreaterThan(0);
    expect(exits.every(({ event }) => event.timeframe === '1m')).toBe(true);
  });
});

describe('a person who tightens a stop', () => {
  it('keeps it when the settings change before the service has read it', async () => {
    const world = await movedWorld();
    const position = world.trading().engine.positions()[0];
    const instrument =
      position === undefined ? null : world.trading().engine.instrument(position.instrumentId);
    if (position === undefined || instrument === null) throw new Error('a position is open');
    const { direction } = position;
    const factor = direction === 'long' ? '0.8' : '1.2';
    const stopPrice = decimal(position.entryPrice ?? 0)
      .times(factor)
      .dividedBy(instrument.tickSize)
      .round()
      .times(instrument.tickSize);
    // Right after a reading, so that the next one by itself is seconds away.
    const readMs = world.trading().sync.newest()?.asOfMs;
    while (world.trading().sync.newest()?.asOfMs === readMs) await world.time.advance(50);
    const byHand = world.person.setStop({ instrument, direction, stopPrice, takeProfitPrice: null });
    await world.time.advance(100);
    expect(await byHand).toEqual({ kind: 'done' });

    const loosest: string[] = [];
    const venueStop = (): string => {
      const rows = world.venue.state().accounts[0]?.positions ?? [];
      return String(rows.find((row) => row['instrumentId'] === instrument.id)?.['stopPrice']);
    };
    // Nothing of ours may tighten it either, so that what rests there is the person's alone.
    const exit = { ...FAR, stopLossPct: 30, takeProfitPct: 45 };
    configure(world, settings({ timeframe: '5m', exit }), 3);
    for (let step = 0; step < 100; step += 1) {
      await world.time.advance(50);
      loosest.push(venueStop());
    }
    expect(new Set(loosest)).toEqual(new Set([stopPrice.toFixed()]));
    const rows = world.venue.state().accounts[0]?.positions ?? [];
    expect(rows.find((row) => row['instrumentId'] === instrument.id)?.['takeProfitPrice']).not.toBeNull();
  });
});
