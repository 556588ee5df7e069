import { dirname, resolve } from 'node:path';
import { ensure } from '../../core/base/assert.ts';
import { CANDLE_FILE_HEADER, parseCandleFile } from '../../core/domain/candle-file.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import type { MarketSource } from '../market/market-source.ts';
import { recordedMarket, replayMarket } from '../market/replay.ts';
import { syntheticMarket } from '../market/synthetic.ts';
import type { ScenarioMarket } from './scenario.ts';

/** Candles shown as the past of scripted ones: enough for every rule that asks for history. */
const PAST_CANDLES = 500;
/** How far the past swings around the first price, so that indicators have something to read. */
const PAST_SWING = 0.0005;

/** The market a scenario plays on. `file` is where the scenario stands: folders are looked for beside it. */
export async function scenarioMarket(
  market: ScenarioMarket,
  at: { readonly startMs: number; readonly file: string },
): Promise<MarketSource> {
  const { startMs, file } = at;
  if ('synthetic' in market) {
    const { seed, instruments, scale } = market.synthetic;
    return syntheticMarket({ seed, instrumentCount: instruments, startMs, candleScale: scale });
  }
  if ('replay' in market) {
    const folder = resolve(dirname(file), market.replay.folder);
    return replayMarket({ ...market.replay, folder, startMs });
  }
  return barsMarket(market.bars, startMs);
}

function barsMarket(
  bars: Extract<ScenarioMarket, { readonly bars: unknown }>['bars'],
  startMs: number,
): MarketSource {
  const { timeframe, seed, candles } = bars;
  const coins = Object.entries(candles).map(([symbol, rows]) => {
    const columns = ensure(
      parsed(rows, timeframeMs(timeframe)),
      `The candles of ${symbol} are a candle file.`,
    );
    return { exchangeBase: symbol.replace(/USDT$/, ''), path: symbol, columns };
  });
  return recordedMarket(coins, { name: 'scripted candles', timeframe, startMs, seed });
}

/** The candles as a file of the product's own format, behind a past that swings around the first price. */
function parsed(rows: readonly (readonly string[])[], lengthMs: number) {
  const first = rows[0]?.[0] ?? '1';
  const decimals = Math.max(...rows.flat().map((text) => text.split('.')[1]?.length ?? 0));
  const swing = (index: number): string =>
    (Number(first) * (1 + PAST_SWING * Math.sin(index / 3))).toFixed(decimals);
  const past = Array.from({ length: PAST_CANDLES }, (_, index) => {
    const [open, close] = [swing(index), swing(index + 1)];
    const [high, low] = Number(open) > Number(close) ? [open, close] : [close, open];
    return [open, high, low, close, rows[0]?.[4] ?? '1'];
  });
  const lines = [...past, ...rows].map((row, index) => [String(index * lengthMs), ...row].join(','));
  const read = parseCandleFile([CANDLE_FILE_HEADER, ...lines].join('\n'));
  return read.ok ? read.value : null;
}
