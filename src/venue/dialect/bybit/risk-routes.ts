import { z } from 'zod';
import { ONE } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { riskTiersOf } from '../../../core/matching/risk-tier.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { deleveragingRow, fundRow } from './fund-row.ts';
import { categoryInput, findInstrument, textInput } from './input.ts';
import { page } from './page.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PublicRoute, parsed } from './route.ts';
import { CATEGORY, moneyText, SETTLE_COIN } from './words.ts';

/** Instruments whose tiers one page shows. */
const INSTRUMENTS_PER_PAGE = 15;
/** Decimal places of rates: more than any tier has. */
const RATE_PLACES = 6;
const limitInput = z.object({ category: categoryInput, symbol: textInput, cursor: textInput });
const coinInput = z.object({ coin: textInput });
const symbolInput = z.object({ symbol: textInput });

/** The public endpoints about margin and the fund behind it. */
export const riskRoutes: readonly PublicRoute[] = [
  {
    method: 'GET',
    path: '/v5/market/risk-limit',
    access: 'public',
    answer: parsed(limitInput, (input, { floor }) => riskLimits(floor, input)),
  },
  {
    method: 'GET',
    path: '/v5/market/insurance',
    access: 'public',
    answer: parsed(coinInput, (input, { floor }) => insurance(floor, input.coin)),
  },
  {
    method: 'GET',
    path: '/v5/market/adlAlert',
    access: 'public',
    answer: parsed(symbolInput, (input, { floor }) => deleveragingAlerts(floor, input.symbol)),
  },
];

function riskLimits(floor: TradingFloor, input: z.output<typeof limitInput>): Reply {
  const { category } = input;
  if (category !== CATEGORY) return result({ category, list: [], nextPageCursor: '' });
  if (input.symbol !== '') {
    const instrument = findInstrument(floor, input.symbol);
    if (instrument === null) return parameterError('symbol invalid');
    return result({ category, list: tierRows(instrument), nextPageCursor: '' });
  }
  const request = { limit: INSTRUMENTS_PER_PAGE, cursor: input.cursor };
  const { rows, nextPageCursor } = page([...floor.instruments().values()], request, (each) => each.id);
  return result({ category, list: rows.flatMap(tierRows), nextPageCursor });
}

/** A tier without an end is shown with none: an empty limit. */
function tierRows(instrument: Instrument): readonly Record<string, unknown>[] {
  return riskTiersOf(instrument).map((tier) => ({
    id: tier.tier,
    symbol: instrument.exchangeSymbol,
    riskLimitValue: tier.valueMax === null ? '' : moneyText(tier.valueMax),
    maintenanceMargin: moneyText(tier.maintenanceRate.toDecimalPlaces(RATE_PLACES)),
    initialMargin: moneyText(ONE.dividedBy(tier.leverageMax).toDecimalPlaces(RATE_PLACES)),
    isLowestRisk: Number(tier.tier === 1),
    maxLeverage: tier.leverageMax.toFixed(2),
    mmDeduction: tier.deduction.isZero() ? '' : moneyText(tier.deduction),
  }));
}

/** One fund for all contracts: coin and USD are at par. */
function insurance(floor: TradingFloor, coin: string): Reply {
  const fund = fundRow(floor);
  const row = { ...fund, value: fund.balance };
  return result({
    updatedTime: String(floor.nowMs()),
    list: coin === '' || coin === SETTLE_COIN ? [row] : [],
  });
}

function deleveragingAlerts(floor: TradingFloor, symbol: string): Reply {
  const instrument = findInstrument(floor, symbol);
  if (symbol !== '' && instrument === null) return parameterError('symbol invalid');
  const listed = instrument === null ? [...floor.instruments().values()] : [instrument];
  return result({
    updateTime: String(floor.nowMs()),
    list: listed.map((each) => deleveragingRow(floor, each)),
  });
}
