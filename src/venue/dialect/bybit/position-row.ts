import { type Decimal, decimal, ZERO } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { entryPrice, type MatchingPosition } from '../../../core/matching/matching-position.ts';
import { riskTiersOf } from '../../../core/matching/risk-tier.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import { deleveragingLights } from '../../deleveraging.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { CATEGORY, moneyText, priceText, quantityText, SIDES } from './words.ts';

/** Whose position it is, and among whom: the queue of deleveraging is the exchange's. */
export interface PositionHolder {
  readonly account: TradingAccount;
  readonly floor: TradingFloor;
}

/** A position as `position/list` lists it; a flat one has size 0 and an empty side. */
export function positionRow(
  holder: PositionHolder,
  position: MatchingPosition,
  instrument: Instrument,
): Record<string, unknown> {
  const entry = entryPrice(position);
  return {
    ...sharedFields(holder, position, instrument),
    avgPrice: moneyText(entry ?? ZERO),
    liqPrice: priceText(holder.account.liquidationPrice(position), instrument),
    mmrSysUpdateTime: '',
    mmrSysUpdatedTime: '',
  };
}

/** A position as the private `position` topic pushes it: the entry price has another name there. */
export function positionPush(
  holder: PositionHolder,
  position: MatchingPosition,
  instrument: Instrument,
): Record<string, unknown> {
  return {
    category: CATEGORY,
    ...sharedFields(holder, position, instrument),
    entryPrice: moneyText(entryPrice(position) ?? ZERO),
    liqPrice: priceText(holder.account.liquidationPrice(position), instrument),
    mmrSysUpdatedTime: '',
  };
}

function sharedFields(
  { account, floor }: PositionHolder,
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
    riskId: margin.tier,
    riskLimitValue: moneyTextOr(riskTiersOf(instrument)[margin.tier - 1]?.valueMax),
    symbol: instrument.exchangeSymbol,
    side: isOpen ? side : '',
    size: quantityText(position.quantity, instrument),
    positionValue: moneyText(position.entryValue),
    tradeMode: 0,
    positionStatus: 'Normal',
    autoAddMargin: Number(position.addsCollateral),
    adlRankIndicator: deleveragingLights(floor.accounts(), account, position),
    leverage: moneyText(margin.leverage),
    breakEvenPrice: breakEvenText(account, position),
    positionBalance: account.marginMode === 'isolated' ? moneyText(position.collateral) : initial,
    markPrice: priceText(margin.markPrice, instrument),
    bustPrice:
      account.marginMode === 'isolated' ? priceText(account.bankruptcyPrice(position), instrument) : '',
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
    openTime: isOpen ? position.openedMs : 0,
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

function moneyTextOr(value: Decimal | null | undefined): string {
  return value === null || value === undefined ? '' : moneyText(value);
}
