import { expect, it } from 'vitest';
import { approvedEntry, approvedExit } from '../../test/fixture/approved-order.ts';
import { BTC, instrument } from '../../test/scenario/story.ts';
import { decimal } from '../core/base/decimal.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import { backtestOptionsSchema } from './options.ts';
import { PastExchange } from './past-exchange.ts';

const coin = instrument(BTC);

function holding(): PastExchange {
  const exchange = new PastExchange(backtestOptionsSchema.parse({ slippageBps: 0 }), 0);
  exchange.list(coin, 100);
  exchange.place(approvedEntry(coin));
  return exchange;
}

function rowOf(exchange: PastExchange): ExchangePosition | undefined {
  return exchange.snapshot().positions[0];
}

it('states the account as it stands now, though it was read at the same price before', () => {
  const exchange = holding();
  expect(rowOf(exchange)?.stopPrice?.toFixed()).toBe('85');
  const { id: instrumentId } = coin;
  const amend = { kind: 'amend-stop', instrumentId, direction: 'long', takeProfitPrice: null } as const;
  expect(exchange.amendStop({ ...amend, stopPrice: decimal('90') })).toBe(true);
  expect(rowOf(exchange)?.stopPrice?.toFixed()).toBe('90');
  const half = { ...approvedExit(coin), quantity: decimal('0.04') } as ReturnType<typeof approvedExit>;
  exchange.place(half);
  expect(rowOf(exchange)?.quantity.toFixed()).toBe('0.06');
  exchange.quote(coin.id, 110);
  expect(rowOf(exchange)?.unrealisedPnl.toFixed()).toBe('0.6');
});
