import type { Instrument } from '../../../core/domain/instrument.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { moneyText, SETTLE_COIN } from './words.ts';

/** What Bybit publishes for most contracts; here deleveraging begins when the fund cannot pay. */
const DELEVERAGING = {
  maxBalance: '',
  insurancePnlRatio: '0',
  pnlRatio: '-0.3',
  adlTriggerThreshold: '10000',
  adlStopRatio: '-0.25',
} as const;

/** The fund behind liquidations: one for all contracts. */
export function fundRow(floor: TradingFloor): Record<'coin' | 'symbols' | 'balance', string> {
  return { coin: SETTLE_COIN, symbols: '', balance: moneyText(floor.fund.balance) };
}

/** When positions of a contract are deleveraged. */
export function deleveragingRow(
  floor: TradingFloor,
  instrument: Instrument,
): Record<'coin' | 'symbol' | 'balance' | keyof typeof DELEVERAGING, string> {
  const { coin, balance } = fundRow(floor);
  return { coin, symbol: instrument.exchangeSymbol, balance, ...DELEVERAGING };
}
