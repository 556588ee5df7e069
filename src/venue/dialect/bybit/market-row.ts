import { decimalText } from '../../../core/base/decimal.ts';
import { seedOf } from '../../../core/base/rng.ts';
import type { Candle } from '../../../core/domain/candle.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { orderRulesOf } from '../../../core/matching/order-rules.ts';
import type { TabledInstrument } from '../../market/instrument-table.ts';
import { listedRow } from './listed-row.ts';
import { baseCoin, INSTRUMENT_STATUSES, priceText } from './words.ts';

const MINUTE_MS = 60_000;
/** Bybit's bounds of most contracts. */
export const FUNDING_RATE_MAX = '0.00375';
const LEVERAGE_STEP = '0.01';
const PREMIUM_PLACES = 6;

/** An instrument as `market/instruments-info` lists it: as its table does, where it comes from one. */
export function instrumentRow(instrument: TabledInstrument): Record<string, unknown> {
  const { listedAs } = instrument;
  if (listedAs === undefined) return ownRow(instrument);
  const symbolId = seedOf(instrument.exchangeSymbol);
  return { symbolId, symbolType: '', ...listedRow(listedAs, instrument) };
}

function ownRow(instrument: Instrument): Record<string, unknown> {
  const tick = decimalText(instrument.tickSize);
  const rules = orderRulesOf(instrument);
  return {
    symbol: instrument.exchangeSymbol,
    symbolId: seedOf(instrument.exchangeSymbol),
    contractType: 'LinearPerpetual',
    status: INSTRUMENT_STATUSES[instrument.status],
    baseCoin: baseCoin(instrument),
    quoteCoin: instrument.quote,
    launchTime: String(instrument.launchTimeMs),
    deliveryTime: String(instrument.deliveryTimeMs ?? 0),
    deliveryFeeRate: '',
    priceScale: String(instrument.tickSize.decimalPlaces()),
    leverageFilter: {
      minLeverage: '1',
      maxLeverage: instrument.leverageMax.toFixed(2),
      leverageStep: LEVERAGE_STEP,
    },
    priceFilter: {
      minPrice: tick,
      maxPrice: decimalText(instrument.tickSize.times(19_999_998)),
      tickSize: tick,
    },
    lotSizeFilter: {
      maxOrderQty: decimalText(rules.limitQuantityMax),
      minOrderQty: decimalText(instrument.quantityMin),
      qtyStep: decimalText(instrument.quantityStep),
      postOnlyMaxOrderQty: decimalText(rules.postOnlyQuantityMax),
      maxMktOrderQty: decimalText(instrument.marketQuantityMax),
      minNotionalValue: decimalText(instrument.notionalMin),
    },
    unifiedMarginTrade: true,
    fundingInterval: instrument.fundingIntervalMs / MINUTE_MS,
    settleCoin: instrument.quote,
    copyTrading: 'none',
    upperFundingRate: FUNDING_RATE_MAX,
    lowerFundingRate: `-${FUNDING_RATE_MAX}`,
    isPreListing: instrument.status === 'pre-launch',
    preListingInfo: instrument.status === 'pre-launch' ? preListing(instrument) : null,
    riskParameters: {
      priceLimitRatioX: decimalText(rules.priceLimitRate),
      priceLimitRatioY: decimalText(rules.priceLimitRateMax),
    },
    symbolType: '',
    displayName: '',
    forbidUplWithdrawal: false,
  };
}

/** Before the launch no phase of the auction has begun. */
function preListing({ launchTimeMs }: Instrument): Record<string, unknown> {
  const phase = 'NotStarted';
  return {
    curAuctionPhase: phase,
    phases: [{ phase, startTime: String(launchTimeMs), endTime: '' }],
    auctionFeeInfo: { auctionFeeRate: '0', takerFeeRate: '0.001', makerFeeRate: '0.0004' },
  };
}

/** The fields only the REST ticker of every contract has. */
export const REST_TICKER_FIELDS = {
  predictedDeliveryPrice: '',
  basisRate: '',
  basisRateYear: '',
  basis: '',
  deliveryFeeRate: '',
  deliveryTime: '0',
} as const;

/** A candle as `market/kline` lists it. */
export function candleRow(candle: Candle, instrument: Instrument): readonly string[] {
  return [...referenceRow(candle, instrument), volumeText(candle.volume), turnoverText(candle)];
}

/** A candle of mark or index prices. */
export function referenceRow(candle: Candle, instrument: Instrument): readonly string[] {
  const { openTimeMs, open, high, low, close } = candle;
  return [String(openTimeMs), ...[open, high, low, close].map((price) => priceText(price, instrument))];
}

/** A candle of the premium, which is a rate. */
export function premiumRow({ openTimeMs, open, high, low, close }: Candle): readonly string[] {
  return [String(openTimeMs), ...[open, high, low, close].map((rate) => rate.toFixed(PREMIUM_PLACES))];
}

/** A candle as the `kline` topic pushes it. */
export function candlePush(
  candle: Candle,
  instrument: Instrument,
  at: {
    readonly interval: string;
    readonly lengthMs: number;
    readonly confirm: boolean;
    readonly nowMs: number;
  },
): Record<string, unknown> {
  return {
    start: candle.openTimeMs,
    end: candle.openTimeMs + at.lengthMs - 1,
    interval: at.interval,
    open: priceText(candle.open, instrument),
    close: priceText(candle.close, instrument),
    high: priceText(candle.high, instrument),
    low: priceText(candle.low, instrument),
    volume: volumeText(candle.volume),
    turnover: turnoverText(candle),
    confirm: at.confirm,
    timestamp: at.nowMs,
  };
}

function volumeText(volume: number): string {
  return volume.toFixed(4);
}

/** Candles carry no turnover: volume times the typical price stands for it. */
function turnoverText(candle: Candle): string {
  const typical = (candle.open + candle.high + candle.low + candle.close) / 4;
  return (candle.volume * typical).toFixed(4);
}
