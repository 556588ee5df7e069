import { ensure } from '../core/base/assert.ts';
import { type Decimal, decimal, maxDecimal, ZERO } from '../core/base/decimal.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import type { AccountSnapshot } from '../core/engine/event.ts';
import { entryPrice, type MatchingPosition, unrealisedPnl } from '../core/matching/matching-position.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';
import type { Listed } from './listed.ts';

/** What an account is read from. */
export interface AccountSource {
  readonly timeMs: number;
  readonly account: TradingAccount;
  readonly listed: (id: InstrumentId) => Pick<Listed, 'price' | 'leverage'>;
}

/**
 * The account as an exchange states it, without liquidation prices: nothing is decided by them. Added up here because
 * it is read at every close, and the account's own margin makes a book for each position.
 */
export function accountReading(source: AccountSource): AccountSnapshot {
  const { account, timeMs } = source;
  const walletBalance = account.ledger.balance;
  const positions = account.openPositions().map((position) => rowOf(position, source));
  let [equity, bound] = [walletBalance, ZERO];
  for (const { unrealisedPnl: open, markPrice, quantity, leverage } of positions) {
    equity = equity.plus(open);
    bound = bound.plus(markPrice.times(quantity).dividedBy(leverage));
  }
  const available = maxDecimal(ZERO, equity.minus(bound));
  const balance = { equity, walletBalance, available };
  return { kind: 'account-snapshot', timeMs, asOfMs: timeMs, balance, positions };
}

function rowOf(position: MatchingPosition, { account, listed }: AccountSource): ExchangePosition {
  const { instrumentId, direction, quantity } = position;
  const { price, leverage } = listed(instrumentId);
  const markPrice = decimal(price);
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
