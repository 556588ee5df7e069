import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensure } from '../../src/core/base/assert.ts';
import type { Candle } from '../../src/core/domain/candle.ts';
import { parseCandleFile } from '../../src/core/domain/candle-file.ts';
import type { InstrumentId } from '../../src/core/domain/instrument.ts';
import { readCandleFile } from '../../src/platform/candle-folder.ts';
import type { MarketSource } from '../../src/venue/market/market-source.ts';
import { replayMarket } from '../../src/venue/market/replay.ts';

const recorded = ensure(process.env['INFOBOT_TEST_DATA'], 'INFOBOT_TEST_DATA names the recorded candles.');
const folder = join(recorded, 'market-data', 'binance-usdm', '1h');
const START_MS = Date.UTC(2026, 5, 1, 12);
const MINUTE_MS = 60_000;
const HISTORY = 500;

let market: MarketSource;
let endMs = 0;

function candles(instrumentId: InstrumentId, timeframe: '1m' | '1h', limit: number): readonly Candle[] {
  const range = { instrumentId, timeframe, startMs: null, endMs: null, limit };
  return ensure(market.candles(range), 'The instrument is listed.');
}

beforeAll(async () => {
  market = await replayMarket({ folder, timeframe: '1m', startMs: START_MS, seed: 1 });
  expect(market.instruments()).toHaveLength(49);
  market.advance(START_MS + 30 * 86_400_000);
  const state = market.state();
  if (state.kind === 'ended') endMs = state.atMs;
});

describe('a replay of recorded hours as minutes', () => {
  it('holds every file and has ended', () => {
    expect(market.instruments()).toHaveLength(53);
    expect(endMs).toBeGreaterThan(START_MS);
    expect(market.quote(market.instruments()[0]!.id)?.timeMs).toBe(endMs - 1000);
  });

  it.each(['BTCUSDT', '1000PEPEUSDT', 'PUMPUSDT'])('shows every row of %s as it is written', async (name) => {
    const text = await readCandleFile(join(folder, `${name}.csv.gz`));
    const file = text.ok ? parseCandleFile(text.value) : text;
    if (!file.ok) throw new Error(`${name} cannot be read`);
    const { count, open, high, low, close, volume } = file.value;
    const instrument = ensure(
      market.instruments().find((listed) => listed.id === name),
      `${name} is listed.`,
    );
    const firstMs = instrument.launchTimeMs;
    const shown = candles(instrument.id, '1m', 20_000).slice(0, count);
    expect(shown).toHaveLength(count);
    shown.forEach((candle, i) => {
      const row = { open: open[i], high: high[i], low: low[i], close: close[i], volume: volume[i] };
      expect(candle).toEqual({ openTimeMs: firstMs + i * MINUTE_MS, ...row });
    });
  });

  it('starts its longest files 500 candles before now', () => {
    const first = Math.min(...market.instruments().map((instrument) => instrument.launchTimeMs));
    expect(first).toBe(START_MS - HISTORY * MINUTE_MS);
  });

  it('joins minutes into hours for every instrument', () => {
    for (const { id } of market.instruments()) {
      const minutes = candles(id, '1m', 1000);
      for (const hour of candles(id, '1h', 10)) {
        const inside = minutes.filter(
          ({ openTimeMs }) => openTimeMs >= hour.openTimeMs && openTimeMs < hour.openTimeMs + 60 * MINUTE_MS,
        );
        expect(hour.high, id).toBe(Math.max(...inside.map(({ high }) => high)));
        expect(hour.low, id).toBe(Math.min(...inside.map(({ low }) => low)));
        expect(hour.close, id).toBe(inside.at(-1)!.close);
      }
    }
  });
});
