import type { Movement, MovementKind } from '../../core/domain/movement.ts';
import { known, type Reading } from '../../core/domain/reading.ts';
import { readRows } from './account-reads.ts';
import type { ReadContext } from './market-reads.ts';
import { parse, type TransactionRow, transactionRow } from './schema.ts';

const PATH = '/v5/account/transaction-log';
/** A list is 2,500 rows at most; one window of a busy account must not be more. */
const WINDOW_MS = 3 * 3_600_000;

/** @see https://bybit-exchange.github.io/docs/v5/enum#typeuta-translog */
const KINDS: ReadonlyMap<string, MovementKind> = new Map([
  ['TRADE', 'trade'],
  ['SETTLEMENT', 'funding'],
  ['DELIVERY', 'delivery'],
  ['LIQUIDATION', 'liquidation'],
  ['ADL', 'deleveraging'],
  ['INTEREST', 'interest'],
  ['TRANSFER_IN', 'transfer'],
  ['TRANSFER_OUT', 'transfer'],
  ['CURRENCY_BUY', 'conversion'],
  ['CURRENCY_SELL', 'conversion'],
  ['BONUS', 'bonus'],
  ['BONUS_RECOLLECT', 'bonus'],
  ['AIRDROP', 'bonus'],
  ['FEE_REFUND', 'refund'],
]);

/** What moved USDT of the account, each once. One row that cannot be read makes all unknown. */
export async function readMovements(
  context: ReadContext,
  sinceMs: number,
  untilMs: number,
): Promise<Reading<readonly Movement[]>> {
  const byId = new Map<string, Movement>();
  let asOfMs = untilMs;
  for (let fromMs = sinceMs; fromMs <= untilMs; fromMs += WINDOW_MS) {
    const times = { startTime: String(fromMs), endTime: String(Math.min(untilMs, fromMs + WINDOW_MS - 1)) };
    const parameters = { accountType: 'UNIFIED', currency: 'USDT', ...times, limit: '50' };
    const call = { path: PATH, parameters, signed: true, requestClass: 'reconcile' } as const;
    const reading = await readRows(context, call, (row) => parse(transactionRow, row));
    if (reading.kind === 'unknown') return reading;
    asOfMs = Math.min(asOfMs, reading.asOfMs);
    for (const row of reading.value) byId.set(row.id, movementOf(context, row));
  }
  return known([...byId.values()], asOfMs, PATH);
}

function movementOf({ registry }: ReadContext, row: TransactionRow): Movement {
  const { id, type: word, symbol, tradeId, transactionTime: timeMs, change, cashFlow, funding, fee } = row;
  const meaning = symbol === '' ? null : registry.meaningOf(symbol);
  const isOurs = meaning?.kind === 'ours' && row.category !== 'spot';
  return {
    ...{ id, word, timeMs, change, cashFlow, funding, fee },
    kind: kindOf(row),
    instrumentId: isOurs ? meaning.id : null,
    heldAfter: isOurs ? row.size : null,
    fillId: tradeId === '' ? null : tradeId,
  };
}

/** A trade of coins is a conversion: what USDT it costs is there as a coin. A loss made good has no fill. */
function kindOf({ type, category, tradeId }: TransactionRow): MovementKind {
  const kind = KINDS.get(type) ?? 'unknown';
  if (kind === 'trade' && category === 'spot') return 'conversion';
  return kind === 'liquidation' && tradeId === '' ? 'insurance' : kind;
}
