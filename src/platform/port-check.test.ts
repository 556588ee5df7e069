import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { checkPort } from './port-check.ts';
import { findFileHolder, listeningSockets } from './port-holder.ts';
import { takeProcessLock } from './process-lock.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

describe('a port', () => {
  test('nobody listens on is free, again and again', async () => {
    const port = await listen('127.0.0.1');
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await checkPort({ host: '127.0.0.1', port })).toEqual({ kind: 'free' });
    expect(await checkPort({ host: '127.0.0.1', port })).toEqual({ kind: 'free' });
  });

  test.each(['127.0.0.1', '0.0.0.0'])('taken on %s is taken', async (host) => {
    const port = await listen(host);
    expect(await checkPort({ host: '127.0.0.1', port })).toMatchObject({ kind: 'taken' });
  });

  test.runIf(existsSync('/proc/net/tcp'))('taken names the process that holds it', async () => {
    const port = await listen('127.0.0.1');
    const check = await checkPort({ host: '127.0.0.1', port });
    expect(check).toMatchObject({ kind: 'taken', holder: { pid: process.pid } });
    expect(check.kind === 'taken' ? check.holder?.command : '').not.toBe('');
  });

  test('on an address this machine does not have is refused with the reason', async () => {
    expect(await checkPort({ host: '192.0.2.1', port: 5000 })).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('192.0.2.1'),
    });
  });
});

test('listening sockets are those in state 0A on that local port', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1389 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41001 1 0 100 0 0 10 0',
    '   1: 0100007F:1389 0100007F:A2B4 01 00000000:00000000 00:00000000 00000000  1000        0 41002 1 0 20 4 30 10 -1',
    '   2: 00000000:138A 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41003 1 0 100 0 0 10 0',
    '',
  ].join('\n');
  expect(listeningSockets(table, 5001)).toEqual(['41001']);
  expect(listeningSockets(table, 5002)).toEqual(['41003']);
  expect(listeningSockets(table, 80)).toEqual([]);
});

test('a file names the process that has it open, and none when nobody has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infobot-holder-'));
  const file = join(folder, 'up.lock');
  const lock = takeProcessLock(file);
  const held = await findFileHolder(file);
  lock?.release();
  const free = await findFileHolder(file);
  rmSync(folder, { recursive: true });
  expect(held).toMatchObject({ pid: process.pid });
  expect(free).toBeNull();
});
