import { decimal, ZERO } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { entryPrice, type MatchingPosition } from '../../../core/matching/matching-position.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import { CATEGORY, moneyText, priceText, quantityText, SIDES } from './words.ts';

/** A position as `position/list` lists it; a flat one has size 0 and an empty side. */
export function positionRow(
  account: TradingAccount,
  position: MatchingPosition,
  instrument: Instrument,
): Record<string, unknown> {
  const entry = entryPrice(position);
  return {
    ...sharedFields(account, position, instrument),
    avgPrice: moneyText(entry ?? ZERO),
    liqPrice: priceText(account.liquidationPrice(position), instrument),
    mmrSysUpdateTime: '',
  };
}

/** A position as the private `position` topic pushes it: the entry price has another name there. */
export function positionPush(
  account: TradingAccount,
  position: MatchingPosition,
  instrument: Instrument,
): Record<string, unknown> {
  return {
    category: CATEGORY,
    ...sharedFields(account, position, instrument),
    entryPrice: moneyText(entryPrice(position) ?? ZERO),
    liqPrice: priceText(account.liquidationPrice(position), instrument),
    mmrSysUpdatedTime: '',
  };
}

function sharedFields(
  account: TradingAccount,
  position: MatchingPosition,
  instrument: Instrument,
): Record<string, unknown> {
  const margin = account.positionMargin(position);
  const isOpen = !position.quantity.isZero();
  const side = position.direction === 'long' ? SIDES.buy : SIDES.sell;
  const initial = moneyText(margin.initial);
  const maintenance = moneyText(margin.maintenance);
  return {
    positionIdx: position.positionIndex,
    riskId: 1,
    riskLimitValue: '',
    symbol: instrument.exchangeSymbol,
    side: isOpen ? side : '',
    size: quantityText(position.quantity, instrument),
    positionValue: moneyText(position.entryValue),
    tradeMode: 0,
    positionStatus: 'Normal',
    autoAddMargin: 0,
    adlRankIndicator: 0,
    leverage: moneyText(margin.leverage),
    breakEvenPrice: breakEvenText(account, position),
    positionBalance: initial,
    markPrice: priceText(margin.markPrice, instrument),
    bustPrice: '',
    positionIM: initial,
    positionIMByMp: initial,
    positionMM: maintenance,
    positionMMByMp: maintenance,
    ...protectionFields(account, position, instrument),
    unrealisedPnl: moneyText(margin.unrealisedPnl),
    curRealisedPnl: moneyText(position.realisedPnl),
    cumRealisedPnl: moneyText(position.cumulativeRealisedPnl),
    sessionAvgPrice: '',
    seq: position.updatedMs,
    isReduceOnly: false,
    leverageSysUpdatedTime: '',
    createdTime: String(position.openedMs),
    updatedTime: String(position.updatedMs),
  };
}

function protectionFields(
  account: TradingAccount,
  position: MatchingPosition,
  instrument: Instrument,
): Record<string, string> {
  const priceOf = (origin: 'take-profit' | 'stop-loss'): string =>
    priceText(account.protection(position, origin)?.trigger?.price, instrument);
  const trail = account.protection(position, 'trailing-stop')?.trail ?? null;
  return {
    tpslMode: 'Full',
    takeProfit: priceOf('take-profit'),
    stopLoss: priceOf('stop-loss'),
    trailingStop: trail === null ? '0' : priceText(trail.distance, instrument),
  };
}

/** Price at which closing as taker pays for the fees of both ends. Empty when flat. */
function breakEvenText(account: TradingAccount, position: MatchingPosition): string {
  if (position.quantity.isZero()) return '';
  const sign = position.direction === 'long' ? 1 : -1;
  const cost = position.entryValue.times(sign).plus(position.openFees);
  return moneyText(cost.dividedBy(position.quantity.times(decimal(sign).minus(account.feeRates.taker))));
}
