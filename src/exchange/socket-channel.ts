import type { Time } from '../platform/time.ts';
import type { Channel, ChannelHandlers } from './transport.ts';

/** Larger than any push we subscribe to. */
const MESSAGE_CHARACTERS_MAX = 8 * 1024 * 1024;
const OPENING_MS_MAX = 10_000;

/** A WebSocket as a channel. `onClose` comes once: after a failure, the other side's closing, or our own. */
export function openSocketChannel(url: URL, handlers: ChannelHandlers, time: Time): Channel {
  const socket = new WebSocket(url);
  let ended = false;
  const end = (detail: string): void => {
    if (ended) return;
    ended = true;
    cancelOpening();
    socket.close();
    handlers.onClose(detail);
  };
  const cancelOpening = time.after(OPENING_MS_MAX, () => end(`not open within ${OPENING_MS_MAX} ms`));
  socket.addEventListener('open', () => {
    if (ended) return;
    cancelOpening();
    handlers.onOpen();
  });
  socket.addEventListener('message', ({ data }: { data: unknown }) => {
    if (ended) return;
    if (typeof data !== 'string') end('a binary message');
    else if (data.length > MESSAGE_CHARACTERS_MAX) end(`a message of ${data.length} characters`);
    else handlers.onMessage(data);
  });
  socket.addEventListener('error', () => end('the connection failed'));
  socket.addEventListener('close', ({ code }) => end(`closed with code ${code}`));
  return {
    send: (text) => {
      if (ended || socket.readyState !== WebSocket.OPEN) return false;
      socket.send(text);
      return true;
    },
    close: () => end('closed by us'),
  };
}
