import { expect, it } from 'vitest';
import type { LedgerEntry } from '../store/ledger-row.ts';
import { ledgerCsv } from './ledger-csv.ts';

function entry(changes: Partial<LedgerEntry>): LedgerEntry {
  return {
    ...{ movementId: 'm1', kind: 'trade', word: 'TRADE', timeMs: 0, instrumentId: 'BTCUSDT', fillId: 'f1' },
    ...{ change: '4', cashFlow: '5', funding: null, fee: '1', heldAfter: null },
    postings: [
      { debit: 'wallet', credit: 'realised', amount: '5' },
      { debit: 'fees', credit: 'wallet', amount: '1' },
    ],
    ...changes,
  };
}

it('is a line for each posting', () => {
  expect(ledgerCsv(entry({}))).toBe(
    '1970-01-01T00:00:00.000Z,m1,trade,TRADE,BTCUSDT,f1,wallet,realised,5\r\n' +
      '1970-01-01T00:00:00.000Z,m1,trade,TRADE,BTCUSDT,f1,fees,wallet,1\r\n',
  );
  expect(ledgerCsv(entry({ postings: [] }))).toBe('');
});

it.each([
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['+1', "'+1"],
  ['-1+2', "'-1+2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['a,b', '"a,b"'],
  ['a\r\nb', '"a\r\nb"'],
])('never lets a spreadsheet run, or break a line at, what an exchange wrote: %j', (word, written) => {
  const line = ledgerCsv(entry({ word, postings: [{ debit: 'fees', credit: 'wallet', amount: '1' }] }));
  expect(line).toBe(`1970-01-01T00:00:00.000Z,m1,trade,${written},BTCUSDT,f1,fees,wallet,1\r\n`);
});
