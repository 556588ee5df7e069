import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fallThen, PAST_START_MS } from '../../test/fixture/past-candles.ts';
import { CANDLE_FILE_HEADER } from '../core/domain/candle-file.ts';
import { filterWorthCommand } from './filter-worth-command.ts';
import type { PastWish } from './past-request.ts';

const HOUR_MS = 3_600_000;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'filter-worth-'));
  const rows = fallThen([100, 101, 99, 100], [100, 104, 80, 90]).map(
    (prices, i) => `${PAST_START_MS + i * HOUR_MS},${prices.join(',')},100.001`,
  );
  await writeFile(join(folder, 'BTCUSDT.csv'), [CANDLE_FILE_HEADER, ...rows].join('\n'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function ask(changes: Partial<PastWish> = {}) {
  return filterWorthCommand({
    folder,
    timeframe: null,
    fromMs: null,
    toMs: null,
    configFile: null,
    fundingFolder: null,
    symbols: null,
    options: {},
    outFile: null,
    onProgress: () => undefined,
    ...changes,
  });
}

describe('filterWorthCommand', () => {
  it('tells each filter in a line, and all of it in the file that was asked for', async () => {
    const outFile = join(folder, 'worth.json');
    const answer = await ask({ outFile });
    if (!answer.ok) throw new Error(answer.error);
    const text = answer.value.lines.join('\n');
    // A young coin that only ever fell: several filters block each signal, none of them alone.
    expect(text).toMatch(/maturity +0 +0 +- +[+]0[.]00 +- +- +not enough data/);
    expect(text).toContain('0 of ');
    expect(await readFile(outFile, 'utf8')).toBe(`${answer.value.json}\n`);
    const { filters, blocked } = JSON.parse(answer.value.json);
    expect(blocked).toBeGreaterThan(0);
    const maturity = filters.find(({ filter }: { filter: string }) => filter === 'maturity');
    expect(maturity.shared.candidates).toBe(blocked);
  });

  it('says what it cannot read', async () => {
    const answer = await ask({ folder: join(folder, 'missing') });
    expect(answer.ok ? 'done' : answer.error).toContain('missing');
  });

  it('says that no candle lies in the span', async () => {
    const answer = await ask({ fromMs: PAST_START_MS + 1_000 * HOUR_MS });
    expect(answer.ok ? 'done' : answer.error).toBe('No candle lies in the span that was asked for.');
  });
});
