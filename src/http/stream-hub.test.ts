import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { StreamMessage } from './bots-api.ts';
import { StreamHub, type StreamSocket } from './stream-hub.ts';

const MIB = 1024 * 1024;

/** A connection that remembers what was written; `pendingBytes` plays the unsent bytes of a slow client. */
class FakeSocket implements Pick<StreamSocket, 'write' | 'end' | 'destroy'> {
  readonly written: Buffer[] = [];
  readonly onClose: (() => void)[] = [];
  pendingBytes = 0;
  state: 'open' | 'ended' | 'destroyed' = 'open';

  get writableLength(): number {
    return this.pendingBytes;
  }

  write(bytes: Buffer): boolean {
    this.written.push(bytes);
    return true;
  }

  end(): this {
    this.state = 'ended';
    return this;
  }

  destroy(): this {
    this.state = 'destroyed';
    return this;
  }

  on(name: string, listener: () => void): this {
    if (name === 'close') this.onClose.push(listener);
    return this;
  }

  text(): string {
    return Buffer.concat(this.written).toString();
  }

  /** The messages received, without heartbeats. */
  events(): readonly { id: string; event: string; data: string }[] {
    const found = this.text().matchAll(/id: (.*)\nevent: (.*)\n((?:data: .*\n)+)\n/g);
    return [...found].map(([, id = '', event = '', lines = '']) => ({
      id,
      event,
      data: lines.trimEnd().replaceAll(/^data: /gm, ''),
    }));
  }
}

interface Fixture {
  readonly hub: StreamHub;
  readonly time: VirtualTime;
  emit(topic: StreamMessage['topic'], json: string): void;
  /** Whether the service has anybody to make messages of the topic for. */
  isFollowed(topic: StreamMessage['topic']): boolean;
  attach(topics: readonly StreamMessage['topic'][], lastEventId?: string): FakeSocket;
}

/** A hub over a service whose only state is a status and a table, both `{"state":"now"}`. */
function fixture(): Fixture {
  const time = new VirtualTime(0);
  const listeners = new Map<(message: StreamMessage) => void, readonly string[]>();
  const api = {
    subscribe: (topics: readonly string[], listener: (message: StreamMessage) => void) => {
      for (const topic of ['status', 'coins'] as const) {
        if (topics.includes(topic)) listener({ topic, json: '{"state":"now"}' });
      }
      listeners.set(listener, topics);
      return () => listeners.delete(listener);
    },
  };
  const hub = new StreamHub({ api, time, run: 'run1' });
  hub.open();
  return {
    hub,
    time,
    emit: (topic, json) => {
      for (const [listener, topics] of [...listeners]) if (topics.includes(topic)) listener({ topic, json });
    },
    isFollowed: (topic) => [...listeners.values()].some((topics) => topics.includes(topic)),
    attach: (topics, lastEventId) => {
      const socket = new FakeSocket();
      hub.attach(socket as unknown as StreamSocket, topics, lastEventId ?? null);
      return socket;
    },
  };
}

describe('StreamHub', () => {
  it('gives a fresh client the current state and then the news of its topics', () => {
    const { attach, emit } = fixture();
    emit('status', '{"n":1}');
    const socket = attach(['status', 'events']);
    emit('events', '{"n":2}');
    emit('trades', '{"n":3}');
    emit('status', '{"n":4}');
    expect(socket.events()).toEqual([
      { id: 'run1-1', event: 'status', data: '{"state":"now"}' },
      { id: 'run1-2', event: 'events', data: '{"n":2}' },
      { id: 'run1-4', event: 'status', data: '{"n":4}' },
    ]);
  });

  it('gives a returning client exactly what it missed', () => {
    const { attach, emit } = fixture();
    for (let n = 1; n <= 5; n += 1) emit(n % 2 === 0 ? 'events' : 'trades', `{"n":${n}}`);
    const socket = attach(['trades', 'status'], 'run1-1');
    expect(socket.events().map(({ id }) => id)).toEqual(['run1-3', 'run1-5']);
    expect(attach(['trades'], 'run1-5').events(), 'nothing missed, nothing sent').toEqual([]);
  });

  it.each(['run0-3', 'run1-99', 'run1-x', 'run1-', '3', '', 'run1--1'])(
    'gives the state to a client that names %j',
    (lastEventId) => {
      const { attach, emit } = fixture();
      emit('events', '{}');
      expect(attach(['status', 'events'], lastEventId).events()).toEqual([
        { id: 'run1-1', event: 'status', data: '{"state":"now"}' },
      ]);
    },
  );

  it('keeps a thousand messages; who missed more gets the state', () => {
    const { attach, emit } = fixture();
    for (let n = 1; n <= 1005; n += 1) emit('events', `{"n":${n}}`);
    expect(attach(['events'], 'run1-5').events()).toHaveLength(1000);
    expect(
      attach(['status', 'events'], 'run1-4')
        .events()
        .map(({ event }) => event),
    ).toEqual(['status']);
  });

  it('keeps eight megabytes at most', () => {
    const { attach, emit } = fixture();
    const json = JSON.stringify('x'.repeat(MIB));
    for (let n = 1; n <= 10; n += 1) emit('events', json);
    expect(attach(['events'], 'run1-3').events(), 'seven of a little over 1 MiB fit').toHaveLength(7);
    expect(
      attach(['status', 'events'], 'run1-2')
        .events()
        .map(({ event }) => event),
    ).toEqual(['status']);
  });

  it('gives a returning client the table as it is, however much of it was missed', () => {
    const { attach, emit } = fixture();
    const first = attach(['coins', 'events']);
    emit('coins', '{"n":1}');
    emit('events', '{"n":2}');
    for (let n = 3; n <= 2000; n += 1) emit('coins', `{"n":${n}}`);
    expect(first.events().at(-1)).toEqual({ id: 'run1-2000', event: 'coins', data: '{"n":2000}' });
    expect(attach(['coins', 'events'], 'run1-1').events()).toEqual([
      { id: 'run1-2', event: 'events', data: '{"n":2}' },
      { id: 'run1-2000', event: 'coins', data: '{"state":"now"}' },
    ]);
  });

  it('has the table followed only while a client wants it', () => {
    const { attach, emit, hub, isFollowed } = fixture();
    attach(['events']);
    expect(isFollowed('coins')).toBe(false);
    const [first, second] = [attach(['coins']), attach(['coins'])];
    emit('coins', '{"n":1}');
    expect(first.events().map(({ data }) => data)).toEqual(['{"state":"now"}', '{"n":1}']);
    for (const listener of first.onClose) listener();
    expect(isFollowed('coins'), 'the second still does').toBe(true);
    second.pendingBytes = MIB + 1;
    emit('coins', '{"n":2}');
    expect(isFollowed('coins'), 'the second was cut').toBe(false);
    attach(['coins']);
    hub.close();
    expect(isFollowed('coins')).toBe(false);
  });

  it('sends the very same bytes to every client', () => {
    const { attach, emit } = fixture();
    const [first, second] = [attach(['events']), attach(['events'])];
    emit('events', '{"n":1}');
    expect(first.written.at(-1)).toBe(second.written.at(-1));
  });

  it('writes each line of a message as data of one event', () => {
    const { attach, emit } = fixture();
    const socket = attach(['events']);
    emit('events', '{\n "n": 1\n}');
    expect(socket.events()).toEqual([{ id: 'run1-1', event: 'events', data: '{\n "n": 1\n}' }]);
  });

  it('says it is alive at once and every 15 seconds', async () => {
    const { attach, time } = fixture();
    const socket = attach(['events']);
    expect(socket.text()).toBe(': alive\n\n');
    await time.advance(45_000);
    expect(socket.text()).toBe(': alive\n\n'.repeat(4));
  });

  it('cuts a client that leaves more than a megabyte unread, and only that one', () => {
    const { attach, emit } = fixture();
    const [slow, quick] = [attach(['events']), attach(['events'])];
    slow.pendingBytes = MIB;
    emit('events', '{"n":1}');
    expect(slow.state, 'a megabyte is still patience').toBe('open');
    slow.pendingBytes = MIB + 1;
    emit('events', '{"n":2}');
    emit('events', '{"n":3}');
    expect(slow.state).toBe('destroyed');
    expect(slow.events()).toHaveLength(2);
    expect(quick.events()).toHaveLength(3);
  });

  it('forgets a client that went', () => {
    const { attach, emit } = fixture();
    const socket = attach(['events']);
    for (const listener of socket.onClose) listener();
    emit('events', '{}');
    expect(socket.events()).toEqual([]);
  });

  it('is full at 256 clients until one goes', () => {
    const { attach, hub } = fixture();
    const sockets = Array.from({ length: 256 }, () => attach(['events']));
    expect(hub.isFull()).toBe(true);
    for (const listener of sockets[0]?.onClose ?? []) listener();
    expect(hub.isFull()).toBe(false);
  });

  it('ends every stream when it closes and says nothing more', async () => {
    const { attach, hub, emit, time } = fixture();
    const socket = attach(['events']);
    hub.close();
    emit('events', '{}');
    await time.advance(60_000);
    expect(socket.state).toBe('ended');
    expect(socket.text()).toBe(': alive\n\n');
  });
});
