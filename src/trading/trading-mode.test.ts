import { describe, expect, it } from 'vitest';
import { type ModeFacts, readMode } from './trading-mode.ts';

const FINE: ModeFacts = {
  leaseTaken: true,
  leaseLost: false,
  universeKnown: true,
  accountAgeMs: 1_000,
  accountFault: null,
  accountStreamUp: true,
  marketStreamUp: true,
  bannedUntilMs: null,
  stopping: false,
};

describe('readMode', () => {
  it('is ready when everything is fresh', () => {
    expect(readMode(FINE).mode).toBe('ready');
  });

  it.each<[string, Partial<ModeFacts>, string]>([
    ['no lease', { leaseTaken: false }, 'starting'],
    ['a lease another process has taken', { leaseLost: true }, 'reduce-only'],
    ['no universe', { universeKnown: false }, 'starting'],
    ['an account never read', { accountAgeMs: null }, 'reconciling'],
    ['an account read 60.001 s ago', { accountAgeMs: 60_001 }, 'reduce-only'],
    ['a lost account stream', { accountStreamUp: false }, 'reduce-only'],
    ['a lost market stream', { marketStreamUp: false }, 'reduce-only'],
    ['a ban', { bannedUntilMs: 5 }, 'reduce-only'],
    ['a service that stops', { stopping: true }, 'reduce-only'],
  ])('leaves ready with %s', (_name, facts, mode) => {
    const reading = readMode({ ...FINE, ...facts });
    expect(reading.mode).toBe(mode);
    expect(reading.reason).toMatch(/\.$/);
  });

  it('still counts an account read 60 s ago as fresh', () => {
    expect(readMode({ ...FINE, accountAgeMs: 60_000 }).mode).toBe('ready');
  });

  it('says why the account cannot be read', () => {
    const reading = readMode({ ...FINE, accountAgeMs: 60_001, accountFault: 'positions: half a list' });
    expect(reading.reason).toContain('positions: half a list');
  });
});
