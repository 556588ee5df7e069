import { expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { known } from '../core/domain/reading.ts';
import { sleep } from '../platform/time.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { FeedSink } from './feed-sink.ts';
import { MarketWatch } from './market-watch.ts';

const BTC = instrument();
const SILENT: FeedSink = {
  instrument: () => undefined,
  candleHistory: () => undefined,
  candleClosed: () => undefined,
  price: () => undefined,
  feedLost: () => undefined,
  feedRestored: () => undefined,
};

it('follows the prices of a position that was known before the instruments were', async () => {
  const time = new VirtualTime(1_000_000);
  const followed: string[][] = [];
  const exchange = fakeExchange({
    readInstruments: async () => {
      await sleep(time, 2_000);
      return known([BTC], 0, 'test');
    },
    streamMarket: () => ({
      followCandles: () => undefined,
      followTickers: (instruments) => followed.push(instruments.map(({ id }) => id)),
      close: () => undefined,
    }),
  });
  const watch = new MarketWatch({ exchange, sink: SILENT, time, timeframe: '6h' });
  const started = watch.start();
  watch.followPrices([BTC.id]);
  await time.advance(2_000);
  await started;
  watch.followPrices([BTC.id]);
  watch.followPrices([BTC.id]);
  expect(followed).toEqual([[BTC.id]]);
});

it('tells that what is held is listed no more, and keeps its rules', async () => {
  const time = new VirtualTime(1_000_000);
  const told: string[] = [];
  const sink = {
    ...SILENT,
    instrument: ({ id, status }: ReturnType<typeof instrument>): void => void told.push(`${id} ${status}`),
  };
  const exchange = fakeExchange({
    readInstruments: async () => known([instrument({ name: 'ETHUSDT' })], 0, 'test'),
  });
  const watch = new MarketWatch({ exchange, sink, time, timeframe: '6h' });
  watch.hold([BTC]);
  expect(watch.instrument(BTC.id)).toEqual(BTC);
  await watch.start();
  expect(told).toEqual(['ETHUSDT trading', 'BTCUSDT closed']);
  expect(watch.instrument(BTC.id)).toEqual({ ...BTC, status: 'closed' });
});
