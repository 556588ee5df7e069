import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CANDLE_FILE_HEADER } from '../core/domain/candle-file.ts';
import { keptCandles } from './kept-candles.ts';
import { loadPastMarket, type MarketRequest } from './load-market.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2025, 0, 1);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'past-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function record(name: string, count: number, stepMs = HOUR_MS): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => `${START_MS + i * stepMs},1.05,1.25,1.001,1.1,3.25`);
  await writeFile(join(folder, `${name}.csv.gz`), gzipSync([CANDLE_FILE_HEADER, ...rows, ''].join('\n')));
}

function load(changes: Partial<MarketRequest> = {}) {
  const request = {
    folder,
    timeframe: null,
    symbols: null,
    fundingFolder: null,
    onProgress: () => undefined,
  };
  return loadPastMarket({ ...request, ...changes });
}

async function refusal(changes: Partial<MarketRequest> = {}): Promise<string> {
  const loaded = await load(changes);
  return loaded.ok ? 'loaded' : loaded.error;
}

describe('loadPastMarket', () => {
  it('gives instruments in order of id, their grid taken from the decimals of the file', async () => {
    await record('SOLUSDT', 4);
    await record('1MBABYDOGEUSDT', 4);
    const market = await load();
    if (!market.ok) throw new Error(market.error);
    const [doge, sol] = market.value.instruments;
    expect(doge?.instrument).toMatchObject({ id: '1000000BABYDOGEUSDT', multiplier: 1_000_000 });
    expect(sol?.instrument.tickSize.toFixed()).toBe('0.001');
    expect(sol?.instrument.quantityStep.toFixed()).toBe('0.01');
    expect(sol?.file).toMatchObject({ name: 'SOLUSDT', rows: 4, lastOpenMs: START_MS + 3 * HOUR_MS });
    expect(sol?.file.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes the chosen files alone and joins their candles to the timeframe of decisions', async () => {
    await record('SOLUSDT', 8);
    await record('BTCUSDT', 8);
    const market = await load({ symbols: ['SOLUSDT'], timeframe: '4h' });
    if (!market.ok) throw new Error(market.error);
    expect(market.value).toMatchObject({ recordedTimeframe: '1h', timeframe: '4h' });
    expect(market.value.instruments.map(({ decided }) => decided.count)).toEqual([2]);
  });

  it('says which file and line cannot be trusted', async () => {
    await record('SOLUSDT', 3);
    const broken = [CANDLE_FILE_HEADER, `${START_MS},1,1,1,1,1`, `${START_MS + HOUR_MS},1,0.5,1,1,1`];
    await writeFile(join(folder, 'BTCUSDT.csv'), broken.join('\n'));
    expect(await refusal()).toMatch(/BTCUSDT[.]csv, line 3: broken-row/);
  });

  it('refuses what is missing, of another timeframe, against another quote, or there twice', async () => {
    expect(await refusal()).toContain('no .csv');
    await record('SOLUSDT', 4);
    expect(await refusal({ symbols: ['BTCUSDT'] })).toContain('no candle file BTCUSDT');
    expect(await refusal({ timeframe: '30m' })).toContain('do not make whole candles of 30m');
    await record('BTCUSDT', 4, 60_000);
    expect(await refusal()).toMatch(/SOLUSDT.*candles of 1h, but BTCUSDT has 1m/);
    expect(await refusal({ symbols: ['SOLUSDT'] })).toBe('loaded');
    await record('SOLBTC', 4);
    expect(await refusal({ symbols: ['SOLBTC'] })).toContain('against USDT');
    await record('PEPE1000USDT', 4);
    await record('1000PEPEUSDT', 4);
    expect(await refusal({ symbols: ['PEPE1000USDT', '1000PEPEUSDT'] })).toContain('the same instrument');
  });

  it('gives the same of files that were kept as of files that are read, and reads what has changed', async () => {
    await record('SOLUSDT', 5);
    await record('BTCUSDT', 6);
    const keptFolder = join(folder, 'kept');
    const kept = keptCandles(keptFolder, { nowMs: () => Date.UTC(2100, 0, 1) });
    const read = await load();
    expect(await load({ kept })).toEqual(read);
    expect(await readdir(keptFolder)).toHaveLength(2);
    const again = vi.spyOn(kept, 'keep');
    expect(await load({ kept })).toEqual(read);
    expect(again).not.toHaveBeenCalled();
    await record('SOLUSDT', 7);
    expect(await load({ kept })).toEqual(await load());
    expect(again).toHaveBeenCalledOnce();
    for (const name of await readdir(keptFolder)) await writeFile(join(keptFolder, name), 'damaged');
    expect(await load({ kept })).toEqual(await load());
  });

  it('reads the funding that is known, and says where a funding file is broken', async () => {
    await record('SOLUSDT', 4);
    await record('BTCUSDT', 4);
    const fundingFolder = await mkdtemp(join(tmpdir(), 'funding-'));
    const file = join(fundingFolder, 'SOLUSDT.csv');
    await writeFile(file, `fundingTime,fundingRate\n${START_MS},0.0001\n`);
    const market = await load({ fundingFolder });
    if (!market.ok) throw new Error(market.error);
    expect(market.value.instruments.map(({ fundings }) => fundings.length)).toEqual([0, 1]);
    await writeFile(file, 'fundingTime,fundingRate\nx,y\n');
    expect(await refusal({ fundingFolder })).toMatch(/SOLUSDT[.]csv, line 2:/);
    await rm(fundingFolder, { recursive: true });
  });
});
