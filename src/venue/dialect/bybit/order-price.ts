import { type Decimal, decimal, maxDecimal, ZERO } from '../../../core/base/decimal.ts';
import { err, ok, type Result } from '../../../core/base/result.ts';
import { ceilToTick, floorToTick } from '../../../core/domain/quantise.ts';
import type { Book } from '../../../core/matching/book.ts';
import type { InputFault } from './input.ts';

/** The words of an order that name its price otherwise than by a number. */
interface PriceWords {
  readonly side: 'Buy' | 'Sell';
  readonly bboSideType?: 'Queue' | 'Counterparty' | '' | null | undefined;
  readonly bboLevel?: string | null | undefined;
  readonly slippageToleranceType?: 'TickSize' | 'Percent' | 'UNKNOWN' | '' | null | undefined;
  readonly slippageTolerance?: Decimal | undefined;
}

const TICKS_MAX = 10_000;
const PERCENT_MIN = decimal('0.01');
const PERCENT_MAX = decimal(10);

/** The price of a level of the book: of the own side (`Queue`) or the other one; the deepest there is when it ends earlier. */
export function namedPrice(input: PriceWords, book: Book): Decimal {
  const isBuy = input.side === 'Buy';
  const isOwnSide = input.bboSideType === 'Queue';
  const level = Number(input.bboLevel || '1');
  const taker = isBuy === isOwnSide ? 'sell' : 'buy';
  return book.levelsFor(taker, level).at(-1)?.price ?? book.bestFor(taker);
}

/** The worst price a market order with a tolerance may reach; null without one. */
export function slippagePrice(input: PriceWords, book: Book): Result<Decimal | null, InputFault> {
  const { slippageToleranceType: type, slippageTolerance } = input;
  const tolerance = slippageTolerance ?? ZERO;
  if (!type || type === 'UNKNOWN' || tolerance.isZero()) return ok(null);
  const isTicks = type === 'TickSize';
  if (isTicks && (tolerance.greaterThan(TICKS_MAX) || !tolerance.isInteger())) {
    return err({ retCode: 110108, detail: 'Allowable range: 1 to 10000 tick size' });
  }
  if (!isTicks && (tolerance.lessThan(PERCENT_MIN) || tolerance.greaterThan(PERCENT_MAX))) {
    return err({ retCode: 110109, detail: 'Allowable range: 0.01% to 10%' });
  }
  return ok(reached(input, book, { isTicks, tolerance }));
}

function reached(
  input: PriceWords,
  book: Book,
  { isTicks, tolerance }: { readonly isTicks: boolean; readonly tolerance: Decimal },
): Decimal {
  const { instrument } = book;
  const isBuy = input.side === 'Buy';
  const best = book.bestFor(isBuy ? 'buy' : 'sell');
  const distance = isTicks ? tolerance.times(instrument.tickSize) : best.times(tolerance).dividedBy(100);
  if (isBuy) return floorToTick(best.plus(distance), instrument);
  return maxDecimal(instrument.tickSize, ceilToTick(best.minus(distance), instrument));
}
