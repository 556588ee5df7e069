import type { StreamState } from '../exchange.ts';
import {
  type ConnectionHandlers,
  type ConnectionOptions,
  StreamConnection,
  topicCharacters,
} from './connection.ts';

export interface PoolOptions extends Omit<ConnectionOptions, 'handlers'> {
  readonly handlers: Pick<ConnectionHandlers, 'onPush' | 'onTopicRefused'> & {
    /** `up` when every connection of the pool is, `down` with the first that is not. */
    readonly onState: (state: Exclude<StreamState, { kind: 'silent' }>) => void;
  };
}

interface Member {
  readonly connection: StreamConnection;
  readonly topics: Set<string>;
}

/** The exchange refuses more than 21,000 characters of topics on one connection. */
const TOPIC_CHARACTERS_MAX = 20_000;

/** As many connections as its topics need. */
export class ConnectionPool {
  private readonly options: PoolOptions;
  private readonly members: Member[] = [];
  private reported: 'nothing' | 'up' | 'down' = 'nothing';

  constructor(options: PoolOptions) {
    this.options = options;
  }

  has(topic: string): boolean {
    return this.members.some(({ topics }) => topics.has(topic));
  }

  add(topics: readonly string[]): void {
    const batches = new Map<Member, string[]>();
    for (const topic of topics) {
      if (this.has(topic)) continue;
      const member = this.members.find(({ topics: held }) => roomFor(held, topic)) ?? this.open();
      member.topics.add(topic);
      batches.set(member, batches.get(member) ?? []);
      batches.get(member)?.push(topic);
    }
    for (const [member, batch] of batches) member.connection.subscribe(batch);
  }

  remove(topics: readonly string[]): void {
    for (const member of this.members) {
      const held = topics.filter((topic) => member.topics.delete(topic));
      if (held.length > 0) member.connection.unsubscribe(held);
    }
  }

  /** The connections with their topics, for a watch over what arrives. */
  entries(): readonly { readonly connection: StreamConnection; readonly topics: ReadonlySet<string> }[] {
    return this.members;
  }

  close(): void {
    for (const { connection } of this.members) connection.close();
  }

  private open(): Member {
    const { handlers, ...options } = this.options;
    const connection = new StreamConnection({
      ...options,
      handlers: {
        onPush: handlers.onPush,
        onTopicRefused: handlers.onTopicRefused,
        onUp: () => this.memberUp(),
        onDown: (detail) => this.memberDown(detail),
      },
    });
    const member: Member = { connection, topics: new Set() };
    this.members.push(member);
    return member;
  }

  private memberUp(): void {
    if (this.members.some(({ connection }) => connection.readyMs === null)) return;
    this.reported = 'up';
    this.options.handlers.onState({ kind: 'up' });
  }

  private memberDown(detail: string): void {
    if (this.reported === 'down') return;
    this.reported = 'down';
    this.options.handlers.onState({ kind: 'down', detail });
  }
}

function roomFor(held: ReadonlySet<string>, topic: string): boolean {
  let characters = topicCharacters(topic);
  for (const one of held) characters += topicCharacters(one);
  return characters <= TOPIC_CHARACTERS_MAX;
}
