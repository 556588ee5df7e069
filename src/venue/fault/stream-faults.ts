import { z } from 'zod';
import {
  type FaultHooks,
  type FaultKind,
  type FaultSite,
  faultKind,
  type Push,
  type Pushed,
} from './fault.ts';
import { durationOr, numberInput } from './fault-input.ts';

const PATH = z.string().startsWith('/', 'takes a path such as /v5/private').default('/v5/');
/** Messages of one topic, or of all that begin so: `kline.1.` or `order`. */
const TOPIC = z.string().default('');
const pushes = z.strictObject({ path: PATH, topic: TOPIC });
type PushFilter = z.output<typeof pushes>;

const ANSWERS = '';
/** Messages of a channel a replay can reach back to. */
const REPLAY_KEPT = 50;
/** How long a message that is overtaken may be under way. */
const OVERTAKEN_MS = 1000;

/** Faults of streams and of single messages. */
export const streamFaults: readonly FaultKind[] = [
  faultKind({
    name: 'stream-silent',
    purpose: 'Streams stay open and answer pings, but nothing comes any more.',
    params: z.strictObject({ path: PATH }),
    hooks: (params, site) => onPushes({ ...params, topic: '' }, site, () => []),
  }),
  faultKind({
    name: 'topic-silent',
    purpose: 'One topic falls silent; the others go on.',
    params: z.strictObject({ path: PATH, topic: z.string().min(1, 'takes a topic such as kline or order') }),
    hooks: (params, site) => onPushes(params, site, () => []),
  }),
  faultKind({
    name: 'stream-frozen',
    purpose: 'Messages go on, but all of them bear the same old time.',
    params: pushes,
    hooks: (params, site) => {
      const frozenMs = String(site.clock.nowMs());
      return onPushes(params, site, ({ text }) =>
        at(text.replace(/"(ts|cts|creationTime|timestamp)":\d{13}/g, `"$1":${frozenMs}`)),
      );
    },
  }),
  faultKind({
    name: 'stream-late',
    purpose: 'Messages come late, all by the same time, in their order.',
    params: z.strictObject({ path: PATH, topic: TOPIC, delay: durationOr(5000) }),
    hooks: (params, site) => onPushes(params, site, ({ text }) => [{ text, afterMs: params.delay }]),
  }),
  faultKind({
    name: 'message-duplicated',
    purpose: 'A message comes twice.',
    params: pushes,
    hooks: (params, site) => onPushes(params, site, ({ text }) => [...at(text), ...at(text)]),
  }),
  faultKind({
    name: 'message-reordered',
    purpose: 'A message is overtaken by those behind it, up to a second.',
    params: pushes,
    hooks: (params, site) =>
      onPushes(params, site, ({ text }) => [{ text, afterMs: 1 + site.dice.integer(OVERTAKEN_MS) }]),
  }),
  faultKind({
    name: 'message-replayed',
    purpose: 'Messages of a while ago come once more.',
    params: pushes,
    hooks: replayed,
  }),
  faultKind({
    name: 'message-truncated',
    purpose: 'A message ends in the middle.',
    params: pushes,
    hooks: (params, site) =>
      onPushes(params, site, ({ text }) => at(text.slice(0, Math.floor(text.length / 2)))),
  }),
  faultKind({
    name: 'message-lost',
    purpose: 'A message is missing among the others.',
    params: pushes,
    hooks: (params, site) => onPushes(params, site, () => []),
  }),
  faultKind({
    name: 'slow-consumer-cut',
    purpose: 'A stream is cut after so many messages, as for a client that reads too slowly.',
    params: z.strictObject({ path: PATH, after: numberInput({ min: 1, max: 1_000_000, usual: 100 }) }),
    hooks: slowConsumer,
  }),
  faultKind({
    name: 'stream-cut',
    purpose: 'Open streams are cut: once, or again and again.',
    params: z.strictObject({ path: PATH, every: durationOr(0) }),
    hooks: (params, site) => cutting(params.path, params.every, site),
  }),
  faultKind({
    name: 'stream-refused',
    purpose: 'No stream can be opened.',
    params: z.strictObject({ path: PATH }),
    hooks: ({ path }, site) => ({
      onOpen: (asked) => (asked.startsWith(path) && site.strike(asked) ? 'refused' : null),
    }),
  }),
];

function at(text: string): Pushed {
  return [{ text, afterMs: 0 }];
}

/** Answers to the client's own frames pass: a stream that does not even answer a ping is another fault. */
function onPushes(filter: PushFilter, site: FaultSite, strike: (push: Push) => Pushed): FaultHooks {
  return {
    onPush: (push) =>
      concerns(filter, push) && site.strike(`${push.path} ${push.topic}`) ? strike(push) : null,
  };
}

function concerns(filter: PushFilter, push: Push): boolean {
  return push.topic !== ANSWERS && push.path.startsWith(filter.path) && push.topic.startsWith(filter.topic);
}

function replayed(filter: PushFilter, site: FaultSite): FaultHooks {
  const told = new Map<number, string[]>();
  return {
    onPush: (push) => {
      if (!concerns(filter, push)) return null;
      const past = told.get(push.channelId) ?? [];
      told.set(push.channelId, [...past.slice(1 - REPLAY_KEPT), push.text]);
      const old = past[site.dice.integer(Math.max(1, past.length))];
      if (old === undefined || !site.strike(`${push.path} ${push.topic}`)) return null;
      return [...at(push.text), { text: old, afterMs: site.dice.integer(OVERTAKEN_MS) }];
    },
  };
}

function slowConsumer(
  params: { readonly path: string; readonly after: number },
  site: FaultSite,
): FaultHooks {
  const told = new Map<number, number>();
  return {
    onPush: (push) => {
      if (!concerns({ path: params.path, topic: '' }, push)) return null;
      const count = (told.get(push.channelId) ?? 0) + 1;
      told.set(push.channelId, count);
      if (count === params.after && site.strike(push.path))
        site.channels.cutOne(push.channelId, 'slow consumer');
      return null;
    },
  };
}

function cutting(path: string, everyMs: number, site: FaultSite): FaultHooks {
  let isOver = false;
  const cut = (): void => {
    if (isOver) return;
    const count = site.channels.cut(path, 'connection reset');
    if (count > 0) site.strike(`${count} channels under ${path}`);
    if (everyMs > 0) site.time.after(everyMs, cut);
  };
  cut();
  return {
    ...(everyMs > 0 ? {} : { lastsMs: 0 }),
    end: () => {
      isOver = true;
    },
  };
}
