import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, type Logger } from './logger.ts';
import { registerSecret } from './redaction.ts';
import { VirtualTime } from './virtual-time.ts';

let lines: string[] = [];
let time = new VirtualTime(1_000_000);

beforeEach(() => {
  lines = [];
  time = new VirtualTime(1_000_000);
});

function logger(format: 'json' | 'pretty' = 'json'): Logger {
  return createLogger({
    name: 'bots',
    level: 'info',
    format,
    home: null,
    time,
    terminal: (line) => lines.push(line),
  });
}

function messages(): unknown[] {
  return lines.map((line) => JSON.parse(line).msg);
}

describe('a line', () => {
  test('carries level, time, service, part, message and fields', () => {
    logger().child('market').warn('Feed is late.', { ageMs: 12_000 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      time: 1_000_000,
      name: 'bots',
      part: 'market',
      msg: 'Feed is late.',
      ageMs: 12_000,
    });
  });

  test('below the level is not written', () => {
    logger().debug('detail');
    expect(lines).toEqual([]);
  });

  test('cannot have its own names forged by fields', () => {
    logger().info('real', { level: 60, msg: 'forged', time: 1 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 30,
      msg: 'real',
      time: 1_000_000,
      msg_: 'forged',
    });
  });

  test.each(['json', 'pretty'] as const)('stays one line without control characters (%s)', (format) => {
    const attack = 'a\r\nINFO forged \u001b[31mred\u001b[0m \u0007 \u009b2J \u2028 \u202e end';
    logger(format).error(attack, { field: attack, ['key\n']: 1, error: new Error(attack) });
    expect(lines).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(lines[0]?.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(lines[0]).toContain('u001b');
  });

  test('is bounded whatever is logged', () => {
    const deep: Record<string, unknown> = {};
    deep['self'] = deep;
    logger().info('x'.repeat(100_000), { deep, many: Array.from({ length: 10_000 }, () => 'y'.repeat(10)) });
    expect(lines[0]?.length).toBeLessThan(10_000);
  });

  test('shows of an error its name, message and stack, not the request that hangs on it', () => {
    const error = Object.assign(new Error('refused'), {
      config: { headers: { 'X-BAPI-KEY': 'canary-value' } },
    });
    logger().error('Call failed.', { error });
    expect(lines[0]).toContain('refused');
    expect(lines[0]).not.toContain('canary-value');
  });
});

describe('secrets', () => {
  test('are blanked by value in message, fields and pretty lines', () => {
    const secret = 'IBCANARY-5f2a"91\\x';
    registerSecret(secret);
    logger().info(`with ${secret}`, {
      url: `https://x/?k=${encodeURIComponent(secret)}`,
      nested: [{ v: secret }],
    });
    logger('pretty').info(`also ${secret}`);
    expect(lines.join('')).not.toContain('IBCANARY');
    expect(lines.join('').match(/\[redacted\]/g)?.length).toBe(4);
  });

  test('are blanked by the name of their field at any depth', () => {
    logger().info('config', { exchange: { apiKey: 'plain-key-1', list: [{ password: 'plain-key-2' }] } });
    expect(lines[0]).not.toContain('plain-key');
  });
});

describe('repeated messages', () => {
  test('of one minute are written once and counted', async () => {
    const log = logger();
    for (let i = 0; i < 6; i += 1) log.warn('Socket closed.', { attempt: i });
    await time.advance(60_000);
    log.warn('Socket closed.');
    expect(messages()).toEqual(['Socket closed.', 'Socket closed. (repeated 5 times)', 'Socket closed.']);
  });

  test('of different level or part are different messages', () => {
    const log = logger();
    log.warn('m');
    log.error('m');
    log.child('a').warn('m');
    log.child('b').warn('m');
    expect(messages()).toEqual(['m', 'm', 'm', 'm']);
  });

  test('about another instrument or order are different messages', () => {
    const log = logger();
    for (const instrumentId of ['AUSDT', 'BUSDT', 'AUSDT']) log.info('Order sent.', { instrumentId });
    log.info('Order sent.', { instrumentId: 'AUSDT', clientOrderId: 'ib7' });
    expect(lines).toHaveLength(3);
  });

  test('are counted on close, under the part they came from', async () => {
    const log = logger();
    log.child('feed').info('m');
    log.child('feed').info('m');
    await log.close();
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ msg: 'm (repeated 1 time)', part: 'feed' });
  });

  test('are forgotten beyond a thousand different ones', () => {
    const log = logger();
    for (let i = 0; i < 1_500; i += 1) log.info(`message ${String(i)}`);
    log.info('message 0');
    expect(lines).toHaveLength(1_501);
  });
});

describe('the file', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'infobot-log-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const fileLogger = (): Logger =>
    createLogger({ name: 'web', level: 'info', format: 'pretty', home, terminal: () => undefined });

  test('holds JSON lines and is its owner’s alone', async () => {
    const log = fileLogger();
    log.info('started');
    await log.close();
    const file = join(home, 'logs', 'web.log');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ msg: 'started' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'logs'))).mode & 0o777).toBe(0o700);
  });

  test('is rotated and keeps a fifth of the folder’s 200 MB', { timeout: 120_000 }, async () => {
    const log = fileLogger();
    const filler = Object.fromEntries(
      Array.from({ length: 45 }, (_, i) => [`f${String(i)}`, 'z'.repeat(1_990)]),
    );
    for (let i = 0; i < 600; i += 1) {
      log.info(`line ${String(i)}`, filler);
      if (i % 20 === 0) await new Promise(setImmediate);
    }
    await log.close();
    const names = await readdir(join(home, 'logs'));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(home, 'logs', name))).size));
    expect(names.length).toBeGreaterThan(2);
    expect(names.length).toBeLessThanOrEqual(8);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(41 * 1024 * 1024);
  });
});
