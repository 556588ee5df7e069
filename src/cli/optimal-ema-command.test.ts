import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomCloses } from '../../test/fixture/searched-candles.ts';
import { type FolderSearch, listStored, type SearchedEma, searchFolder } from '../app/optimal-ema-command.ts';
import { CANDLE_FILE_HEADER } from '../core/domain/candle-file.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { lineOfSearch, summaryOfSearches } from './optimal-ema-text.ts';

const HOUR_MS = 3_600_000;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'optimal-ema-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function ask(changes: Partial<FolderSearch> = {}) {
  return searchFolder({
    folder,
    timeframe: null,
    symbols: null,
    search: {},
    configFile: null,
    onProgress: () => undefined,
    ...changes,
  });
}

async function writeCandles(name: string, count: number): Promise<void> {
  const rows = randomCloses(count, 1).map((close, row) => {
    const price = close.toFixed(4);
    return `${row * HOUR_MS},${price},${price},${price},${price},1`;
  });
  await writeFile(join(folder, `${name}.csv`), [CANDLE_FILE_HEADER, ...rows].join('\n'));
}

describe('the search in a folder', () => {
  it('searches every candle file, on a longer timeframe when asked to', async () => {
    await writeCandles('BTCUSDT', 2_000);
    await writeCandles('SOLUSDT', 1_000);
    const found = await ask();
    expect(found.ok && found.value.map((one) => [one.symbol, one.timeframe, one.evidence.candles])).toEqual([
      ['BTCUSDT', '1h', 2_000],
      ['SOLUSDT', '1h', 1_000],
    ]);
    const longer = await ask({ timeframe: '2h', symbols: ['BTCUSDT'] });
    expect(longer.ok && longer.value.map((one) => one.evidence.candles)).toEqual([1_000]);
  });

  it('goes by the thresholds of a settings file', async () => {
    await writeCandles('BTCUSDT', 2_000);
    const configFile = join(folder, 'settings.json');
    await writeFile(configFile, JSON.stringify({ signal: { rsiLongMax: 45, rsiShortMin: 55 } }));
    const [usual, wide] = [await ask(), await ask({ configFile })];
    const signals = (found: Awaited<ReturnType<typeof ask>>): number =>
      found.ok ? (found.value[0]?.evidence.baseline.signals ?? 0) : 0;
    expect(signals(wide)).toBeGreaterThan(signals(usual) * 2);
  });

  it('says what is wrong with a folder, a coin and a settings file', async () => {
    await writeCandles('BTCUSDT', 50);
    const configFile = join(folder, 'settings.json');
    await writeFile(configFile, JSON.stringify({ signal: { rsiLongMax: 60 } }));
    const wrong = [{ folder: join(folder, 'none') }, { symbols: ['XRPUSDT'] }, { configFile }];
    const answers = await Promise.all(wrong.map((changes) => ask(changes)));
    expect(answers.map((answer) => !answer.ok && answer.error)).toEqual([
      { kind: 'usage', detail: expect.stringContaining('none does not exist') },
      { kind: 'nothing', detail: expect.stringContaining('XRPUSDT') },
      { kind: 'usage', detail: expect.stringContaining('settings.json: signal.rsiLongMax') },
    ]);
  });
});

it('what is stored is listed for one timeframe and, when named, one coin', async () => {
  const store = openStore({ file: join(folder, 'trading.db'), time: new VirtualTime(1) });
  const { symbol: instrumentId, ...rest } = SEARCHED;
  const row = { instrumentId, verdict: rest.verdict, shortLength: 21, longLength: 55, settingsHash: 'x' };
  const evidenceJson = JSON.stringify(rest.evidence);
  for (const timeframe of ['6h', '1h']) {
    await store.emaSearches.save({ ...row, timeframe, lastMs: 1, searchedMs: 2, evidenceJson });
  }
  await store.close();
  const config = { home: folder } as Parameters<typeof listStored>[0];
  expect(await listStored(config, { timeframe: null, symbols: null })).toEqual([SEARCHED]);
  expect(await listStored(config, { timeframe: '1d', symbols: null })).toEqual([]);
  expect(await listStored(config, { timeframe: '1h', symbols: ['SOLUSDT'] })).toEqual([]);
});

it('a line says the pair, the verdict, and what each choice made', () => {
  expect(lineOfSearch(SEARCHED).replaceAll(/ {2,}/g, ' | ')).toBe(
    'BTCUSDT | 21/55 | better | unseen +0.50 (31) | every signal -0.10 (60) | default - (0) | gain +0.60 [+0.10 .. +1.20] | 1000 candles',
  );
  const few = { ...SEARCHED, verdict: 'not-enough' } as const;
  expect(summaryOfSearches([SEARCHED, few])).toMatch(/^2 searched, 1 with enough data, 1 better/);
});

const half = { signals: 31, meanReturnPct: 0.5 };
const SEARCHED: SearchedEma = {
  symbol: 'BTCUSDT',
  timeframe: '6h',
  verdict: 'better',
  pair: { shortLength: 21, longLength: 55 },
  evidence: {
    inSample: half,
    outOfSample: half,
    baseline: { signals: 60, meanReturnPct: -0.1 },
    defaultPair: { shortLength: 50, longLength: 200, signals: 0, meanReturnPct: null },
    gainPct: 0.6,
    gainInterval: { low: 0.1, high: 1.2 },
    folds: [],
    pairsTried: 230,
    candles: 1_000,
    firstMs: 0,
    lastMs: 1,
  },
};
