import type { LedgerEntryView, LedgerStandingView } from '../../src/api/ledger.ts';
import type { Rows } from '../../src/http/caller.ts';
import type { LedgerApi, LedgerRequest } from '../../src/http/ledger-api.ts';

const ENTRY: LedgerEntryView = {
  id: '17',
  timeMs: 1_760_000_000_000,
  kind: 'trade',
  word: 'TRADE',
  symbol: 'BTCUSDT',
  fillId: 'f1',
  change: '-0.25',
  postings: [{ debit: 'fees', credit: 'wallet', amount: '0.25' }],
};

const STANDING: LedgerStandingView = {
  openedMs: 1_759_000_000_000,
  readToMs: 1_760_000_000_500,
  accounts: [
    { account: 'fees', balance: '0.25' },
    { account: 'wallet', balance: '-0.25' },
  ],
  comparison: { asOfMs: 1_760_000_000_500, ledger: '-0.25', exchange: '-0.25', drift: '0' },
  agreedMs: 1_760_000_000_500,
  fault: null,
};

/** Books with one entry; records what they were asked. */
export class FakeLedger implements LedgerApi {
  readonly asked: LedgerRequest[] = [];

  async standing(): Promise<LedgerStandingView> {
    return STANDING;
  }

  async list(page: LedgerRequest): Promise<Rows<LedgerEntryView> | null> {
    this.asked.push(page);
    return page.cursor === 'foreign' ? null : { rows: [ENTRY], nextCursor: null };
  }

  async *csv(): AsyncGenerator<string> {
    yield 'time\r\n';
    yield '2026\r\n';
  }
}
