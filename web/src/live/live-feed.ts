import type { z } from 'zod';
import { autoBotStateSchema } from '../../../src/api/auto-bot.ts';
import { type CoinList, decisionSchema } from '../../../src/api/coin.ts';
import { eventSchema, positionListSchema, tradeSchema } from '../../../src/api/position.ts';
import { type Status, statusSchema } from '../../../src/api/status.ts';
import { coinsMessageSchema, STREAM_TOPICS, type StreamTopic } from '../../../src/api/stream.ts';
import { browserTimeMs, isPersonHere, later, repeat, steadyTimeMs } from '../browser.ts';
import { ApiError, type Client } from '../client.ts';
import { Freshness, STALE_AFTER_MS } from './freshness.ts';
import type { LiveState, Part } from './live-state.ts';

/** Ages on screen move once a second; twice as often, so that none is shown late. */
const PULSE_MS = 500;
/** Asked for when the stream has not brought it for this long: a silent stream does not tell alive from dead. */
const STATUS_EVERY_MS = 5000;
/** An open connection that says nothing for this long is taken for dead and opened anew. */
const SILENCE_MAX_MS = 20_000;
const REOPEN_MIN_MS = 1000;
const REOPEN_MAX_MS = 15_000;

/**
 * Keeps the page's state current: one event stream, and a full read each time it opens, because what happened
 * while it was down is not repeated. Reads only; nothing here can change anything on the server.
 */
export class LiveFeed {
  readonly #client: Client;
  readonly #state: LiveState;
  readonly #freshness = new Freshness();
  readonly #messages = new Map<StreamTopic, number>();
  #endBeat: (() => void) | null = null;
  #endReopen: (() => void) | null = null;
  #source: EventSource | null = null;
  #lastMessageMs = 0;
  #lastStatusMs = 0;
  #serverAheadMs = 0;
  #reopenMs = REOPEN_MIN_MS;
  #isStopped = false;

  constructor(client: Client, state: LiveState) {
    this.#client = client;
    this.#state = state;
  }

  start(): void {
    this.#open();
    this.#endBeat = repeat(PULSE_MS, () => this.#beat());
  }

  stop(): void {
    this.#isStopped = true;
    this.#source?.close();
    this.#endBeat?.();
    this.#endReopen?.();
  }

  /** Reads everything again, as after a new connection. */
  reload(): void {
    this.#load('status', this.#client.status, (status) => this.#applyStatus(status));
    this.#load('coins', this.#client.coins, (list) => this.#applyCoins(list));
    this.#load('positions', this.#client.positions, this.#state.positions.set);
    this.#load('auto-bot', this.#client.autoBot, this.#state.autoBot.set);
    this.#load('trades', this.#client.trades, (page) => this.#state.trades.load(page));
    this.#load('events', this.#client.events, (page) => this.#state.events.load(page));
    this.#load('decisions', this.#client.decisions, (page) => this.#state.decisions.load(page));
  }

  #open(): void {
    if (this.#isStopped) return;
    this.#source?.close();
    const source = new EventSource(`/api/stream?topics=${STREAM_TOPICS.join(',')}`);
    this.#source = source;
    this.#lastMessageMs = steadyTimeMs();
    source.onopen = () => this.#opened();
    source.onerror = () => this.#broken(source);
    for (const topic of STREAM_TOPICS) {
      source.addEventListener(topic, (message: MessageEvent<string>) => this.#receive(topic, message.data));
    }
  }

  #opened(): void {
    this.#reopenMs = REOPEN_MIN_MS;
    const { rows, decisions, trades, events } = this.#state;
    rows.forgetVersions();
    for (const journal of [decisions, trades, events]) journal.breakOff();
    this.#setLink('up');
    this.reload();
  }

  /** The browser reconnects a broken stream by itself, except after a refusal: then this does. */
  #broken(source: EventSource): void {
    this.#setLink('down');
    // A stream does not tell why it was refused; reads do, and a 401 leads to the sign-in page. Where only
    // the stream is blocked, these reads keep the page moving.
    this.reload();
    if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
    this.#endReopen?.();
    this.#endReopen = later(this.#reopenMs, () => this.#open());
    this.#reopenMs = Math.min(this.#reopenMs * 2, REOPEN_MAX_MS);
  }

  #receive(topic: StreamTopic, text: string): void {
    this.#lastMessageMs = steadyTimeMs();
    if (topic === 'status') this.#freshness.streamSeen(this.#lastMessageMs);
    this.#messages.set(topic, this.#messagesOf(topic) + 1);
    try {
      this.#apply[topic](JSON.parse(text));
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'unreadable';
      this.#state.streamFault.set(`${topic}: ${detail.slice(0, 200)}`);
    }
  }

  readonly #apply: Readonly<Record<StreamTopic, (body: unknown) => void>> = {
    coins: (body) => this.#applyMovedRows(coinsMessageSchema.parse(body)),
    positions: (body) => this.#state.positions.set(positionListSchema.parse(body)),
    'auto-bot': (body) => this.#state.autoBot.set(autoBotStateSchema.parse(body)),
    status: (body) => this.#applyStatus(statusSchema.parse(body)),
    events: (body) => this.#state.events.add(eventSchema.parse(body)),
    trades: (body) => this.#state.trades.add(tradeSchema.parse(body)),
    decisions: (body) => this.#state.decisions.add(decisionSchema.parse(body)),
  };

  #applyMovedRows(message: z.infer<typeof coinsMessageSchema>): void {
    this.#freshness.rowsSeen(steadyTimeMs());
    this.#noteServerTime(message.timeMs);
    this.#state.rows.apply(message.rows, message.version);
    this.#rowsMoved(message.progress);
  }

  #applyStatus(status: Status): void {
    this.#lastStatusMs = steadyTimeMs();
    this.#freshness.statusSeen(status, this.#lastStatusMs);
    this.#noteServerTime(status.timeMs);
    this.#state.status.set(status);
  }

  #applyCoins(list: CoinList): void {
    this.#freshness.rowsSeen(steadyTimeMs());
    this.#state.rows.replace(list.rows, list.version);
    this.#rowsMoved(list.progress);
  }

  #rowsMoved(progress: CoinList['progress']): void {
    this.#state.progress.set(progress);
    this.#state.coinCount.set(this.#state.rows.count());
    this.#state.rowsVersion.set(this.#state.rowsVersion.get() + 1);
  }

  /** A read that a live message overtook is older than what is on screen and is dropped. */
  #load<T>(part: Part, read: () => Promise<T>, apply: (value: T) => void): void {
    const before = this.#messagesOf(part);
    const isLog = part === 'decisions' || part === 'trades' || part === 'events' || part === 'coins';
    read().then(
      (value) => {
        this.#setFault(part, null);
        if (isLog || this.#messagesOf(part) === before) apply(value);
      },
      (error: unknown) => this.#setFault(part, error),
    );
  }

  #setFault(part: Part, error: unknown): void {
    const faults = new Map(this.#state.faults.get());
    if (error === null) {
      if (!faults.delete(part)) return;
    } else {
      faults.set(part, error instanceof ApiError ? error : new ApiError(0, 'page.fault', String(error)));
    }
    this.#state.faults.set(faults);
  }

  #beat(): void {
    const nowMs = steadyTimeMs();
    this.#setLink(this.#state.pulse.get().link);
    this.#state.serverTimeMs.set(Math.floor((browserTimeMs() + this.#serverAheadMs) / 1000) * 1000);
    if (nowMs - this.#lastMessageMs > SILENCE_MAX_MS) {
      this.#setLink('down');
      this.#open();
    }
    if (nowMs - this.#lastStatusMs < STATUS_EVERY_MS || !isPersonHere()) return;
    this.#lastStatusMs = nowMs;
    if (this.#state.faults.get().size > 0) this.reload();
    else this.#load('status', this.#client.status, (status) => this.#applyStatus(status));
  }

  #setLink(link: 'connecting' | 'up' | 'down'): void {
    const ageMs = this.#freshness.ageMs(steadyTimeMs());
    const ageSeconds = ageMs === null ? null : Math.floor(ageMs / 1000);
    const isStale = link === 'down' || (ageMs !== null && ageMs > STALE_AFTER_MS);
    const before = this.#state.pulse.get();
    if (before.link === link && before.ageSeconds === ageSeconds && before.isStale === isStale) return;
    this.#state.pulse.set({ link, ageSeconds, isStale });
  }

  #noteServerTime(timeMs: number): void {
    this.#serverAheadMs = timeMs - browserTimeMs();
    if (this.#state.serverTimeMs.get() === 0) this.#state.serverTimeMs.set(timeMs);
  }

  #messagesOf(topic: StreamTopic): number {
    return this.#messages.get(topic) ?? 0;
  }
}
