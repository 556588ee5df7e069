import { join } from 'node:path';
import type { Rng } from '../core/base/rng.ts';
import { type BybitExchange, createBybitExchange } from '../exchange/bybit/bybit-exchange.ts';
import { FileUseMark } from '../exchange/file-use-mark.ts';
import { createSocketTransport } from '../exchange/socket-transport.ts';
import type { Logger } from '../platform/logger.ts';
import { systemTime } from '../platform/time.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import type { VenueKey } from './service-secrets.ts';

/** The bots service's share of the address's request budget; the rest is for protector and web. */
const RATE_SHARE = 0.8;

/** The exchange as the bots service reaches it: what its address has used is remembered in the home. */
export function botsExchange(
  config: AppConfig,
  { key, log, random }: { readonly key: VenueKey; readonly log: Logger; readonly random: Rng },
): { readonly exchange: BybitExchange; readonly close: () => Promise<void> } {
  const httpBase = serviceUrl(config, config.venuePort);
  const mark = new FileUseMark(join(config.home, 'exchange-use.json'), (message) => log.warn(message));
  const exchange = createBybitExchange({
    transport: createSocketTransport({
      httpBase,
      wsBase: httpBase.replace('http', 'ws'),
      allowedHosts: [new URL(httpBase).host],
      time: systemTime,
    }),
    time: systemTime,
    rng: random,
    credentials: { apiKey: key.apiKey, secret: key.apiSecret },
    share: RATE_SHARE,
    mark,
    log: (message, fields) => log.warn(message, fields),
  });
  const close = async () => {
    exchange.close();
    await mark.close();
  };
  return { exchange, close };
}
