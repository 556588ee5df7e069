import { ensure } from '../../core/base/assert.ts';
import { type Decimal, decimal, floorToMultiple, maxDecimal, minDecimal } from '../../core/base/decimal.ts';
import { canonicalId, parseBase } from '../../core/domain/exchange-name.ts';
import { parseExchangeSymbol } from '../../core/domain/instrument.ts';
import type { TieredInstrument } from '../../core/matching/risk-tier.ts';
import { builtInTiers } from './built-in-tiers.ts';

export const QUOTE_CURRENCY = 'USDT';
const NOTIONAL_MIN = 5;
/** Steps are worth 0.1 to 1 of quote currency, inside what exchanges use. */
const STEP_MIN = decimal('0.0001');
const STEP_MAX = decimal('100000');
/** Ticks in the leading power of ten of a price: a tick is 1 to 10 hundred-thousandths of it. */
const TICK_DIGITS = 4;

/** What an instrument of our own market is made from. */
export interface InstrumentPlan {
  /** As the exchange spells the traded unit: `SHIB1000`. */
  readonly exchangeBase: string;
  readonly tickSize: Decimal;
  readonly quantityStep: Decimal;
  /** A price of about now, for limits that follow from notionals. */
  readonly price: number;
  readonly leverageMax: number;
  readonly marketNotionalMax: number;
  readonly launchTimeMs: number;
  readonly fundingIntervalMs: number;
}

/** A linear perpetual against USDT, open for trading. Stops on a base that makes no valid id. */
export function coinInstrument(plan: InstrumentPlan): TieredInstrument {
  const name = parseBase(plan.exchangeBase);
  const { quantityStep } = plan;
  const quantityMax = decimal(plan.marketNotionalMax / plan.price);
  return {
    id: ensure(canonicalId(name, QUOTE_CURRENCY), `${plan.exchangeBase} makes a valid id.`),
    exchangeSymbol: ensure(
      parseExchangeSymbol(`${plan.exchangeBase}${QUOTE_CURRENCY}`),
      `${plan.exchangeBase} makes a valid symbol.`,
    ),
    base: name.base,
    multiplier: name.multiplier,
    quote: QUOTE_CURRENCY,
    status: 'trading',
    tickSize: plan.tickSize,
    quantityStep,
    quantityMin: quantityStep,
    marketQuantityMax: maxDecimal(quantityStep, floorToMultiple(quantityMax, quantityStep)),
    notionalMin: decimal(NOTIONAL_MIN),
    leverageMax: plan.leverageMax,
    launchTimeMs: plan.launchTimeMs,
    deliveryTimeMs: null,
    fundingIntervalMs: plan.fundingIntervalMs,
    riskTiers: builtInTiers(plan.leverageMax),
  };
}

/** A tick that gives a price five significant digits. */
export function tickFor(price: number): Decimal {
  return powerOfTen(Math.floor(Math.log10(price)) - TICK_DIGITS);
}

/** A quantity step worth 0.1 to 1 of quote currency. */
export function stepFor(price: number): Decimal {
  return minDecimal(STEP_MAX, maxDecimal(STEP_MIN, powerOfTen(-Math.floor(Math.log10(price)) - 1)));
}

function powerOfTen(exponent: number): Decimal {
  return decimal(10).pow(exponent);
}
