import { get } from 'node:http';
import { ensure } from '../src/core/base/assert.ts';
import { systemTime } from '../src/platform/time.ts';

/** Opens `count` streams; asked later for the ages of what came. */
export type ClientsRequest =
  | { readonly kind: 'open'; readonly url: string; readonly count: number }
  | { readonly kind: 'ages' };

export type ClientsMessage =
  | { readonly kind: 'open' }
  /** Milliseconds from sending to arrival, of every delivery since the last asking. */
  | { readonly kind: 'ages'; readonly agesMs: readonly number[] };

const HEADERS = { authorization: 'Bearer viewer' };
const STAMP = /"sentMs":(\d+(?:\.\d+)?)/g;

let agesMs: number[] = [];
const say = ensure(process.send?.bind(process), 'started by the bench as a child');

process.on('message', async (request: ClientsRequest) => {
  if (request.kind === 'open') {
    await Promise.all(Array.from({ length: request.count }, () => open(request.url)));
    say({ kind: 'open' } satisfies ClientsMessage);
    return;
  }
  say({ kind: 'ages', agesMs } satisfies ClientsMessage);
  agesMs = [];
});
process.on('disconnect', () => process.exit(0));

/** Resolves with the first bytes. A message is told by its stamp, which stands at its beginning. */
function open(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: HEADERS, agent: false }, (response) => {
      response.setEncoding('latin1');
      response.on('data', (text: string) => {
        resolve();
        const nowMs = systemTime.nowMs();
        for (const [, sentMs] of text.matchAll(STAMP)) agesMs.push(nowMs - Number(sentMs));
      });
    });
    request.on('error', reject);
  });
}
