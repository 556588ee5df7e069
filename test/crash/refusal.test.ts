import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endProducts, processesNaming, runCommand, startProduct } from './product.ts';

afterEach(endProducts);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-refusal-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOUR_MS = 3_600_000;
const HEADER = 'openTime,open,high,low,close,volume';

/** A sound candle file of four hours; a change at an index of its lines spoils it (the header is line 1). */
function candleFolder(name: string, spoil: (lines: string[]) => void): string {
  const home = mkdtempSync(join(folder, `${name}-`));
  const rows = [0, 1, 2, 3].map(
    (hour) => `${1_700_000_000_000 - (1_700_000_000_000 % HOUR_MS) + hour * HOUR_MS},10,11,9,10,5`,
  );
  const lines = [HEADER, ...rows];
  spoil(lines);
  writeFileSync(join(home, 'BTCUSDT.csv.gz'), gzipSync(`${lines.join('\n')}\n`));
  return home;
}

describe('infobot up --replay refuses a recording it cannot trust', () => {
  it.each([
    ['gap', 'line 4: gap', (lines: string[]) => lines.splice(3, 1)],
    ['duplicate', 'line 4: duplicate', (lines: string[]) => lines.splice(3, 0, lines[2] ?? '')],
    ['broken', 'line 3: broken-row', (lines: string[]) => lines.splice(2, 1, 'not,a,candle')],
    ['header', 'line 1: wrong-header', (lines: string[]) => lines.splice(0, 1, 'time,o,h,l,c,v')],
  ])('with a %s: exit code 1, file and row named, nothing left running', async (name, words, spoil) => {
    const replay = candleFolder(name, spoil);
    const { code, output } = await runCommand(['up', '--replay', replay]);
    expect(output).toContain(`${join(replay, 'BTCUSDT.csv.gz')}, ${words}`);
    expect(output).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
    expect(processesNaming(replay)).toEqual([]);
  });

  it('without any file, or without the folder', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    for (const replay of [empty, join(folder, 'nowhere')]) {
      const { code, output } = await runCommand(['up', '--replay', replay]);
      expect(output).toContain(replay);
      expect(code).toBe(1);
    }
  });
});

describe('what cannot be meant ends with exit code 2 and a sentence', () => {
  it.each([
    ['a scenario nobody knows', ['venue', '--scenario', 'nosuch'], 'choose one of broken-answers,'],
    ['a fault nobody knows', ['venue', '--fault', 'nosuch'], '--fault nosuch: there is no fault'],
    [
      'a list of instruments that is not there',
      ['venue', '--instruments', '/nosuch'],
      '/nosuch does not exist',
    ],
    [
      'a market of two kinds',
      ['venue', '--scenario', 'wick-and-back', '--replay', 'x'],
      'cannot be used with',
    ],
    ['a scenario, through the supervisor', ['up', '--scenario', 'nosuch'], 'there is no scenario "nosuch"'],
    [
      'a market of two kinds there',
      ['up', '--scenario', 'wick-and-back', '--replay', 'x'],
      'cannot be used with',
    ],
    ['candles that are not there', ['backtest', '/nosuch'], '/nosuch does not exist.'],
    [
      'candles to search that are not there',
      ['optimal-ema', '--all', '--dir', '/nosuch'],
      '/nosuch does not',
    ],
    [
      'settings for a search that are none',
      ['optimal-ema', '--all', '--dir', '.', '--config', 'tsconfig.base.json'],
      'tsconfig.base.json: compilerOptions: ',
    ],
    ['a coin that is none', ['positions', 'adopt', '../x'], 'It takes a coin such as BTC'],
  ])('%s', async (_what, args, words) => {
    const { code, output } = await runCommand(args);
    expect(output).toContain(words);
    expect(output).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });
});

it('a port that is none ends any command with exit code 2', async () => {
  const { code, output } = await runCommand(['status'], { INFOBOT_WEB_PORT: 'abc' });
  expect(output).toContain('INFOBOT_WEB_PORT=abc cannot be used');
  expect(code).toBe(2);
});

describe('a command that asks the bots service', () => {
  it('says that none has run on the home', async () => {
    const { code, output } = await runCommand(['positions', 'list']);
    expect(output).toMatch(/^No bots service has run on \/.*infobot-crash-/);
    expect(code).toBe(1);
  });
});

describe('infobot up refuses', () => {
  let holder: Server;
  afterEach(() => {
    holder?.close();
  });

  it('a taken port: the port, the process that holds it and the way out are named', async () => {
    holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    for (const [command, service] of [
      ['up', 'bots'],
      ['venue', 'venue'],
    ] as const) {
      const variable = `INFOBOT_${service.toUpperCase()}_PORT`;
      const { code, output } = await runCommand([command], { [variable]: String(port) });
      expect(output).toContain(
        `Port ${port}, which the ${service} service needs, is taken by process ${process.pid} (`,
      );
      expect(output).toContain(`another port with ${variable}.`);
      expect(code).toBe(1);
    }
  });

  it('a home another one works on, and so does a second bots service, on that home and on a copy', async () => {
    const product = await startProduct();
    for (const command of ['up', 'bots']) {
      const { code, output } = await runCommand([command], { INFOBOT_HOME: product.home });
      expect(output).toContain(`already ${command === 'up' ? 'runs' : 'works'} on ${product.home}`);
      expect(code).toBe(1);
    }
    const copy = join(folder, 'copy');
    cpSync(product.home, copy, { recursive: true });
    const environment = { INFOBOT_HOME: copy, INFOBOT_VENUE_PORT: String(product.ports.venue) };
    const { code, output } = await runCommand(['bots'], environment);
    const holder = product.services().get('bots');
    expect(output).toMatch(
      new RegExp(`process ${holder} on ${product.home}, since .* already trades with the API key`),
    );
    expect(output).toContain('the home was copied');
    expect(code).toBe(1);
    // Its secrets still hold: the running one was not touched.
    expect(await product.api('GET', '/api/status')).toMatchObject({ service: 'bots' });
  });

  it.each([
    ['venue-key.json', '{"apiKey":"x"}', 1],
    ['access.db', 'not a database, but long enough to be looked at as one', 3],
    ['trading.db', 'not a database, but long enough to be looked at as one', 3],
  ])('a damaged %s: it is named and left as it is, with what to do', async (name, content, exitCode) => {
    const home = mkdtempSync(join(folder, 'home-'));
    writeFileSync(join(home, name), content, { mode: 0o600 });
    const { code, output } = await runCommand(['up', '--instruments', '5'], { INFOBOT_HOME: home });
    expect(output).toContain(join(home, name));
    expect(output).not.toMatch(/\n\s+at /);
    expect(code).toBe(exitCode);
    if (exitCode === 3) expect(output).toMatch(/infobot db check.*infobot db restore/);
    expect(readFileSync(join(home, name), 'utf8')).toBe(content);
    expect(processesNaming(`INFOBOT_HOME=${home}\0`)).toEqual([]);
  });
});
