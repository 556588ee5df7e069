import { decimal, decimalText } from '../../../core/base/decimal.ts';
import { seedOf } from '../../../core/base/rng.ts';
import type { Candle } from '../../../core/domain/candle.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import type { Quote } from '../../market/market-source.ts';
import { baseCoin, INSTRUMENT_STATUSES, priceText, quantityText } from './words.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Bybit's bounds of most contracts. */
const FUNDING_RATE_MAX = '0.00375';
const LEVERAGE_STEP = '0.01';

/** What the ticker shows beside the quote. */
export interface TickerExtras {
  readonly openInterest: number;
  /** Price an hour ago, as near as hourly candles tell. */
  readonly price1hAgo: number;
}

/** An instrument as `market/instruments-info` lists it. */
export function instrumentRow(instrument: Instrument): Record<string, unknown> {
  const tick = decimalText(instrument.tickSize);
  const largest = decimalText(instrument.marketQuantityMax);
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
      maxOrderQty: largest,
      minOrderQty: decimalText(instrument.quantityMin),
      qtyStep: decimalText(instrument.quantityStep),
      postOnlyMaxOrderQty: largest,
      maxMktOrderQty: largest,
      minNotionalValue: decimalText(instrument.notionalMin),
    },
    unifiedMarginTrade: true,
    fundingInterval: instrument.fundingIntervalMs / MINUTE_MS,
    settleCoin: instrument.quote,
    copyTrading: 'none',
    upperFundingRate: FUNDING_RATE_MAX,
    lowerFundingRate: `-${FUNDING_RATE_MAX}`,
    isPreListing: instrument.status === 'pre-launch',
    preListingInfo: null,
    riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.1' },
    symbolType: '',
  };
}

/** The fields `market/tickers` and the `tickers` topic share. All text. */
export function tickerRow(
  quote: Quote,
  instrument: Instrument,
  extras: TickerExtras,
): Record<string, string> {
  const price = (value: number): string => priceText(value, instrument);
  return {
    symbol: instrument.exchangeSymbol,
    lastPrice: price(quote.lastPrice),
    indexPrice: price(quote.indexPrice),
    markPrice: price(quote.markPrice),
    prevPrice24h: price(quote.price24hAgo),
    price24hPcnt: (quote.lastPrice / quote.price24hAgo - 1).toFixed(6),
    highPrice24h: price(quote.high24h),
    lowPrice24h: price(quote.low24h),
    prevPrice1h: price(extras.price1hAgo),
    openInterest: quantityText(extras.openInterest, instrument),
    openInterestValue: (extras.openInterest * quote.markPrice).toFixed(2),
    turnover24h: quote.turnover24h.toFixed(4),
    volume24h: quote.volume24h.toFixed(4),
    fundingRate: decimalText(decimal(quote.fundingRate.toFixed(8))),
    nextFundingTime: String(quote.nextFundingMs),
    fundingIntervalHour: String(instrument.fundingIntervalMs / HOUR_MS),
    fundingCap: FUNDING_RATE_MAX,
    bid1Price: price(quote.bidPrice),
    bid1Size: quantityText(quote.topQuantity, instrument),
    ask1Price: price(quote.askPrice),
    ask1Size: quantityText(quote.topQuantity, instrument),
    preOpenPrice: '',
    preQty: '',
    curPreListingPhase: '',
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
  const { open, high, low, close, volume } = candle;
  const prices = [open, high, low, close].map((price) => priceText(price, instrument));
  return [String(candle.openTimeMs), ...prices, volumeText(volume), turnoverText(candle)];
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
