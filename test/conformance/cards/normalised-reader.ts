import { type Disconnect, type MapperFactory, type NormalizedData, streamNormalized } from 'tardis-dev';
import { expect, vi } from 'vitest';
import type { RunningVenue } from '../venue-fixture.ts';
import { symbol } from './stage.ts';

/** The client's own setting for the address of its Bybit streams, read anew for every connection. */
const ADDRESS = 'WSS_URL_BYBIT';
/** Longer than any card lasts: a client that hears nothing for so long connects anew. */
const PATIENCE_MS = 30_000;
/** Nobody listens there. */
const NOWHERE = 'ws://127.0.0.1:1';
const WAIT = { timeout: 15_000, interval: 10 };

interface ReaderOptions<Message extends NormalizedData> {
  readonly normalisers: readonly MapperFactory<'bybit', Message>[];
  readonly symbols?: readonly string[];
  /** Without a message for so long the client connects anew. */
  readonly stallMs?: number;
}

/** What a normalising client has made of the venue's messages so far, oldest first. */
export interface NormalisedReader<Message> {
  readonly heard: readonly Message[];
  readonly disconnects: readonly Disconnect[];
  /** What it tells whoever runs it. */
  readonly complaints: readonly string[];
  /** The first that fits among those heard, or among those to come. */
  until(matches: (message: Message) => boolean): Promise<Message>;
}

/**
 * Follows the venue with tardis-dev, unmodified: its connection, its frames, its normalisers. It has a setting of its
 * own for the address, an environment variable, which names the venue here; nothing of it is replaced. The card is
 * played from the venue's first answer to a subscription on.
 */
export async function withReader<Message extends NormalizedData>(
  running: RunningVenue,
  options: ReaderOptions<Message>,
  play: (reader: NormalisedReader<Message>) => Promise<void>,
): Promise<void> {
  process.env[ADDRESS] = `${running.ws}/v5/public/linear`;
  const heard: Message[] = [];
  const disconnects: Disconnect[] = [];
  const complaints: string[] = [];
  const messages: AsyncIterable<Message | Disconnect> = streamNormalized(
    {
      exchange: 'bybit',
      symbols: [...(options.symbols ?? [symbol])],
      timeoutIntervalMS: options.stallMs ?? PATIENCE_MS,
      withDisconnectMessages: true,
      onError: ({ message }) => complaints.push(message),
    },
    ...options.normalisers,
  );
  let isOver = false;
  const collected = (async () => {
    for await (const message of messages) {
      if (isOver) break;
      if (isDisconnect(message)) disconnects.push(message);
      else heard.push(message);
    }
  })();
  try {
    await expect.poll(() => answersTo(running, 'subscribe').length, WAIT).toBeGreaterThan(0);
    await play({
      heard,
      disconnects,
      complaints,
      until: (matches) =>
        vi.waitFor(() => {
          const found = heard.find(matches);
          if (found === undefined) throw new Error(`not among ${heard.length} messages`);
          return found;
        }, WAIT),
    });
  } finally {
    // It can only be left with a message in hand, and tries the address once more before it is gone.
    isOver = true;
    process.env[ADDRESS] = NOWHERE;
    running.venue.faults.removeAll();
    running.venue.faults.add({ name: 'stream-cut', path: '/v5/public' });
    await collected;
  }
}

/** The client's types list fewer topics than its normalisers ask for. */
export function mapped<Message extends NormalizedData>(
  factory: () => unknown,
): MapperFactory<'bybit', Message> {
  return factory as MapperFactory<'bybit', Message>;
}

/** What the venue has answered on its public streams to frames of one kind, oldest first. */
export function answersTo(running: RunningVenue, op: 'subscribe' | 'ping'): readonly string[] {
  return running.venue
    .wire(null, 1000)
    .filter(({ kind, path, text }) => {
      const isAnswer = kind === 'sent' && text.includes(`"op":"${op}"`);
      return isAnswer && path.startsWith('/v5/public');
    })
    .map(({ text }) => text);
}

function isDisconnect(message: NormalizedData | Disconnect): message is Disconnect {
  return message.type === 'disconnect';
}
