import { describe, expect, it } from 'vitest';
import { exchange, order } from '../../test/fixture/matching-desk.ts';
import { FeeDesk } from './fee-desk.ts';
import { feeTierFor } from './fee-tier.ts';

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;

describe('fee tiers', () => {
  it('come with the volume of 30 days, at the bound and not before', () => {
    expect(feeTierFor(9_999_999).level).toBe('No VIP');
    expect(feeTierFor(10_000_000).level).toBe('VIP-1');
    expect(feeTierFor(1e12).level).toBe('VIP-Supreme');
  });
});

describe('FeeDesk', () => {
  const traded = () => {
    const { account } = exchange({ last: 100, top: 1e7, wallet: 2_000_000 });
    const desk = new FeeDesk();
    desk.review([account], NOON);
    account.place(order({ side: 'buy', quantity: 60_000 }));
    account.place(order({ side: 'sell', quantity: 60_000, reduceOnly: true }));
    desk.note(account, account.drainEvents(), NOON);
    return { account, desk };
  };

  it('looks at volumes at midnight: twelve million make a tier, and cheaper fees', () => {
    const { account, desk } = traded();
    desk.review([account], NOON + 1000);
    expect(desk.tierOf(account.uid).level).toBe('No VIP');
    desk.review([account], NOON + DAY_MS / 2);
    expect(desk.tierOf(account.uid).level).toBe('VIP-1');
    expect(account.feeRates.taker.toNumber()).toBe(0.0004);
  });

  it('forgets a volume after 30 days', () => {
    const { account, desk } = traded();
    desk.review([account], NOON + 30 * DAY_MS);
    expect(desk.tierOf(account.uid).level).toBe('VIP-1');
    desk.review([account], NOON + 31 * DAY_MS);
    expect(desk.tierOf(account.uid).level).toBe('No VIP');
  });

  it('keeps a promise whatever the volume, until it is taken back', () => {
    const { account, desk } = traded();
    expect(desk.promise(account, 'VIP-4')).toBe(true);
    desk.review([account], NOON + 40 * DAY_MS);
    expect(desk.tierOf(account.uid).level).toBe('VIP-4');
    expect(desk.promise(account, 'VIP-99')).toBe(false);
    desk.promise(account, null);
    expect(desk.tierOf(account.uid).level).toBe('No VIP');
  });
});
