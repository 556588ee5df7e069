import type { Time } from '../platform/time.ts';
import type { ChannelSession, Delivery, VenueRequest, VenueResponse } from './request.ts';
import type { Venue } from './venue.ts';

/** A request as an adapter hands it to its transport. */
export interface LinkRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** What became of a request, as a transport tells it. */
export type LinkOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'not-sent'; readonly detail: string }
  | { readonly kind: 'no-answer'; readonly detail: string };

/** What happens to a request on its way: it never arrives, its reply never does, or somebody else answers. */
export type LinkFault =
  | 'pass'
  | 'lose-request'
  | 'lose-reply'
  | { readonly status: number; readonly body: string };

const ADDRESS = 'in-process';

interface LinkHandlers {
  readonly onOpen: () => void;
  readonly onMessage: (text: string) => void;
  readonly onClose: (detail: string) => void;
}

export interface LinkChannel {
  send(text: string): boolean;
  close(): void;
}

/** The transport's shape: an adapter takes it for the network. */
export interface InProcessLink {
  request(request: LinkRequest): Promise<LinkOutcome>;
  openChannel(path: string, handlers: LinkHandlers): LinkChannel;
  /** Cuts every open channel, as a lost connection does. */
  cutChannels(detail: string): void;
}

export interface InProcessOptions {
  readonly venue: Venue;
  readonly time: Time;
  /** One way; a reply comes after twice as long. */
  readonly latencyMs: number;
  readonly fault?: (request: LinkRequest) => LinkFault;
  /** By what the venue counts requests. */
  readonly address?: string;
}

/** Joins an adapter and the venue in one process, without sockets and in the same order every time. */
export function createInProcessLink(options: InProcessOptions): InProcessLink {
  const channels = new Set<InProcessChannel>();
  return {
    request: (request) => carry(options, request),
    openChannel: (path, handlers) => {
      const channel = new InProcessChannel(options, path, handlers);
      channels.add(channel);
      return channel;
    },
    cutChannels: (detail) => {
      for (const channel of channels) channel.end(detail);
      channels.clear();
    },
  };
}

function carry(options: InProcessOptions, request: LinkRequest): Promise<LinkOutcome> {
  const { time, latencyMs, venue } = options;
  const fault = options.fault?.(request) ?? 'pass';
  return new Promise((resolve) => {
    const giveUp = time.after(request.timeoutMs, () => resolve({ kind: 'no-answer', detail: 'timed out' }));
    if (fault === 'lose-request') return;
    const end = (outcome: LinkOutcome): void => {
      time.after(latencyMs, () => {
        giveUp();
        resolve(outcome);
      });
    };
    const arrive = (response: VenueResponse): void =>
      end({ kind: 'answered', ...response, headers: lowerCased(response.headers) });
    const bring = (delivery: Delivery): void => {
      if (fault === 'lose-reply' || delivery.kind === 'silence') return;
      if (delivery.kind === 'reply') arrive(delivery.response);
      else end({ kind: 'no-answer', detail: 'the connection was reset' });
    };
    time.after(latencyMs, () => {
      if (typeof fault === 'object') arrive({ ...fault, headers: {} });
      else venue.receive(arrived(request, options.address), bring);
    });
  });
}

function arrived(request: LinkRequest, address = ADDRESS): VenueRequest {
  const { method, path, query, body, headers } = request;
  return { method, path, query, body, headers: lowerCased(headers), address };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

interface Packet {
  readonly dueMs: number;
  readonly tasks: (() => void)[];
}

const NO_PACKET: Packet = { dueMs: Number.NaN, tasks: [] };

class InProcessChannel implements LinkChannel {
  private readonly options: InProcessOptions;
  private readonly handlers: LinkHandlers;
  private session: ChannelSession | null = null;
  private isOver = false;
  private packet: Packet = NO_PACKET;

  constructor(options: InProcessOptions, path: string, handlers: LinkHandlers) {
    this.options = options;
    this.handlers = handlers;
    this.later(() => this.connect(path));
  }

  send(text: string): boolean {
    const session = this.session;
    if (session === null || this.isOver) return false;
    this.later(() => session.receive(text));
    return true;
  }

  close(): void {
    this.end('closed by the client');
  }

  /** Ends the channel once; the handler is told, the venue forgets it. */
  end(detail: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.session?.closed();
    this.options.time.after(0, () => this.handlers.onClose(detail));
  }

  private connect(path: string): void {
    const refusal = this.options.venue.refusesChannel(path, this.options.address ?? ADDRESS);
    if (refusal !== null) {
      this.end(refusal);
      return;
    }
    this.session = this.options.venue.openChannel(path, {
      address: this.options.address ?? ADDRESS,
      send: (text) => this.later(() => this.handlers.onMessage(text)),
      close: (detail) => this.end(detail),
    });
    if (this.session === null) this.end(`no channel at ${path}`);
    else this.handlers.onOpen();
  }

  /**
   * After the latency, unless the channel has ended meanwhile. What leaves in the same millisecond arrives
   * together, as frames of one packet do.
   */
  private later(task: () => void): void {
    const { time, latencyMs } = this.options;
    const dueMs = time.monotonicMs() + latencyMs;
    if (this.packet.dueMs === dueMs) {
      this.packet.tasks.push(task);
      return;
    }
    const packet = { dueMs, tasks: [task] };
    this.packet = packet;
    time.after(latencyMs, () => {
      if (this.packet === packet) this.packet = NO_PACKET;
      for (const each of packet.tasks) if (!this.isOver) each();
    });
  }
}
