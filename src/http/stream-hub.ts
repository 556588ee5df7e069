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
 * Changes of a table that can be had whole. They are not kept: who comes back gets the table. While nobody follows
 * them they are not even made, because most of the time no page is open.
 */
const TABLE_TOPIC = 'coins';
const KEPT_TOPICS = STREAM_TOPICS.filter((topic) => topic !== TABLE_TOPIC);

/**
 * Live messages as Server-Sent Events. Each message becomes bytes once and the same buffer goes to every
 * client. The newest messages are kept, so that a client which names the last id it saw misses nothing; when
 * that is too long ago, or from before a restart, it gets the current state instead. The scan table is always
 * given whole.
 */
export class StreamHub {
  private readonly api: Pick<BotsApi, 'subscribe'>;
  private readonly time: Time;
  private readonly run: string;
  private readonly clients = new Set<Client>();
  private kept: Sent[] = [];
  private keptBytes = 0;
  private sequence = 0;
  /** Of the newest message that was kept and is no more. */
  private droppedSequence = 0;
  private unsubscribe: (() => void) | null = null;
  private leaveTable: (() => void) | null = null;
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
    this.unsubscribe = this.followNews(KEPT_TOPICS);
    this.beat();
  }

  /** Ends every stream; clients reconnect elsewhere or later. */
  close(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.leaveTable?.();
    this.leaveTable = null;
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
    response.on('close', () => this.forget(client));
    response.on('error', () => this.forget(client));
    this.clients.add(client);
    response.write(HEARTBEAT);
    const missed = this.missedSince(lastEventId);
    for (const sent of missed ?? []) this.send(client, sent);
    this.sendState(client, missed === null ? topics : topics.filter((topic) => topic === TABLE_TOPIC));
    if (client.topics.has(TABLE_TOPIC)) this.leaveTable ??= this.followNews([TABLE_TOPIC]);
  }

  /** What is said while subscribing is state, not news. */
  private followNews(topics: readonly StreamTopic[]): () => void {
    let current = true;
    const leave = this.api.subscribe(topics, (message) => {
      if (!current) this.publish(message);
    });
    current = false;
    return leave;
  }

  private forget(client: Client): void {
    this.clients.delete(client);
    for (const { topics } of this.clients) if (topics.has(TABLE_TOPIC)) return;
    this.leaveTable?.();
    this.leaveTable = null;
  }

  /** Null when `lastEventId` is none of this run or older than what is kept. */
  private missedSince(lastEventId: string | null): readonly Sent[] | null {
    const found = /^([a-z0-9]+)-(\d{1,15})$/.exec(lastEventId ?? '');
    if (found === null || found[1] !== this.run) return null;
    const last = Number(found[2]);
    if (last > this.sequence || last < this.droppedSequence) return null;
    return this.kept.filter((sent) => sent.sequence > last);
  }

  private sendState(client: Client, topics: readonly StreamTopic[]): void {
    if (topics.length === 0) return;
    const state: Buffer[] = [];
    const end = this.api.subscribe(topics, (message) => {
      state.push(eventBytes(this.idOf(this.sequence), message));
    });
    end();
    for (const bytes of state) this.write(client, bytes);
  }

  private publish(message: StreamMessage): void {
    this.sequence += 1;
    const bytes = eventBytes(this.idOf(this.sequence), message);
    const sent: Sent = { sequence: this.sequence, topic: message.topic, bytes };
    if (sent.topic !== TABLE_TOPIC) this.keep(sent);
    for (const client of this.clients) this.send(client, sent);
  }

  private keep(sent: Sent): void {
    this.kept.push(sent);
    this.keptBytes += sent.bytes.length;
    let surplus = 0;
    while (this.kept.length - surplus > KEPT_MESSAGES_MAX || this.keptBytes > KEPT_BYTES_MAX) {
      const dropped = ensure(this.kept[surplus], 'bytes are kept only with their message');
      this.keptBytes -= dropped.bytes.length;
      this.droppedSequence = dropped.sequence;
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
    this.forget(client);
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
