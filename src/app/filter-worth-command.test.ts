import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PAST_START_MS } from '../../test/fixture/past-candles.ts';
import { makePastFolder, pastWish } from '../../test/fixture/past-folder.ts';
import { filterWorthCommand } from './filter-worth-command.ts';
import type { PastWish } from './past-request.ts';

const HOUR_MS = 3_600_000;
let folder = '';

beforeEach(async () => {
  folder = await makePastFolder();
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function ask(changes: Partial<PastWish> = {}) {
  return filterWorthCommand(pastWish(folder, changes));
}

describe('filterWorthCommand', () => {
  it('tells each filter in a line, and all of it in the file that was asked for', async () => {
    const outFile = join(folder, 'worth.json');
    const answer = await ask({ outFile });
    if (!answer.ok) throw new Error(answer.error.detail);
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
    expect(answer.ok ? 'done' : answer.error.detail).toContain('missing');
  });

  it('says that no candle lies in the span', async () => {
    const answer = await ask({ fromMs: PAST_START_MS + 1_000 * HOUR_MS });
    expect(answer.ok ? 'done' : answer.error.detail).toBe('No candle lies in the span that was asked for.');
  });
});
