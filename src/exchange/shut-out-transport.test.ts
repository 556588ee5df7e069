import { expect, it } from 'vitest';
import { VirtualTime } from '../platform/virtual-time.ts';
import { shutOutTransport } from './shut-out-transport.ts';
import type { Transport } from './transport.ts';

it('opens no channel while the address is shut out, and says so once; afterwards it does', async () => {
  const time = new VirtualTime(1_800_000_000_000);
  const opened: string[] = [];
  const closed: string[] = [];
  const wire: Transport = {
    request: async () => ({ kind: 'not-sent', detail: '' }),
    openChannel: (path) => {
      opened.push(path);
      return { send: () => true, close: () => undefined };
    },
  };
  let shut = true;
  const transport = shutOutTransport(wire, time, () => shut);
  const ignore = () => undefined;
  const handlers = { onOpen: ignore, onMessage: ignore, onClose: (detail: string) => closed.push(detail) };
  expect(transport.openChannel('/a', handlers).send('x')).toBe(false);
  transport.openChannel('/b', handlers).close();
  await time.advance(10);
  expect(closed).toEqual([expect.stringContaining('shut out')]);
  shut = false;
  expect(transport.openChannel('/c', handlers).send('x')).toBe(true);
  expect(opened).toEqual(['/c']);
});
