import { type Decimal, decimalText } from '../core/base/decimal.ts';
import type { Movement } from '../core/domain/movement.ts';

/** The wallet by the ledger and by the exchange, at one instant of the exchange's clock. */
export interface LedgerComparison {
  readonly asOfMs: number;
  readonly ledger: Decimal;
  readonly exchange: Decimal;
}

/** Something a person should know of the books. */
export interface LedgerNotice {
  readonly severity: 'info' | 'warning' | 'critical';
  readonly code: `ledger.${string}`;
  readonly message: string;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Ledger and wallet differ, and not because a row is late. */
export function driftNotice({ ledger, exchange, asOfMs }: LedgerComparison): LedgerNotice {
  const [ours, theirs] = [decimalText(ledger), decimalText(exchange)];
  const drift = decimalText(exchange.minus(ledger));
  return {
    severity: 'critical',
    code: 'ledger.drift',
    message:
      `The wallet holds ${theirs} USDT by the exchange and ${ours} by the ledger, ${drift} apart. The exchange's ` +
      'list of transactions lacks an entry, or has one too many; it is read again until both are equal.',
    detail: { exchange: theirs, ledger: ours, drift, asOfMs },
  };
}

/** They are equal again. */
export function healedNotice({ ledger, asOfMs }: LedgerComparison, drift: string): LedgerNotice {
  return {
    severity: 'info',
    code: 'ledger.healed',
    message: `The ledger equals the wallet again: ${decimalText(ledger)} USDT. They were ${drift} apart.`,
    detail: { ledger: decimalText(ledger), drift, asOfMs },
  };
}

/** Money moved for a reason we have no account for. */
export function unexplainedNotice({ id, word, change }: Movement): LedgerNotice {
  const amount = decimalText(change);
  return {
    severity: 'warning',
    code: 'ledger.unexplained',
    message: `The exchange moved ${amount} USDT for a reason we do not know, ${word}. It is booked as unexplained.`,
    detail: { id, word, change: amount },
  };
}

/** The exchange now says otherwise of what is booked. */
export function contradictionNotice({ id, word, change }: Movement): LedgerNotice {
  const amount = decimalText(change);
  return {
    severity: 'critical',
    code: 'ledger.contradiction',
    message: `The exchange tells transaction ${id} (${word}, ${amount} USDT) otherwise than before. The ledger keeps what was told first.`,
    detail: { id, word, change: amount },
  };
}
