import type { Instrument, InstrumentId } from '../../../core/domain/instrument.ts';
import type { MatchingEvent } from '../../../core/matching/account-state.ts';
import type { ChannelLink, ChannelSession } from '../../request.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { BOOK_DEPTHS, BookTopic } from './book-topic.ts';
import { acknowledgement, type Frame, parseFrame, topicsOf } from './frame.ts';
import { KlineTopic } from './kline-topic.ts';
import { LiquidationTopic } from './liquidation-topic.ts';
import type { Audience, PublicTopic } from './public-topic.ts';
import { coinTopic, priceLimitTopic } from './reading-topic.ts';
import { Silence } from './silence.ts';
import { TickerTopic } from './ticker-topic.ts';
import { TradeTopic } from './trade-topic.ts';
import { INTERVALS } from './words.ts';

/** Letters of all topics one connection may follow. */
const TOPIC_LETTERS_MAX = 21_000;

interface Listener {
  readonly link: ChannelLink;
  readonly connectionId: string;
  readonly topics: Set<string>;
}

/**
 * `/v5/public/linear`. Only topics somebody follows are looked at; each message is written once and the
 * same text goes to everybody.
 */
export class PublicHub {
  private readonly floor: TradingFloor;
  private readonly audiences = new Map<string, Audience>();
  private connections = 0;

  constructor(floor: TradingFloor) {
    this.floor = floor;
  }

  open(link: ChannelLink): ChannelSession {
    this.connections += 1;
    const listener: Listener = { link, connectionId: `public-${this.connections}`, topics: new Set() };
    const silence = new Silence(this.floor.time, () => link.close('nothing heard for 10 minutes'));
    return {
      receive: (text) => {
        silence.heard();
        this.receive(listener, text);
      },
      closed: () => {
        silence.stop();
        for (const topic of listener.topics) this.leave(listener, topic);
      },
    };
  }

  /** Pushes what the followed topics have to tell. */
  publish(changed: readonly InstrumentId[]): void {
    if (this.audiences.size === 0) return;
    const nowMs = this.floor.nowMs();
    const moved = new Set<string>(changed.map((id) => this.floor.instrumentOf(id)?.exchangeSymbol ?? ''));
    for (const { topic, listeners } of this.audiences.values()) {
      const messages = topic.messages(nowMs, moved.has(topic.symbol));
      for (const text of messages) for (const link of listeners) link.send(text);
    }
  }

  /** Accounts of this venue have acted: their fills and resting orders are public, without their names. */
  note(events: readonly MatchingEvent[]): void {
    if (this.audiences.size === 0) return;
    for (const event of events) {
      for (const { topic } of this.audiences.values()) {
        if (event.kind === 'fill') topic.note?.(event.fill);
        else if (event.kind === 'order') topic.touch?.(event.order.instrumentId);
      }
    }
  }

  private receive(listener: Listener, text: string): void {
    const frame = parseFrame(text);
    const { connectionId } = listener;
    if (frame === null) {
      const nameless: Frame = { op: '', requestId: '', args: [] };
      listener.link.send(
        acknowledgement(nameless, { success: false, retMsg: 'Invalid request', connectionId }),
      );
      return;
    }
    if (frame.op === 'ping') {
      listener.link.send(acknowledgement(frame, { success: true, retMsg: 'pong', connectionId }));
      return;
    }
    const refusal = this.follow(listener, frame);
    const answer = { success: refusal === null, retMsg: refusal ?? '', connectionId };
    listener.link.send(acknowledgement(frame, answer));
    if (refusal === null && frame.op === 'subscribe') this.greet(listener, frame);
  }

  /** Null when done, else why not. A request with one wrong topic changes nothing. */
  private follow(listener: Listener, frame: Frame): string | null {
    if (frame.op !== 'subscribe' && frame.op !== 'unsubscribe') return `error:op not found,op:${frame.op}`;
    const topics = topicsOf(frame);
    if (topics === null) return 'Params Error';
    if (frame.op === 'unsubscribe') {
      for (const topic of topics) this.leave(listener, topic);
      return null;
    }
    const letters = [...new Set([...listener.topics, ...topics])].reduce((sum, each) => sum + each.length, 0);
    if (letters > TOPIC_LETTERS_MAX) return `args size >${TOPIC_LETTERS_MAX}`;
    const unknown = topics.find((name) => !this.audiences.has(name) && this.topicNamed(name) === null);
    if (unknown !== undefined) return `error:handler not found,topic:${unknown}`;
    for (const topic of topics) this.join(listener, topic);
    return null;
  }

  private greet(listener: Listener, frame: Frame): void {
    for (const name of topicsOf(frame) ?? []) {
      const greeting = this.audiences.get(name)?.topic.greeting() ?? null;
      if (greeting !== null) listener.link.send(greeting);
    }
  }

  private join(listener: Listener, name: string): void {
    const topic = this.audiences.get(name)?.topic ?? this.topicNamed(name);
    if (topic === null) return;
    const audience = this.audiences.get(name) ?? { topic, listeners: new Set() };
    audience.listeners.add(listener.link);
    this.audiences.set(name, audience);
    listener.topics.add(name);
  }

  private leave(listener: Listener, name: string): void {
    const audience = this.audiences.get(name);
    audience?.listeners.delete(listener.link);
    if (audience?.listeners.size === 0) this.audiences.delete(name);
    listener.topics.delete(name);
  }

  /** Null for a topic that does not exist. */
  private topicNamed(name: string): PublicTopic | null {
    const [kind = '', grade = '', ...rest] = name.split('.');
    if (rest.length === 0) {
      const instrument = this.floor.instruments().get(grade);
      return instrument === undefined ? coinTopic(this.floor, kind, grade) : this.plain(kind, instrument);
    }
    const instrument = this.floor.instruments().get(rest[0] ?? '');
    return instrument === undefined || rest.length > 1 ? null : this.graded(kind, grade, instrument);
  }

  private plain(kind: string, instrument: Instrument): PublicTopic | null {
    if (kind === 'tickers') return new TickerTopic(this.floor, instrument);
    if (kind === 'publicTrade') return new TradeTopic(this.floor, instrument);
    if (kind === 'allLiquidation') return new LiquidationTopic(instrument);
    return kind === 'priceLimit' ? priceLimitTopic(this.floor, instrument) : null;
  }

  /** Topics with an interval or a depth in their name. */
  private graded(kind: string, grade: string, instrument: Instrument): PublicTopic | null {
    if (kind === 'orderbook' && BOOK_DEPTHS.has(grade)) return new BookTopic(this.floor, instrument, grade);
    const timeframe = INTERVALS.get(grade);
    if (kind !== 'kline' || timeframe === undefined) return null;
    return new KlineTopic(this.floor, instrument, grade, timeframe);
  }
}
