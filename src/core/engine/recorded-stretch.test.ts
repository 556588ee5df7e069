import { describe, expect, it } from 'vitest';
import { BTC, instrument } from '../../../test/scenario/story.ts';
import { rng } from '../base/rng.ts';
import type { CandleColumns } from '../domain/candle-file.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import { Engine } from './engine.ts';
import { tradingSettingsSchema } from './settings.ts';

const STEP_MS = timeframeMs('6h');
const COUNT = 1300;

function columnsOf(seed: number): CandleColumns {
  const dice = rng(seed);
  const column = (): Float64Array => new Float64Array(COUNT);
  const prices = { open: column(), high: column(), low: column(), close: column(), volume: column() };
  let price = 100;
  for (let row = 0; row < COUNT; row += 1) {
    prices.open[row] = price;
    price *= Math.exp(dice.normal() * 0.02);
    prices.close[row] = price;
    prices.high[row] = Math.max(price, prices.open[row] ?? price) * 1.01;
    prices.low[row] = Math.min(price, prices.open[row] ?? price) * 0.99;
    prices.volume[row] = 1 + dice.integer(1000);
  }
  return { timeframe: '6h', firstOpenMs: 0, count: COUNT, ...prices, priceDecimals: 8, volumeDecimals: 3 };
}

function engineOf(trendMethod: 'price-action' | 'ema-pair'): Engine {
  const settings = tradingSettingsSchema.parse({ signal: { trendMethod } });
  const engine = new Engine({ settings, settingsVersion: 1 });
  engine.step({ kind: 'instrument', timeMs: 0, instrument: instrument(BTC) });
  return engine;
}

function closeOne(engine: Engine, { open, high, low, close, volume }: CandleColumns, row: number): void {
  const at = (column: Float64Array): number => column[row] ?? Number.NaN;
  const prices = { open: at(open), high: at(high), low: at(low), close: at(close), volume: at(volume) };
  const candle = { openTimeMs: row * STEP_MS, ...prices };
  const timeMs = (row + 1) * STEP_MS;
  engine.step({ kind: 'candle-closed', timeMs, instrumentId: BTC, timeframe: '6h', candle });
}

/** What was said of candles that nobody was asked about is not remembered; all else is. */
function marketsOf(engine: Engine) {
  return engine.snapshot().market?.instruments.map((market) => ({ ...market, explained: null }));
}

describe('recorded candles taken in one go', () => {
  it.each(['price-action', 'ema-pair'] as const)(
    'leave the engine as each by itself does, and it goes on alike (%s)',
    (trendMethod) => {
      const columns = columnsOf(7);
      const [one, other] = [engineOf(trendMethod), engineOf(trendMethod)];
      let shown = 0;
      for (const end of [3, 4, 90, 400, 401, 1250]) {
        for (; shown < end; shown += 1) closeOne(one, columns, shown);
        const timeMs = end * STEP_MS;
        other.advance({ timeMs, instrumentId: BTC, columns, end, judged: 'all' });
        expect(other.candles(BTC)?.toCandles()).toEqual(one.candles(BTC)?.toCandles());
        expect(other.rsiPoints(BTC, 300)).toEqual(one.rsiPoints(BTC, 300));
        expect(other.explain(BTC, timeMs)).toEqual(one.explain(BTC, timeMs));
      }
      for (; shown < COUNT; shown += 1) {
        closeOne(one, columns, shown);
        closeOne(other, columns, shown);
      }
      expect(marketsOf(other)).toEqual(marketsOf(one));
      expect(columns.close).toEqual(columnsOf(7).close);
    },
  );
});
