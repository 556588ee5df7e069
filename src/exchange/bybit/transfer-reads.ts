import type { Transfer } from '../../core/domain/position.ts';
import { known, type Reading } from '../../core/domain/reading.ts';
import { readRows } from './account-reads.ts';
import type { ReadContext } from './market-reads.ts';
import { parse, transactionRow } from './schema.ts';

const PATH = '/v5/account/transaction-log';
/** Movements that are no result of trading. @see https://bybit-exchange.github.io/docs/v5/enum#typeuta-translog */
const TYPES = ['TRANSFER_IN', 'TRANSFER_OUT'] as const;

/** Transfers of USDT between the trading account and anywhere else. One kind that cannot be read makes all unknown. */
export async function readTransfers(
  context: ReadContext,
  sinceMs: number,
  untilMs: number,
): Promise<Reading<readonly Transfer[]>> {
  const transfers: Transfer[] = [];
  let asOfMs = untilMs;
  for (const type of TYPES) {
    const times = { startTime: String(sinceMs), endTime: String(untilMs) };
    const parameters = { accountType: 'UNIFIED', currency: 'USDT', type, ...times, limit: '50' };
    const call = { path: PATH, parameters, signed: true, requestClass: 'reconcile' } as const;
    const reading = await readRows(context, call, (row) => {
      const parsed = parse(transactionRow, row);
      if (!parsed.ok) return parsed;
      return { ok: true, value: { timeMs: parsed.value.transactionTime, amount: parsed.value.change } };
    });
    if (reading.kind === 'unknown') return reading;
    asOfMs = Math.min(asOfMs, reading.asOfMs);
    for (const transfer of reading.value) transfers.push(transfer);
  }
  return known(transfers, asOfMs, PATH);
}
