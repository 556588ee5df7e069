import type { MatchingEvent } from '../../../core/matching/account-state.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import type { ChannelLink, ChannelSession } from '../../request.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { Credentials } from './credentials.ts';
import { acknowledgement, type Frame, parseFrame, topicsOf } from './frame.ts';
import { type PrivateTopic, privatePushes } from './private-push.ts';
import { Silence } from './silence.ts';
import { CATEGORY } from './words.ts';

const TOPICS: ReadonlyMap<string, PrivateTopic> = new Map([
  ['order', 'order'],
  ['execution', 'execution'],
  ['execution.fast', 'execution.fast'],
  ['position', 'position'],
  ['wallet', 'wallet'],
  [`order.${CATEGORY}`, 'order'],
  [`execution.${CATEGORY}`, 'execution'],
  [`execution.fast.${CATEGORY}`, 'execution.fast'],
  [`position.${CATEGORY}`, 'position'],
]);

interface Listener {
  readonly link: ChannelLink;
  readonly connectionId: string;
  readonly topics: Set<string>;
  uid: string | null;
}

/** `/v5/private`: login first, then pushes of the account. Nothing is sent for what was before. */
export class PrivateHub {
  private readonly floor: TradingFloor;
  private readonly credentials: Credentials;
  private readonly listeners = new Set<Listener>();
  private connections = 0;
  private pushes = 0;

  constructor(floor: TradingFloor, credentials: Credentials) {
    this.floor = floor;
    this.credentials = credentials;
  }

  open(link: ChannelLink): ChannelSession {
    this.connections += 1;
    const connectionId = `private-${this.connections}`;
    const listener: Listener = { link, connectionId, topics: new Set(), uid: null };
    const silence = new Silence(this.floor.time, () => link.close('nothing heard for 10 minutes'));
    this.listeners.add(listener);
    return {
      receive: (text) => {
        silence.heard();
        this.receive(listener, text);
      },
      closed: () => {
        silence.stop();
        this.listeners.delete(listener);
      },
    };
  }

  /** Pushes what happened in an account to everybody logged in to it: one text a topic. */
  publish(account: TradingAccount, events: readonly MatchingEvent[]): void {
    const audience = [...this.listeners].filter((each) => each.uid === account.uid);
    if (audience.length === 0) return;
    for (const { topic, data } of privatePushes(this.floor, account, events)) {
      this.pushes += 1;
      const id = `${account.uid}_${this.pushes}`;
      const written = new Map<string, string>();
      for (const listener of audience) {
        for (const name of listener.topics) {
          if (TOPICS.get(name) !== topic) continue;
          const text = written.get(name) ?? this.message(id, name, data);
          written.set(name, text);
          listener.link.send(text);
        }
      }
    }
  }

  private message(id: string, topic: string, data: readonly unknown[]): string {
    const named = TOPICS.get(topic) === 'execution.fast' ? { topic } : { id, topic };
    return JSON.stringify({ ...named, creationTime: this.floor.nowMs(), data });
  }

  private receive(listener: Listener, text: string): void {
    const frame = parseFrame(text);
    if (frame === null) this.acknowledge(listener, { op: '', requestId: '', args: [] }, 'Invalid request');
    else if (frame.op === 'ping') this.pong(listener, frame);
    else if (frame.op === 'auth') this.acknowledge(listener, frame, this.login(listener, frame));
    else this.acknowledge(listener, frame, follow(listener, frame));
  }

  private acknowledge(listener: Listener, frame: Frame, refusal: string | null): void {
    const answer = { success: refusal === null, retMsg: refusal ?? '', connectionId: listener.connectionId };
    listener.link.send(acknowledgement(frame, answer));
  }

  /** The private stream answers a ping in a shape of its own. */
  private pong(listener: Listener, frame: Frame): void {
    const requestId = frame.requestId === undefined ? {} : { req_id: frame.requestId };
    const args = [String(this.floor.nowMs())];
    listener.link.send(JSON.stringify({ ...requestId, op: 'pong', args, conn_id: listener.connectionId }));
  }

  /** Null when logged in. The expiry comes as a number or as text. */
  private login(listener: Listener, frame: Frame): string | null {
    const [apiKey, expires, signature] = frame.args;
    if (typeof apiKey !== 'string' || typeof signature !== 'string') return 'Params Error';
    if (typeof expires !== 'number' && typeof expires !== 'string') return 'Params Error';
    const account = this.credentials.verifyStream({
      apiKey,
      expiresMs: Number(expires),
      expiresText: String(expires),
      signature,
      address: listener.link.address ?? '',
      nowMs: this.floor.nowMs(),
    });
    if (account === null) return 'Authentication failed: API key, expiry or signature is wrong.';
    listener.uid = account.uid;
    return null;
  }
}

/** Null when done. One request may not mix topics of all categories with topics of one. */
function follow(listener: Listener, frame: Frame): string | null {
  if (frame.op !== 'subscribe' && frame.op !== 'unsubscribe') return `error:op not found,op:${frame.op}`;
  if (listener.uid === null) return 'Request not authorized';
  const topics = topicsOf(frame);
  if (topics === null) return 'Params Error';
  const unknown = topics.find((topic) => !TOPICS.has(topic));
  if (unknown !== undefined) return `error:handler not found,topic:${unknown}`;
  if (frame.op === 'unsubscribe') {
    for (const topic of topics) listener.topics.delete(topic);
    return null;
  }
  const ofOneCategory = topics.filter(isOfOneCategory);
  const ofAll = topics.filter((topic) => !isOfOneCategory(topic) && topic !== 'wallet');
  if (ofOneCategory.length > 0 && ofAll.length > 0) return 'categorised topics may not be mixed with others';
  for (const topic of topics) listener.topics.add(topic);
  return null;
}

function isOfOneCategory(topic: string): boolean {
  return topic.endsWith(`.${CATEGORY}`);
}
