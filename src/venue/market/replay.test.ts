import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensure } from '../../core/base/assert.ts';
import { CANDLE_FILE_HEADER } from '../../core/domain/candle-file.ts';
import { type InstrumentId, parseInstrumentId } from '../../core/domain/instrument.ts';
import type { Timeframe } from '../../core/domain/timeframe.ts';
import type { MarketSource } from './market-source.ts';
import { replayMarket } from './replay.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const RECORDED_MS = Date.UTC(2023, 10, 14, 3);
const START_MS = Date.UTC(2026, 0, 7, 9, 30, 20);
const START_MINUTE_MS = START_MS - 20_000;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Recorded {
  readonly name?: string;
  readonly from?: number;
  readonly count: number;
}

/** Row `i` opens at 100 + i, spans 2 up and 1 down, closes at 101 + i, with i + 0.5 exchanged. */
async function record({ name = 'BTCUSDT', from = 0, count }: Recorded): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => {
    const index = from + i;
    return `${RECORDED_MS + index * HOUR_MS},${100 + index},${102 + index},${99 + index},${101 + index},${index}.5`;
  });
  await writeFile(join(folder, `${name}.csv.gz`), gzipSync([CANDLE_FILE_HEADER, ...rows, ''].join('\n')));
}

function replay(timeframe: Timeframe = '1m'): Promise<MarketSource> {
  return replayMarket({ folder, timeframe, startMs: START_MS, seed: 5 });
}

function id(text: string): InstrumentId {
  return ensure(parseInstrumentId(text), 'The test names a valid id.');
}

function candlesOf(market: MarketSource, timeframe: Timeframe, limit: number, name = 'BTCUSDT') {
  const range = { instrumentId: id(name), timeframe, startMs: null, endMs: null, limit };
  return ensure(market.candles(range), 'The instrument is listed.');
}

describe('replayMarket', () => {
  it('shows the first 500 rows as history that ends now and plays the row after them', async () => {
    await record({ count: 520 });
    const market = await replay();
    const history = candlesOf(market, '1m', 1000);
    expect(history).toHaveLength(501);
    expect(history[0]).toEqual({
      openTimeMs: START_MINUTE_MS - 500 * MINUTE_MS,
      open: 100,
      high: 102,
      low: 99,
      close: 101,
      volume: 0.5,
    });
    expect(history.at(-1)).toMatchObject({ openTimeMs: START_MINUTE_MS, open: 600 });
  });

  it('shows a played minute exactly as recorded, and its quotes touch high and low', async () => {
    await record({ count: 520 });
    const market = await replay();
    const prices: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      market.advance(START_MINUTE_MS + MINUTE_MS + second * 1000);
      prices.push(ensure(market.quote(id('BTCUSDT')), 'It is listed.').lastPrice);
    }
    expect([prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1)]).toEqual([
      601, 603, 600, 602,
    ]);
    market.advance(START_MINUTE_MS + 2 * MINUTE_MS);
    const [played] = candlesOf(market, '1m', 2);
    expect(played).toMatchObject({ open: 601, high: 603, low: 600, close: 602, volume: 501.5 });
  });

  it('splits a longer timeframe into minutes that join into it', async () => {
    await record({ count: 520 });
    const market = await replay('15m');
    const quarters = candlesOf(market, '15m', 4).slice(0, 3);
    const minutes = candlesOf(market, '1m', 100);
    for (const quarter of quarters) {
      const inside = minutes.filter(
        ({ openTimeMs }) => Math.floor(openTimeMs / (15 * MINUTE_MS)) * 15 * MINUTE_MS === quarter.openTimeMs,
      );
      expect(inside).toHaveLength(15);
      expect(Math.max(...inside.map(({ high }) => high))).toBe(quarter.high);
      expect(Math.min(...inside.map(({ low }) => low))).toBe(quarter.low);
      expect(inside[0]?.open).toBe(quarter.open);
      expect(inside.at(-1)?.close).toBe(quarter.close);
    }
  });

  it('ends after the last row and then stands still', async () => {
    await record({ count: 502 });
    const market = await replay();
    const endMs = START_MINUTE_MS + 2 * MINUTE_MS;
    market.advance(endMs - 1);
    expect(market.state()).toEqual({ kind: 'running' });
    market.advance(endMs);
    expect(market.state()).toMatchObject({ kind: 'ended', atMs: endMs });
    const last = market.quote(id('BTCUSDT'));
    expect(last?.lastPrice).toBe(602);
    expect(market.advance(endMs + HOUR_MS)).toEqual([]);
    expect(market.quote(id('BTCUSDT'))).toEqual(last);
    expect(candlesOf(market, '1m', 1)).toMatchObject([{ open: 601, high: 603, low: 600, close: 602 }]);
  });

  it('lists a later file when its first candle opens', async () => {
    await record({ count: 520 });
    await record({ name: '1MBABYDOGEUSDT', from: 503, count: 17 });
    const market = await replay();
    const late = id('1000000BABYDOGEUSDT');
    expect(market.quote(late)).toBeNull();
    market.advance(START_MINUTE_MS + 3 * MINUTE_MS - 1000);
    expect(market.instruments().map((instrument) => instrument.id)).toEqual(['BTCUSDT']);
    expect(market.advance(START_MINUTE_MS + 3 * MINUTE_MS)).toContain(late);
    expect(market.instruments().at(-1)).toMatchObject({
      id: late,
      exchangeSymbol: '1000000BABYDOGEUSDT',
      base: 'BABYDOGE',
      multiplier: 1_000_000,
      launchTimeMs: START_MINUTE_MS + 3 * MINUTE_MS,
    });
    expect(candlesOf(market, '1m', 10, late)).toMatchObject([{ open: 603 }]);
  });

  it('lets a file that ends early stand still without volume until the market ends', async () => {
    await record({ count: 520 });
    await record({ name: 'ETHUSDT', count: 501 });
    const market = await replay();
    market.advance(START_MINUTE_MS + 5 * MINUTE_MS);
    const [last, after] = candlesOf(market, '1m', 6, 'ETHUSDT');
    expect(last).toMatchObject({ close: 601, volume: 500.5 });
    expect(after).toMatchObject({ open: 601, high: 601, low: 601, close: 601, volume: 0 });
  });

  it('takes tick and step from the decimals of the file', async () => {
    const rows = [0, 1, 2].map(
      (i) => `${RECORDED_MS + i * HOUR_MS},1.05,1.25,1.001,1.1,3${i === 1 ? '.25' : ''}`,
    );
    await writeFile(join(folder, 'XRPUSDT.csv'), [CANDLE_FILE_HEADER, ...rows].join('\n'));
    const [instrument] = (await replay()).instruments();
    expect(instrument?.tickSize.toFixed()).toBe('0.001');
    expect(instrument?.quantityStep.toFixed()).toBe('0.01');
  });

  it('names file and line of a fault', async () => {
    await record({ count: 4 });
    const broken = [CANDLE_FILE_HEADER, `${RECORDED_MS},1,1,1,1,1`, `${RECORDED_MS + HOUR_MS},1,1,1,1,x`];
    await writeFile(join(folder, 'ETHUSDT.csv'), broken.join('\n'));
    await expect(replay()).rejects.toThrow(/ETHUSDT[.]csv, line 3: broken-row/);
  });

  it('refuses files of different timeframes, of one instrument, of other quotes, and an empty folder', async () => {
    await expect(replay()).rejects.toThrow('no .csv');
    await record({ count: 4 });
    const minutes = [0, 1].map((i) => `${RECORDED_MS + i * MINUTE_MS},1,1,1,1,1`);
    const text = [CANDLE_FILE_HEADER, ...minutes].join('\n');
    await writeFile(join(folder, 'ETHUSDT.csv'), text);
    await expect(replay()).rejects.toThrow(/ETHUSDT.*candles of 1m.*has 1h/);
    await rm(join(folder, 'ETHUSDT.csv'));
    await writeFile(join(folder, 'ETHBTC.csv'), text);
    await expect(replay()).rejects.toThrow(/ETHBTC.*USDT/);
    await rm(join(folder, 'ETHBTC.csv'));
    await record({ name: '1000XUSDT', count: 4 });
    await record({ name: 'X1000USDT', count: 4 });
    await expect(replay()).resolves.toBeDefined();
    await record({ name: 'PEPE1000USDT', count: 4 });
    await record({ name: '1000PEPEUSDT', count: 4 });
    await expect(replay()).rejects.toThrow(/the same instrument/);
  });
});
