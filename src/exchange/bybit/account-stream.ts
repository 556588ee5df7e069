import { ok } from '../../core/base/result.ts';
import type { AccountHandlers, AccountStream } from '../exchange.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { BybitClient } from './client.ts';
import { StreamConnection } from './connection.ts';
import type { InstrumentRegistry } from './instrument-registry.ts';
import { fillFrom, type Mapped, orderFrom } from './mapper.ts';
import type { StreamOptions } from './market-stream.ts';
import type { Push } from './push.ts';
import { categoryHead, parse, pushRows } from './schema.ts';
import { type Credentials, streamSignature } from './signing.ts';

export interface AccountStreamOptions extends StreamOptions {
  readonly client: BybitClient;
  readonly registry: InstrumentRegistry;
  readonly credentials: Credentials;
  readonly log: ExchangeLog;
}

const PRIVATE_PATH = '/v5/private';
const TOPICS: readonly string[] = ['order', 'execution', 'position', 'wallet'];
/** How long a login stays valid; it must not have passed when it arrives. */
const LOGIN_MS = 10_000;

/**
 * Orders, fills and a bell for positions and wallet. It starts without a picture of the account: after every
 * `up` the caller reads by REST. A push that cannot be read rings the bell too.
 */
export function openAccountStream(options: AccountStreamOptions, handlers: AccountHandlers): AccountStream {
  const { client, credentials, log } = options;
  const connection = new StreamConnection({
    ...options,
    path: PRIVATE_PATH,
    login: () => {
      const expiresMs = client.serverTimeMs() + LOGIN_MS;
      return JSON.stringify({
        op: 'auth',
        req_id: 'auth',
        args: [credentials.apiKey, expiresMs, streamSignature(credentials, expiresMs)],
      });
    },
    handlers: {
      onPush: (push) => pushed(options, handlers, push),
      onUp: () => handlers.onState({ kind: 'up' }),
      onDown: (detail) => {
        // A login is refused when our idea of the exchange's time is off; measuring never rejects.
        void client.measureClock('reconcile');
        log('The account stream is down.', { detail });
        handlers.onState({ kind: 'down', detail });
      },
      onTopicRefused: (topic) => connection.drop(`topic ${topic} was refused`),
    },
  });
  connection.subscribe(TOPICS);
  return { close: () => connection.close() };
}

function pushed(options: AccountStreamOptions, handlers: AccountHandlers, { topic, data }: Push): void {
  const [kind] = topic.split('.');
  if (kind === 'order') deliver(options, handlers, { kind, data, map: orderFrom, take: handlers.onOrder });
  else if (kind === 'execution')
    deliver(options, handlers, { kind, data, map: fillFrom, take: handlers.onFill });
  else handlers.onAccountChanged();
}

interface Delivery<T> {
  readonly kind: string;
  readonly data: unknown;
  readonly map: (row: unknown, meaningOf: InstrumentRegistry['meaningOf']) => Mapped<T>;
  readonly take: (value: T) => void;
}

function deliver<T>(options: AccountStreamOptions, handlers: AccountHandlers, delivery: Delivery<T>): void {
  const rows = parse(pushRows, delivery.data);
  const faults: string[] = rows.ok ? [] : [`data.${rows.error}`];
  for (const [index, row] of (rows.ok ? rows.value : []).entries()) {
    const mapped = linearRow(row, delivery, options.registry);
    if (!mapped.ok) faults.push(`data.${index}.${mapped.error}`);
    else if (mapped.value !== null) delivery.take(mapped.value);
  }
  if (faults.length === 0) return;
  options.counters.add(`push-unreadable ${delivery.kind}`);
  options.log('A push of the account stream cannot be read; the account is read again.', {
    detail: `${delivery.kind}: ${faults[0]}`,
  });
  handlers.onAccountChanged();
}

/** Rows of other categories (spot, options) are not ours. */
function linearRow<T>(row: unknown, { map }: Delivery<T>, registry: InstrumentRegistry): Mapped<T> {
  const head = parse(categoryHead, row);
  if (!head.ok) return head;
  return head.value.category === 'linear' ? map(row, (symbol) => registry.meaningOf(symbol)) : ok(null);
}
