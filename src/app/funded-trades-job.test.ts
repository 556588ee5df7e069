import { expect, it } from 'vitest';
import { trade } from '../../test/conformance/store-rows.ts';
import type { TradeView } from '../api/position.ts';
import type { FundedTrade } from '../store/trade-row.ts';
import { fundedTradesJob } from './funded-trades-job.ts';

it('tells of a closed position again when its funding is known, once', async () => {
  const told: TradeView[] = [];
  let rows: readonly FundedTrade[] = [{ ...trade(), funding: null, pnl: null }];
  const list = () => Promise.resolve({ rows, nextCursor: null });
  const job = fundedTradesJob({ listTrades: list }, (view) => told.push(view));
  await job.run(new AbortController().signal);
  expect(told).toEqual([]);
  const old = { ...trade({ tradeId: 'old' }), funding: '1', pnl: '4.9307' };
  rows = [{ ...trade(), funding: '0.5', pnl: '5.4307' }, old];
  await job.run(new AbortController().signal);
  await job.run(new AbortController().signal);
  expect(told.map(({ id, funding, pnl }) => [id, funding, pnl])).toEqual([['t1', '0.5', '5.4307']]);
});
