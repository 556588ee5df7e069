import { type Decimal, ZERO } from '../../../core/base/decimal.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import { moneyText, SETTLE_COIN } from './words.ts';

/**
 * The unified account as `account/wallet-balance` and the `wallet` topic show it: one coin, at par with USD. In
 * isolated mode what is asked of the account as a whole has no answer and is empty.
 */
export function walletRow(account: TradingAccount): Record<string, unknown> {
  const margin = account.margin();
  const initialMargin = margin.positionMargin.plus(margin.orderMargin);
  const ofAccount = (text: string): string => (margin.mode === 'cross' ? text : '');
  const initialRate = ofAccount(rateText(initialMargin, margin.equity));
  const maintenanceRate = ofAccount(rateText(margin.maintenanceMargin, margin.equity));
  return {
    totalEquity: moneyText(margin.equity),
    accountIMRate: initialRate,
    accountIMRateByMp: initialRate,
    totalMarginBalance: ofAccount(moneyText(margin.equity)),
    totalInitialMargin: ofAccount(moneyText(initialMargin)),
    totalInitialMarginByMp: ofAccount(moneyText(initialMargin)),
    accountType: 'UNIFIED',
    totalAvailableBalance: ofAccount(moneyText(margin.available)),
    accountMMRate: maintenanceRate,
    accountMMRateByMp: maintenanceRate,
    totalPerpUPL: moneyText(margin.unrealisedPnl),
    totalWalletBalance: moneyText(margin.walletBalance),
    accountLTV: '0',
    totalMaintenanceMargin: ofAccount(moneyText(margin.maintenanceMargin)),
    totalMaintenanceMarginByMp: ofAccount(moneyText(margin.maintenanceMargin)),
    coin: [coinRow(account)],
  };
}

function coinRow(account: TradingAccount): Record<string, unknown> {
  const margin = account.margin();
  return {
    coin: SETTLE_COIN,
    equity: moneyText(margin.equity),
    usdValue: moneyText(margin.equity),
    walletBalance: moneyText(margin.walletBalance),
    locked: '0',
    spotHedgingQty: '0',
    borrowAmount: '0',
    availableToBorrow: '',
    availableToWithdraw: '',
    accruedInterest: '0',
    totalOrderIM: moneyText(margin.orderMargin),
    totalPositionIM: moneyText(margin.positionMargin),
    totalPositionMM: moneyText(margin.maintenanceMargin),
    unrealisedPnl: moneyText(margin.unrealisedPnl),
    cumRealisedPnl: moneyText(account.cumulativeRealisedPnl()),
    bonus: '0',
    collateralSwitch: true,
    marginCollateral: true,
    spotBorrow: '0',
    colRes: '0',
  };
}

function rateText(part: Decimal, whole: Decimal): string {
  return moneyText(whole.greaterThan(ZERO) ? part.dividedBy(whole) : ZERO);
}
