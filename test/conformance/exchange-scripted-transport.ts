import type {
  Channel,
  ChannelHandlers,
  HttpOutcome,
  HttpRequest,
  Transport,
} from '../../src/exchange/transport.ts';
import type { VirtualTime } from '../../src/platform/virtual-time.ts';

/** A channel whose other end is the test. */
export class ScriptedChannel implements Channel {
  readonly path: string;
  readonly sent: string[] = [];
  closedByUs = false;
  private readonly handlers: ChannelHandlers;
  private isOpen = false;

  constructor(path: string, handlers: ChannelHandlers) {
    this.path = path;
    this.handlers = handlers;
  }

  send(text: string): boolean {
    if (!this.isOpen) return false;
    this.sent.push(text);
    return true;
  }

  close(): void {
    this.isOpen = false;
    this.closedByUs = true;
  }

  open(): void {
    this.isOpen = true;
    this.handlers.onOpen();
  }

  push(message: unknown): void {
    this.handlers.onMessage(typeof message === 'string' ? message : JSON.stringify(message));
  }

  fail(detail = 'reset'): void {
    this.isOpen = false;
    this.handlers.onClose(detail);
  }

  /** Messages of one operation, in order. */
  operations(op: string): readonly { readonly req_id: string; readonly args: readonly string[] }[] {
    return this.sent.map((text) => JSON.parse(text)).filter((message) => message.op === op);
  }

  /** Acknowledges every request of an operation that `accepts` takes. */
  acknowledge(op: 'subscribe' | 'auth', accepts: (args: readonly string[]) => boolean = () => true): void {
    let answered = 0;
    for (let left = this.operations(op); answered < left.length; left = this.operations(op)) {
      const request = left[answered];
      answered += 1;
      if (request === undefined || this.acknowledged.has(request.req_id)) continue;
      this.acknowledged.add(request.req_id);
      this.push({ success: accepts(request.args), ret_msg: '', op, req_id: request.req_id, conn_id: 'c' });
    }
  }

  private readonly acknowledged = new Set<string>();
}

/** A transport that answers from a function and remembers what it was asked. */
export class ScriptedTransport implements Transport {
  readonly requests: HttpRequest[] = [];
  readonly channels: ScriptedChannel[] = [];
  answer: (request: HttpRequest) => HttpOutcome;

  constructor(answer: (request: HttpRequest) => HttpOutcome) {
    this.answer = answer;
  }

  request(request: HttpRequest): Promise<HttpOutcome> {
    this.requests.push(request);
    return Promise.resolve(this.answer(request));
  }

  openChannel(path: string, handlers: ChannelHandlers): ScriptedChannel {
    const channel = new ScriptedChannel(path, handlers);
    this.channels.push(channel);
    return channel;
  }

  of(path: string): readonly HttpRequest[] {
    return this.requests.filter((request) => request.path === path);
  }
}

/** An answer of any status. */
export function answered(body: unknown, status = 200, headers: Record<string, string> = {}): HttpOutcome {
  return { kind: 'answered', status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** Moves time on until the promise is settled; gives up after ten virtual minutes. */
export async function settled<T>(time: VirtualTime, promise: Promise<T>): Promise<T> {
  let done = false;
  const marked = promise.finally(() => {
    done = true;
  });
  marked.catch(() => undefined);
  for (let step = 0; step < 6000 && !done; step += 1) await time.advance(100);
  if (!done) throw new Error('The promise did not settle within ten virtual minutes.');
  return marked;
}
