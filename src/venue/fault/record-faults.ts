import { z } from 'zod';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind } from './fault.ts';
import { durationOr } from './fault-input.ts';

const CANCEL = '/v5/order/cancel';

/** Faults of what the venue remembers of orders, and of the moment a cancel meets a fill. */
export const recordFaults: readonly FaultKind[] = [
  faultKind({
    name: 'cancel-race',
    purpose: 'A cancel is accepted and comes too late: the resting order fills, and is told twice as filled.',
    params: z.strictObject({}),
    hooks: (_params, site) => ({
      onRequest: (request) => {
        if (request.path !== CANCEL || !site.strike(request.body)) return null;
        return {
          before: () => race(site, 1),
          reply: (response) => {
            race(site, 0);
            return response;
          },
        };
      },
    }),
  }),
  faultKind({
    name: 'recent-orders-lost',
    purpose: 'The service of open orders was started again: closed orders are in the history alone.',
    params: z.strictObject({}),
    hooks: (_params, site) => lostRecords(site),
  }),
  faultKind({
    name: 'history-late',
    purpose: 'Closed orders show in the history only after a while.',
    params: z.strictObject({ lag: durationOr(30_000) }),
    hooks: ({ lag }, site) => lateHistory(site, lag),
  }),
];

function race(site: FaultSite, count: 0 | 1): void {
  for (const account of site.floor.accounts()) account.loseCancelRaces(count);
}

function lostRecords(site: FaultSite): FaultHooks {
  if (site.strike('closed orders were forgotten')) site.floor.orderRecords.restart(site.clock.nowMs());
  return {};
}

function lateHistory(site: FaultSite, lagMs: number): FaultHooks {
  if (site.strike(`${lagMs} ms`)) site.floor.orderRecords.setHistoryLag(lagMs);
  return { end: () => site.floor.orderRecords.setHistoryLag(0) };
}
