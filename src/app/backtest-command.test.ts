import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PAST_START_MS } from '../../test/fixture/past-candles.ts';
import { makePastFolder, pastWish } from '../../test/fixture/past-folder.ts';
import { backtestCommand } from './backtest-command.ts';
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
  return backtestCommand(pastWish(folder, changes));
}

async function refusal(changes: Partial<PastWish>): Promise<string> {
  const answer = await ask(changes);
  return answer.ok ? 'done' : `${answer.error.kind}: ${answer.error.detail}`;
}

describe('backtestCommand', () => {
  it('tells what came of it in lines, and all of it in the file that was asked for', async () => {
    const outFile = join(folder, 'result.json');
    const answer = await ask({ outFile });
    if (!answer.ok) throw new Error(answer.error.detail);
    expect(answer.value.lines[0]).toContain(
      '1 instruments, 102 candles of 1h, 2025-01-01 00:00 to 2025-01-05 06:00',
    );
    expect(answer.value.lines.join('\n')).toMatch(/filter[.]maturity[.]too-young +\d/);
    expect(await readFile(outFile, 'utf8')).toBe(`${answer.value.json}\n`);
  });

  it('takes settings from a file and the timeframe from it, unless the command line names one', async () => {
    const configFile = join(folder, 'settings.json');
    await writeFile(configFile, JSON.stringify({ timeframe: '4h', risk: { positionsMax: 2 } }));
    const configured = await ask({ configFile });
    const named = await ask({ configFile, timeframe: '2h' });
    await writeFile(configFile, JSON.stringify({ global: { risk: { positionsMax: 3 } } }));
    const exported = await ask({ configFile });
    const settingsOf = (answer: typeof named) =>
      JSON.parse(answer.ok ? answer.value.json : '{}').settings.values;
    expect(settingsOf(configured)).toMatchObject({ timeframe: '4h', risk: { positionsMax: 2 } });
    expect(settingsOf(named)).toMatchObject({ timeframe: '2h' });
    expect(settingsOf(exported)).toMatchObject({ timeframe: '1h', risk: { positionsMax: 3 } });
  });

  it('says in a sentence what is wrong', async () => {
    const configFile = join(folder, 'settings.json');
    await writeFile(configFile, '{"risk":{"positionsMax":0}}');
    expect(await refusal({ configFile })).toContain('risk.positionsMax');
    await writeFile(configFile, '[]');
    expect(await refusal({ configFile })).toMatch(/^usage: \S*settings\.json: [^:]/);
    await writeFile(configFile, '{"timeframe":"7h"}');
    expect(await refusal({ configFile })).toContain('timeframe');
    expect(await refusal({ configFile: join(folder, 'none.json') })).toContain('does not exist');
    expect(await refusal({ options: { slippageBps: -1 } })).toContain('slippageBps');
    expect(await refusal({ fromMs: PAST_START_MS + 500 * HOUR_MS })).toContain('No candle lies in the span');
    expect(await refusal({ folder: join(folder, 'none') })).toContain('none');
  });

  it('tells what cannot be meant from what is not there', async () => {
    const late = { fromMs: PAST_START_MS + HOUR_MS, toMs: PAST_START_MS };
    expect(await refusal(late)).toBe(
      'usage: --from 2025-01-01T01:00:00.000Z is not before --to 2025-01-01T00:00:00.000Z.',
    );
    expect(await refusal({ configFile: join(folder, 'none.json') })).toMatch(/^usage: /);
    expect(await refusal({ options: { slippageBps: -1 } })).toMatch(/^usage: /);
    expect(await refusal({ folder: join(folder, 'none') })).toMatch(/^usage: .*none does not exist\.$/);
    expect(await refusal({ fromMs: PAST_START_MS + 500 * HOUR_MS })).toMatch(/^nothing: /);
  });
});
