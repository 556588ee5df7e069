import { WebSocket } from 'ws';
import { ensure } from '../src/core/base/assert.ts';
import { systemTime } from '../src/platform/time.ts';

/** What the follower tells its parent. */
export type FollowerMessage =
  | { readonly kind: 'following' }
  | { readonly kind: 'counted'; readonly perSecond: number };

/** A client that follows every ticker; tells how many updates came and in what time when asked. */
const [port = '', ...symbols] = process.argv.slice(2);
const send = ensure(process.send?.bind(process), 'started by the bench as a child');
const stream = new WebSocket(`ws://127.0.0.1:${port}/v5/public/linear`);
let updates = 0;
let sinceMs = systemTime.monotonicMs();

stream.on('open', () => {
  stream.send(JSON.stringify({ op: 'subscribe', args: symbols.map((symbol) => `tickers.${symbol}`) }));
  send({ kind: 'following' } satisfies FollowerMessage);
});
stream.on('message', (frame: Buffer) => {
  if (frame.includes('"type":"delta"')) updates += 1;
});
process.on('message', () => {
  const nowMs = systemTime.monotonicMs();
  send({ kind: 'counted', perSecond: (updates * 1000) / (nowMs - sinceMs) } satisfies FollowerMessage);
  updates = 0;
  sinceMs = nowMs;
});
process.on('disconnect', () => process.exit(0));
