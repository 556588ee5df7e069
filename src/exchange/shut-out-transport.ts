import type { Time } from '../platform/time.ts';
import type { Channel, Transport } from './transport.ts';

const DETAIL = 'the exchange has shut out this address';

/**
 * Opens no channel while the address is shut out: a ban lasts as long as it is knocked at. Those that are open live on.
 * Requests are held back by their budget.
 */
export function shutOutTransport(transport: Transport, time: Time, isShutOut: () => boolean): Transport {
  return {
    request: (request) => transport.request(request),
    openChannel: (path, handlers) => {
      if (!isShutOut()) return transport.openChannel(path, handlers);
      const cancel = time.after(0, () => handlers.onClose(DETAIL));
      const closed: Channel = { send: () => false, close: cancel };
      return closed;
    },
  };
}
