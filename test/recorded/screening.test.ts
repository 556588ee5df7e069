import { describe, expect, it } from 'vitest';
import { runBacktest } from '../../src/backtest/backtest.ts';
import type { BacktestRequest } from '../../src/backtest/backtest-request.ts';
import type { BacktestResult } from '../../src/backtest/backtest-result.ts';
import { backtestOptionsSchema } from '../../src/backtest/options.ts';
import { RECORDED, recordedMarket, settingsOf, VARIANTS } from './recorded-walk.ts';

const DATA_FOLDER = process.env['INFOBOT_TEST_DATA'] ?? '../shared';

/** Each trade, each equity and each reason; with looks left out, what was only looked at. */
function bytesOf(result: BacktestResult, looks: boolean): string {
  const { screening: _, outcomes, refusals, vetoes, ...rest } = result;
  return JSON.stringify(looks ? { ...rest, outcomes, refusals, vetoes } : rest);
}

describe.each(RECORDED)('$name, screened', ({ folder }) => {
  it.each(Object.keys(VARIANTS) as (keyof typeof VARIANTS)[])(
    'give every byte of the plain walk with %s settings',
    async (variant) => {
      const market = await recordedMarket(DATA_FOLDER, folder);
      const request: BacktestRequest = {
        market,
        settings: settingsOf(market, variant),
        instruments: new Map(),
        options: backtestOptionsSchema.parse({}),
        fromMs: null,
        toMs: null,
        engineVersion: 'recorded',
      };
      const plain = runBacktest({ ...request, screening: false });
      const screened = runBacktest(request);
      const short = runBacktest({ ...request, looks: false });
      expect(screened.screening.used).toBe(true);
      expect(screened.screening.candlesSkipped / plain.market.candles).toBeGreaterThan(0.8);
      expect(bytesOf(screened, true) === bytesOf(plain, true)).toBe(true);
      expect(bytesOf(short, false) === bytesOf(plain, false)).toBe(true);
    },
  );
});
