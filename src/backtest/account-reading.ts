import { ensure } from '../core/base/assert.ts';
import { type Decimal, decimal, maxDecimal, ZERO } from '../core/base/decimal.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import type { AccountSnapshot } from '../core/engine/event.ts';
import { entryPrice, type MatchingPosition, unrealisedPnl } from '../core/matching/matching-position.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';
import type { Listed, PositionReading } from './listed.ts';

/** What an account is read from. */
export interface AccountSource {
  readonly timeMs: number;
  readonly account: TradingAccount;
  readonly listed: (id: InstrumentId) => Pick<Listed, 'price' | 'leverage' | 'reading'>;
}

/**
 * The account as an exchange states it, without liquidation prices: nothing is decided by them. Added up here because
 * it is read at every close, and the account's own margin makes a book for each position.
 */
export function accountReading(source: AccountSource): AccountSnapshot {
  const { account, timeMs } = source;
  const walletBalance = account.ledger.balance;
  const readings = account.openPositions().map((position) => readingOf(position, source));
  let [equity, bound] = [walletBalance, ZERO];
  for (const reading of readings) {
    equity = equity.plus(reading.row.unrealisedPnl);
    bound = bound.plus(reading.bound);
  }
  const available = maxDecimal(ZERO, equity.minus(bound));
  const balance = { equity, walletBalance, available };
  const positions = readings.map(({ row }) => row);
  return { kind: 'account-snapshot', timeMs, asOfMs: timeMs, balance, positions };
}

/** What was made for an earlier reading is taken again while the price stands and nothing has happened there. */
function readingOf(position: MatchingPosition, { account, listed: find }: AccountSource): PositionReading {
  const listed = find(position.instrumentId);
  const { price, leverage, reading } = listed;
  if (reading?.price === price && reading.leverage === leverage) return reading;
  const markPrice = decimal(price);
  const bound = markPrice.times(position.quantity).dividedBy(leverage);
  const made = { row: rowOf(position, { account, markPrice, leverage }), price, leverage, bound };
  listed.reading = made;
  return made;
}

function rowOf(
  position: MatchingPosition,
  {
    account,
    markPrice,
    leverage,
  }: Pick<AccountSource, 'account'> & Pick<ExchangePosition, 'markPrice' | 'leverage'>,
): ExchangePosition {
  const { instrumentId, direction, quantity } = position;
  const trigger = (origin: 'stop-loss' | 'take-profit'): Decimal | null =>
    account.protection(position, origin)?.trigger?.price ?? null;
  return {
    instrumentId,
    direction,
    quantity,
    entryPrice: ensure(entryPrice(position), 'An open position has an entry price.'),
    markPrice,
    leverage,
    stopPrice: trigger('stop-loss'),
    takeProfitPrice: trigger('take-profit'),
    liquidationPrice: null,
    unrealisedPnl: unrealisedPnl(position, markPrice),
  };
}
