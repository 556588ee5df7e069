import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDemoBooks, type WantedMarket } from './demo-books.ts';

const USUAL = {
  seed: 5,
  scale: 'demo',
  instruments: 600,
  contracts: '',
  replay: '',
  timeframe: '',
} as const;

let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'infobot-demo-'));
});

afterEach(() => rmSync(home, { recursive: true }));

function open(wanted: Partial<WantedMarket> = {}, more: { fresh?: boolean; account?: string } = {}) {
  return openDemoBooks(home, {
    wanted: { contracts: '', replay: '', ...wanted },
    usual: USUAL,
    fresh: more.fresh ?? false,
    account: more.account ?? null,
  });
}

/** Opens, looks who it is, and lets go. */
function accountOf(wanted?: Partial<WantedMarket>, more?: { fresh?: boolean; account?: string }): string {
  const { opening, close } = open(wanted, more);
  close();
  return opening.account;
}

describe('the books of the demo account', () => {
  it('are opened once and found again, with market and rows', () => {
    const first = open({ seed: 9 });
    first.books.save([{ shelf: 'shelf', key: 'key', text: '"text"' }]);
    first.close();
    const second = open();
    expect(second.isFresh).toBe(false);
    expect(second.opening).toEqual(first.opening);
    expect(second.opening.market).toEqual({ ...USUAL, seed: 9 });
    expect(second.books.load()).toEqual([{ shelf: 'shelf', key: 'key', text: '"text"' }]);
    second.close();
  });

  it('keep rows in the order they were first written, however often they are written', () => {
    const { books, close } = open();
    const row = (key: string, text: string | null) => ({ shelf: 'shelf', key, text });
    books.save([row('b', '1'), row('a', '1')]);
    books.save([row('c', '1'), row('b', '2'), row('a', null)]);
    expect(books.load().map(({ key, text }) => key + text)).toEqual(['b2', 'c1']);
    close();
  });

  it('are refused to what was typed for another market', () => {
    accountOf({ seed: 9 });
    expect(() => open({ seed: 8 })).toThrow(
      '--seed: the demo account of this home trades another market (9, not 8)',
    );
    expect(() => open({ instruments: 40 })).toThrow('--instruments');
    expect(() => open({ contracts: 'hash' })).toThrow('--instruments FILE');
  });

  it('are set aside, not lost, for a new account', () => {
    const first = accountOf();
    const second = accountOf({ seed: 8 }, { fresh: true });
    expect(second).not.toBe(first);
    const [aside = ''] = readdirSync(home).filter((name) => name.startsWith('venue-until-'));
    renameSync(join(home, aside), join(home, 'venue.db'));
    expect(accountOf()).toBe(first);
  });

  it('of a recording stand beside those of the demo', () => {
    const demo = accountOf();
    expect(accountOf({ replay: '/candles', timeframe: '1m', instruments: 0 })).not.toBe(demo);
    expect(accountOf()).toBe(demo);
  });

  it('that are damaged, gone or of another account are refused and left alone', () => {
    const account = accountOf();
    expect(() => open({}, { account: 'demo-other' })).toThrow(`the books of ${account}, not of demo-other`);
    rmSync(join(home, 'venue.db'));
    expect(() => open({}, { account })).toThrow(`The books of the demo account ${account} are gone`);
    writeFileSync(join(home, 'venue.db'), 'no database');
    expect(() => open()).toThrow('--fresh-demo opens a new account and sets these books aside');
    expect(() => open()).toThrow('--fresh-demo');
    rmSync(join(home, 'venue.db'));
    expect(accountOf()).not.toBe(account);
  });

  it('belong to one process at a time', () => {
    const first = open();
    expect(() => open()).toThrow('A venue already runs');
    first.close();
    accountOf();
  });
});
