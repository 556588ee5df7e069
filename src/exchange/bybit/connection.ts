import type { Rng } from '../../core/base/rng.ts';
import type { CancelTimer, Time } from '../../platform/time.ts';
import type { Counters } from '../counters.ts';
import { parseJson } from '../parse-json.ts';
import type { Channel, Transport } from '../transport.ts';
import { type Push, pushFrom } from './push.ts';
import { acknowledgement, parse } from './schema.ts';

export interface ConnectionHandlers {
  readonly onPush: (push: Push) => void;
  /** Open, logged in, and everything asked for before was acknowledged. */
  readonly onUp: () => void;
  readonly onDown: (detail: string) => void;
  /** The exchange does not serve this topic; the others go on, and it is asked for again after a reconnect. */
  readonly onTopicRefused: (topic: string) => void;
}

export interface ConnectionOptions {
  readonly transport: Transport;
  readonly time: Time;
  readonly rng: Rng;
  readonly counters: Counters;
  readonly path: string;
  /** Makes the login message; null for public streams. */
  readonly login: (() => string) | null;
  readonly handlers: ConnectionHandlers;
}

type TimerName = 'open' | 'ready' | 'ping' | 'pong';

const PING_MS = 20_000;
/** A socket on which not one message follows a ping within this is dead, open or not. */
const PONG_MS_MAX = 10_000;
/** From opening to the last acknowledgement. */
const READY_MS_MAX = 15_000;
const BACK_OFF_MS_MIN = 500;
const BACK_OFF_MS_MAX = 30_000;
const BACK_OFF_JITTER_RATE = 0.2;
/** A connection that lived this long was sound: the next failure starts at the shortest pause again. */
const SOUND_MS = 30_000;
/** The exchange takes 21,000 characters of topics on one connection; a request holds a part of them. */
const REQUEST_CHARACTERS_MAX = 5000;

/** Characters a topic takes of what one connection may subscribe to: its text, two quotes and a comma. */
export function topicCharacters(topic: string): number {
  return topic.length + 3;
}

/**
 * One socket that keeps itself alive: logs in, subscribes, pings, and comes back after a failure with everything
 * it was subscribed to. A request the exchange refuses is halved until the topic at fault is found.
 */
export class StreamConnection {
  private readonly options: ConnectionOptions;
  private readonly topics = new Set<string>();
  private readonly pending = new Map<string, readonly string[]>();
  private channel: Channel | null = null;
  private readonly timers = new Map<TimerName, CancelTimer>();
  /** Callbacks of an earlier socket carry an earlier number and are ignored. */
  private generation = 0;
  private requests = 0;
  private failures = 0;
  private lastMessageMs = 0;
  private upSinceMs: number | null = null;
  private subscribing = false;
  private closed = false;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.open();
  }

  /** Since when everything arrives; null while it does not. */
  get readyMs(): number | null {
    return this.upSinceMs;
  }

  /** Adds topics: now when connected, and after every reconnect. */
  subscribe(topics: readonly string[]): void {
    for (const topic of topics) this.topics.add(topic);
    if (this.subscribing) this.request('subscribe', topics);
  }

  unsubscribe(topics: readonly string[]): void {
    for (const topic of topics) this.topics.delete(topic);
    if (this.subscribing) this.request('unsubscribe', topics);
  }

  /** Gives the socket up and opens another after a pause. */
  drop(detail: string): void {
    if (this.closed) return;
    const aliveMs = this.upSinceMs === null ? 0 : this.options.time.monotonicMs() - this.upSinceMs;
    this.failures = aliveMs >= SOUND_MS ? 0 : this.failures + 1;
    this.reset();
    this.options.counters.add('stream-down');
    this.options.handlers.onDown(detail);
    const delayMs = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** Math.max(0, this.failures - 1));
    this.later('open', delayMs * (1 + BACK_OFF_JITTER_RATE * this.options.rng.next()), () => this.open());
  }

  /** Ends it for good; no callback follows. */
  close(): void {
    this.closed = true;
    this.reset();
  }

  private open(): void {
    if (this.closed) return;
    const generation = this.generation;
    const current = (task: () => void) => {
      if (!this.closed && this.generation === generation) task();
    };
    this.channel = this.options.transport.openChannel(this.options.path, {
      onOpen: () => current(() => this.opened()),
      onMessage: (text) => current(() => this.message(text)),
      onClose: (detail) => current(() => this.drop(detail)),
    });
  }

  private opened(): void {
    this.lastMessageMs = this.options.time.monotonicMs();
    this.later('ready', READY_MS_MAX, () => {
      if (this.upSinceMs === null) this.drop(`not ready within ${READY_MS_MAX} ms`);
    });
    this.later('ping', PING_MS, () => this.ping());
    if (this.options.login === null) this.subscribeAll();
    else this.send(this.options.login());
  }

  private subscribeAll(): void {
    this.subscribing = true;
    this.request('subscribe', [...this.topics]);
    this.checkUp();
  }

  private request(op: 'subscribe' | 'unsubscribe', topics: readonly string[]): void {
    for (const args of chunks(topics)) {
      this.requests += 1;
      const id = String(this.requests);
      if (op === 'subscribe') this.pending.set(id, args);
      this.send(JSON.stringify({ op, req_id: id, args }));
    }
  }

  private ping(): void {
    const sentMs = this.options.time.monotonicMs();
    this.send(JSON.stringify({ op: 'ping', req_id: 'ping' }));
    this.later('pong', PONG_MS_MAX, () => {
      if (this.lastMessageMs < sentMs) this.drop(`no message within ${PONG_MS_MAX} ms of a ping`);
    });
    this.later('ping', PING_MS, () => this.ping());
  }

  private send(text: string): void {
    if (this.channel?.send(text) !== true) this.options.counters.add('stream-not-sent');
  }

  private message(text: string): void {
    this.lastMessageMs = this.options.time.monotonicMs();
    const json = parseJson(text);
    const push = pushFrom(json);
    if (push !== null) {
      this.options.handlers.onPush(push);
      return;
    }
    const answer = parse(acknowledgement, json);
    if (!answer.ok) this.options.counters.add('stream-unreadable');
    else if (answer.value.op === 'auth') this.loggedIn(answer.value);
    else if (answer.value.op === 'subscribe') this.acknowledged(answer.value);
  }

  private loggedIn(answer: Acknowledgement): void {
    if (succeeded(answer)) this.subscribeAll();
    else this.drop(`login refused: ${answer.ret_msg ?? answer.retMsg ?? answer.retCode ?? 'no reason'}`);
  }

  private acknowledged(answer: Acknowledgement): void {
    const topics = this.pending.get(answer.req_id ?? '');
    if (topics === undefined) return;
    this.pending.delete(answer.req_id ?? '');
    if (!succeeded(answer)) this.refused(topics);
    // Who is told of a refused topic may have dropped the connection.
    if (this.subscribing) this.checkUp();
  }

  private refused(topics: readonly string[]): void {
    const wanted = topics.filter((topic) => this.topics.has(topic));
    const [first] = wanted;
    if (first === undefined) return;
    if (wanted.length === 1) {
      this.options.counters.add('topic-refused');
      this.options.handlers.onTopicRefused(first);
      return;
    }
    const middle = Math.ceil(wanted.length / 2);
    this.request('subscribe', wanted.slice(0, middle));
    this.request('subscribe', wanted.slice(middle));
  }

  private checkUp(): void {
    if (this.upSinceMs !== null || this.pending.size > 0) return;
    this.upSinceMs = this.options.time.monotonicMs();
    this.options.handlers.onUp();
  }

  /** A timer of this socket: gone with it. */
  private later(name: TimerName, delayMs: number, task: () => void): void {
    this.timers.get(name)?.();
    this.timers.set(name, this.options.time.after(delayMs, task));
  }

  private reset(): void {
    this.generation += 1;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.pending.clear();
    this.subscribing = false;
    this.upSinceMs = null;
    this.channel?.close();
    this.channel = null;
  }
}

interface Acknowledgement {
  readonly req_id?: string | undefined;
  readonly success?: boolean | undefined;
  readonly retCode?: number | undefined;
  readonly ret_msg?: string | undefined;
  readonly retMsg?: string | undefined;
}

function succeeded({ success, retCode }: Acknowledgement): boolean {
  return success ?? retCode === 0;
}

function chunks(topics: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [];
  let room = 0;
  for (const topic of topics) {
    const characters = topicCharacters(topic);
    if (characters > room) {
      all.push([]);
      room = REQUEST_CHARACTERS_MAX;
    }
    all.at(-1)?.push(topic);
    room -= characters;
  }
  return all;
}
