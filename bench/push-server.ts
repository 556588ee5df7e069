import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ensure } from '../src/core/base/assert.ts';
import { createBotsServer } from '../src/http/bots-server.ts';
import { systemTime } from '../src/platform/time.ts';
import { tokenVerifier } from '../test/http/bots-fixture.ts';
import { coinRow, FakeBotsApi } from '../test/http/fake-bots-api.ts';

/** What the parent asks: `send` one message now, or how much CPU time this process has used. */
export type PushRequest =
  | {
      readonly kind: 'send';
      readonly to: 'bots' | 'raw';
      readonly messages: number;
      readonly everyMs: number;
    }
  | { readonly kind: 'cpu' };

export type PushMessage =
  | { readonly kind: 'ready'; readonly rawPort: number; readonly botsPort: number; readonly bytes: number }
  | { readonly kind: 'sent' }
  | { readonly kind: 'cpu'; readonly microseconds: number };

/** Rows whose change makes a message of about 6 kB. */
const ROWS = 20;

await main();

/** The live stream of the bots server and, beside it, one buffer written to every raw connection. */
async function main(): Promise<void> {
  const api = new FakeBotsApi([]);
  const ignore = (): void => undefined;
  const bots = createBotsServer({
    api,
    auth: tokenVerifier(),
    time: systemTime,
    log: { warn: ignore, error: ignore },
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0',
  });
  const botsPort = await bots.listen();
  const raw = await listenRaw();
  const send = ensure(process.send?.bind(process), 'started by the bench as a child');
  const say = (message: PushMessage): unknown => send(message);
  const json = messageText();
  const emit = {
    bots: () => api.emit({ topic: 'coins', json: stamped(json) }),
    raw: () => raw.write(Buffer.from(`id: x-1\nevent: coins\ndata: ${stamped(json)}\n\n`)),
  };
  process.on('message', async (request: PushRequest) => {
    if (request.kind === 'cpu') {
      const { user, system } = process.cpuUsage();
      say({ kind: 'cpu', microseconds: user + system });
      return;
    }
    await repeat(emit[request.to], request);
    say({ kind: 'sent' });
  });
  process.on('disconnect', () => process.exit(0));
  say({ kind: 'ready', rawPort: raw.port, botsPort, bytes: json.length });
}

function messageText(): string {
  const rows = Array.from({ length: ROWS }, (_, index) => coinRow(`COIN${index}USDT`, index));
  return JSON.stringify({ version: 1, timeMs: 0, progress: { ready: 1, failed: 0, total: 1 }, rows });
}

/** The moment of sending goes along, so that who receives it knows its age. */
function stamped(json: string): string {
  return `{"sentMs":${systemTime.nowMs()},${json.slice(1)}`;
}

/** Every `everyMs` by the clock, so that a slow send does not slow the pace down. */
function repeat(
  emit: () => void,
  { messages, everyMs }: { messages: number; everyMs: number },
): Promise<void> {
  const startMs = systemTime.monotonicMs();
  return new Promise((resolve) => {
    let sent = 0;
    const next = (): void => {
      emit();
      sent += 1;
      if (sent === messages) resolve();
      else systemTime.after(Math.max(0, startMs + sent * everyMs - systemTime.monotonicMs()), next);
    };
    next();
  });
}

interface RawStreams {
  readonly port: number;
  write(bytes: Buffer): void;
}

function listenRaw(): Promise<RawStreams> {
  const responses = new Set<ServerResponse>();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(': alive\n\n');
    responses.add(response);
    response.on('close', () => responses.delete(response));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        write: (bytes) => {
          for (const response of responses) response.write(bytes);
        },
      });
    });
  });
}
