import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEffects } from './effects.ts';

const ID = 'ib1ktqsdq3lkgxt0000012b4df4';
const LOG = '/home/x/trading.db-wal';
const ROW = `7 pwrite64(20<${LOG}>, "\\0\\7${ID}demoETHUSDTbuy", 4096, 56) = 4096`;
/** The state of the account names the order too; it is no row of the journal. */
const STATE = `7 pwrite64(20<${LOG}>, "{\\"id\\":\\"${ID}\\"}", 4096, 56) = 4096`;
const FLUSH = `7 fdatasync(20<${LOG}>) = 0`;
const FLUSH_BEGINS = `7 fsync(20<${LOG}> <unfinished ...>`;
const FLUSH_ENDS = '7 <... fsync resumed>) = 0';
const OTHER_FLUSH = '7 fsync(21</home/x/trading.db>) = 0';
const SEND = `7 write(30<socket:[5]>, "POST /v5/order/create HTTP/1.1\\r\\n\\r\\n{\\"orderLinkId\\":\\"${ID}\\",\\"reduceOnly\\":false,", 700) = 700`;
const EXIT = SEND.replace('\\"reduceOnly\\":false', '\\"reduceOnly\\":true');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-effects-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function durableFirst(lines: readonly string[]): Promise<readonly boolean[]> {
  const file = join(folder, 'trace');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return (await readEffects(file, 'demo')).map((effect) => effect.durableFirst);
}

describe('an intent is durable before its order leaves', () => {
  it.each([
    ['when its row was written, flushed, and then sent', [ROW, FLUSH, SEND], true],
    ['when the flush was over in two lines', [ROW, FLUSH_BEGINS, FLUSH_ENDS, SEND], true],
    ['not when it was never written', [FLUSH, SEND], false],
    ['not when only the state was written', [STATE, FLUSH, SEND], false],
    ['not when it was flushed before it was written', [FLUSH, ROW, SEND], false],
    ['not when it was not flushed at all', [ROW, SEND], false],
    ['not when another file was flushed', [ROW, OTHER_FLUSH, SEND], false],
    ['not when the flush was still under way', [ROW, FLUSH_BEGINS, SEND, FLUSH_ENDS], false],
    ['not when it was written while a flush was under way', [FLUSH_BEGINS, ROW, FLUSH_ENDS, SEND], false],
  ])('%s', async (_when, lines, expected) => {
    expect(await durableFirst(lines)).toEqual([expected]);
  });

  it('and an exit, which may leave first, is not judged', async () => {
    expect(await durableFirst([EXIT])).toEqual([]);
  });
});
