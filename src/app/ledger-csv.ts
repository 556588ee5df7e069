import type { LedgerEntry } from '../store/ledger-row.ts';

/** The first line. Times are UTC, amounts USDT. */
export const LEDGER_CSV_HEADER = 'time,id,kind,word,symbol,fill,debit,credit,amount\r\n';

/** A line for each posting of an entry (RFC 4180); empty for one that moved nothing. */
export function ledgerCsv(entry: LedgerEntry): string {
  const { timeMs, movementId, kind, word, instrumentId, fillId, postings } = entry;
  const head = [new Date(timeMs).toISOString(), movementId, kind, word, instrumentId ?? '', fillId ?? ''];
  const lines = postings.map(({ debit, credit, amount }) => [...head, debit, credit, amount].map(cell));
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/**
 * Text that a spreadsheet would run as a formula, and an exchange may write anything, is led by an apostrophe.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
