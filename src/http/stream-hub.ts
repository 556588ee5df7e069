import type { ServerResponse } from 'node:http';
import type { StreamTopic } from '../api/stream.ts';
import { STREAM_TOPICS } from '../api/stream.ts';
import { ensure } from '../core/base/assert.ts';
import type { CancelTimer, Time } from '../platform/time.ts';
import type { BotsApi, StreamMessage } from './bots-api.ts';

/** A live connection: the socket of one page or script. */
interface Client {
  readonly topics: ReadonlySet<StreamTopic>;
  readonly response: StreamSocket;
}

/** What the hub needs of a response; tests pass their own. */
export interface StreamSocket extends Pick<ServerResponse, 'writableLength'> {
  write(bytes: Buffer): boolean;
  end(): unknown;
  destroy(): unknown;
  on(name: 'close' | 'error', listener: () => void): unknown;
}

interface Sent {
  readonly sequence: number;
  readonly topic: StreamTopic;
  readonly bytes: Buffer;
}

/** Silence that proxies and browsers take for a dead connection is 30 s and more. */
const HEARTBEAT_MS = 15_000;
/** Unsent bytes after which a client is too slow to keep. */
const UNSENT_BYTES_MAX = 1024 * 1024;
/** Messages a reconnecting client can be given again: some minutes of the usual flow. */
const KEPT_MESSAGES_MAX = 1000;
const KEPT_BYTES_MAX = 8 * 1024 * 1024;
const CLIENTS_MAX = 256;
const HEARTBEAT = Buffer.from(': alive\n\n');

/**
 * Live messages as Server-Sent Events. Each message becomes bytes once and the same buffer goes to every
 * client. The newest messages are kept, so that a client which names the last id it saw misses nothing; when
 * that is too long ago, or from before a restart, it gets the current state instead.
 */
export class StreamHub {
  private readonly api: Pick<BotsApi, 'subscribe'>;
  private readonly time: Time;
  private readonly run: string;
  private readonly clients = new Set<Client>();
  private kept: Sent[] = [];
  private keptBytes = 0;
  private sequence = 0;
  private unsubscribe: (() => void) | null = null;
  private cancelHeartbeat: CancelTimer | null = null;

  /** `run` tells the ids of this process from those before a restart. */
  constructor(options: {
    readonly api: Pick<BotsApi, 'subscribe'>;
    readonly time: Time;
    readonly run: string;
  }) {
    this.api = options.api;
    this.time = options.time;
    this.run = options.run;
  }

  /** Starts to keep messages. What the service says while subscribing is state, not news. */
  open(): void {
    let current = true;
    this.unsubscribe = this.api.subscribe(STREAM_TOPICS, (message) => {
      if (!current) this.publish(message);
    });
    current = false;
    this.beat();
  }

  /** Ends every stream; clients reconnect elsewhere or later. */
  close(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.cancelHeartbeat?.();
    this.cancelHeartbeat = null;
    for (const client of this.clients) client.response.end();
    this.clients.clear();
  }

  isFull(): boolean {
    return this.clients.size >= CLIENTS_MAX;
  }

  /** Sends what the client missed (`lastEventId`) or the current state, then everything on `topics`. */
  attach(response: StreamSocket, topics: readonly StreamTopic[], lastEventId: string | null): void {
    const client: Client = { topics: new Set(topics), response };
    response.on('close', () => this.clients.delete(client));
    response.on('error', () => this.clients.delete(client));
    this.clients.add(client);
    response.write(HEARTBEAT);
    const missed = this.missedSince(lastEventId);
    if (missed === null) this.sendState(client);
    else for (const sent of missed) this.send(client, sent);
  }

  /** Null when `lastEventId` is none of this run or older than what is kept. */
  private missedSince(lastEventId: string | null): readonly Sent[] | null {
    const found = /^([a-z0-9]+)-(\d{1,15})$/.exec(lastEventId ?? '');
    if (found === null || found[1] !== this.run) return null;
    const last = Number(found[2]);
    if (last > this.sequence || last < this.sequence - this.kept.length) return null;
    return this.kept.filter((sent) => sent.sequence > last);
  }

  private sendState(client: Client): void {
    const state: Buffer[] = [];
    const end = this.api.subscribe([...client.topics], (message) => {
      state.push(eventBytes(this.idOf(this.sequence), message));
    });
    end();
    for (const bytes of state) this.write(client, bytes);
  }

  private publish(message: StreamMessage): void {
    this.sequence += 1;
    const bytes = eventBytes(this.idOf(this.sequence), message);
    const sent: Sent = { sequence: this.sequence, topic: message.topic, bytes };
    this.keep(sent);
    for (const client of this.clients) this.send(client, sent);
  }

  private keep(sent: Sent): void {
    this.kept.push(sent);
    this.keptBytes += sent.bytes.length;
    let surplus = 0;
    while (this.kept.length - surplus > KEPT_MESSAGES_MAX || this.keptBytes > KEPT_BYTES_MAX) {
      this.keptBytes -= ensure(this.kept[surplus], 'bytes are kept only with their message').bytes.length;
      surplus += 1;
    }
    if (surplus > 0) this.kept = this.kept.slice(surplus);
  }

  private send(client: Client, sent: Sent): void {
    if (client.topics.has(sent.topic)) this.write(client, sent.bytes);
  }

  private write(client: Client, bytes: Buffer): void {
    client.response.write(bytes);
    if (client.response.writableLength <= UNSENT_BYTES_MAX) return;
    this.clients.delete(client);
    client.response.destroy();
  }

  private beat(): void {
    this.cancelHeartbeat = this.time.after(HEARTBEAT_MS, () => {
      for (const client of this.clients) this.write(client, HEARTBEAT);
      this.beat();
    });
  }

  private idOf(sequence: number): string {
    return `${this.run}-${sequence}`;
  }
}

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
function eventBytes(id: string, message: StreamMessage): Buffer {
  const lines = message.json.replaceAll('\n', '\ndata: ');
  return Buffer.from(`id: ${id}\nevent: ${message.topic}\ndata: ${lines}\n\n`);
}
