import { describe, expect, it } from 'vitest';
import { doubtsOf, type ModeFacts } from './trading-mode.ts';

const FINE: ModeFacts = {
  halted: null,
  leaseTaken: true,
  leaseLost: false,
  ordersAgeMs: 1_000,
  universeKnown: true,
  accountAgeMs: 1_000,
  accountFault: null,
  accountStreamUp: true,
  marketStreamUp: true,
  stopObstacle: null,
  clockFault: null,
  tradingHalt: null,
  bannedUntilMs: null,
  storeFault: null,
  gateFault: null,
  stopping: false,
};

describe('doubts about the mode', () => {
  it('are none when everything is fresh', () => {
    expect(doubtsOf(FINE)).toEqual([]);
  });

  it.each<[string, Partial<ModeFacts>, string]>([
    ['a person who halts', { halted: 'Trading is halted.', leaseLost: true, stopping: true }, 'halted'],
    ['no lease', { leaseTaken: false }, 'starting'],
    ['a lease another process has taken', { leaseLost: true }, 'reduce-only'],
    ['orders never read', { ordersAgeMs: null }, 'reconciling'],
    ['orders read 60.001 s ago', { ordersAgeMs: 60_001 }, 'reduce-only'],
    ['no universe', { universeKnown: false }, 'starting'],
    ['an account never read', { accountAgeMs: null }, 'reconciling'],
    ['an account read 60.001 s ago', { accountAgeMs: 60_001 }, 'reduce-only'],
    ['a lost account stream', { accountStreamUp: false }, 'reduce-only'],
    ['a lost market stream', { marketStreamUp: false }, 'reduce-only'],
    ['a gate that does not know the losses', { gateFault: 'Losses are being read.' }, 'reconciling'],
    ['a store that cannot be written', { storeFault: 'The disk is full.' }, 'reduce-only'],
    ['a ban', { bannedUntilMs: 5 }, 'reduce-only'],
    [
      'a ban that the start met',
      { bannedUntilMs: 5, universeKnown: false, accountAgeMs: null },
      'reduce-only',
    ],
    ['an exchange that takes no orders', { tradingHalt: 'It takes none.' }, 'reduce-only'],
    ['clocks that disagree', { clockFault: 'The clock is off.' }, 'reduce-only'],
    ['stops that cannot be trusted', { stopObstacle: 'A stop was refused.' }, 'reduce-only'],
    ['a service that stops', { stopping: true }, 'reduce-only'],
  ])('are told with %s', (_name, facts, mode) => {
    const [doubt] = doubtsOf({ ...FINE, ...facts });
    expect(doubt?.mode).toBe(mode);
    expect(doubt?.reason).toMatch(/\.$/);
  });

  it('are all told, not only the first', () => {
    const facts = { ...FINE, accountStreamUp: false, marketStreamUp: false, storeFault: 'The disk is full.' };
    expect(doubtsOf(facts).map(({ code }) => code)).toEqual(['store', 'account-stream', 'market-stream']);
  });

  it('still count an account read 60 s ago as fresh', () => {
    expect(doubtsOf({ ...FINE, accountAgeMs: 60_000 })).toEqual([]);
  });

  it('say why the account cannot be read', () => {
    const [doubt] = doubtsOf({ ...FINE, accountAgeMs: 60_001, accountFault: 'positions: half a list' });
    expect(doubt?.reason).toContain('positions: half a list');
  });
});
