import { type Decimal, decimalText, ZERO } from '../core/base/decimal.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { ExpectedPosition } from '../core/engine/awaited.ts';
import type { Exchange, StatedPosition } from '../exchange/exchange.ts';

/** A list this close behind a fill may not show it yet. */
const LAG_MS = 2_000;
const TWO = 2;

/** A list of positions as it was read. */
export interface ListedPositions {
  readonly asOfMs: number;
  readonly positions: readonly StatedPosition[];
}

/** A position of ours of which a list states less than our fills add up to. */
export interface MissingPosition extends ExpectedPosition {
  /** What the list states of it; zero where it does not have it. */
  readonly listed: Decimal;
}

/** What the exchange says besides its list. */
export interface Witness {
  /** Instruments on which all it says agrees with the list. */
  readonly confirmed: readonly InstrumentId[];
  /** Why the list cannot be true, for a person; null: nothing says that it is not. */
  readonly contradiction: string | null;
}

/** The positions a list falls short of, but those it may be too old for. */
export function missingFrom(
  { positions, asOfMs }: ListedPositions,
  expected: readonly ExpectedPosition[],
): readonly MissingPosition[] {
  return expected.flatMap((position) => {
    const listed = quantityIn(positions, position);
    const falls = listed.lessThan(position.quantity) && asOfMs > position.filledMs + LAG_MS;
    return falls ? [{ ...position, listed }] : [];
  });
}

/**
 * What the wallet counts as bound by positions beyond those of a list; null where it does not tell. It is not zero
 * for a list that is complete: other contracts of the account bind margin too.
 */
export function unlistedMargin(
  wallet: { readonly positionMargin?: Decimal | null },
  positions: readonly StatedPosition[],
): Decimal | null {
  const stated = wallet.positionMargin ?? null;
  if (stated === null) return null;
  return positions.reduce((rest, position) => rest.minus(marginOf(position)), stated);
}

/**
 * Asks the exchange by other ways for what its list lacks: each instrument by its name, and the wallet, read now, for
 * the margin it counts. `usual` is what the wallet counted beyond a list that lacked nothing. Where the wallet tells
 * no margin nothing is confirmed.
 */
export async function askBeside(
  { exchange, instrument }: { exchange: Exchange; instrument: (id: InstrumentId) => Instrument | null },
  missing: readonly MissingPosition[],
  { positions, usual }: { readonly positions: readonly StatedPosition[]; readonly usual: Decimal },
): Promise<Witness> {
  const [wallet, ...byName] = await Promise.all([
    exchange.readBalance('reconcile'),
    ...missing.map((position) => askByName({ exchange, instrument }, position)),
  ]);
  const liar = missing.find((position, index) => byName[index]?.greaterThan(position.listed) === true);
  if (liar !== undefined) {
    const { instrumentId, listed } = liar;
    const held = decimalText(byName[missing.indexOf(liar)] ?? ZERO);
    const contradiction = `the list states ${decimalText(listed)} on ${instrumentId}, asked for by its name it is ${held}`;
    return { confirmed: [], contradiction };
  }
  const unlisted = wallet.kind === 'unknown' ? null : unlistedMargin(wallet.value, positions);
  if (unlisted === null) return { confirmed: [], contradiction: null };
  return judgeMargin(unlisted.minus(usual), missing, (index) => byName[index] ?? null);
}

/** Less than half of what the smallest of them would bind is none of them. */
function judgeMargin(
  beyond: Decimal,
  missing: readonly MissingPosition[],
  byName: (index: number) => Decimal | null,
): Witness {
  const smallest = missing.map(missingMargin).reduce((a, b) => (b.lessThan(a) ? b : a));
  const tolerance = smallest.dividedBy(TWO);
  if (beyond.greaterThan(tolerance)) {
    const names = missing.map(({ instrumentId }) => instrumentId).join(', ');
    const contradiction = `the list falls short on ${names}, but the wallet counts ${beyond.toFixed(TWO)} of margin beyond it`;
    return { confirmed: [], contradiction };
  }
  if (beyond.abs().greaterThan(tolerance)) return { confirmed: [], contradiction: null };
  const agreed = missing.filter((position, index) => byName(index)?.equals(position.listed) === true);
  return { confirmed: agreed.map(({ instrumentId }) => instrumentId), contradiction: null };
}

/** What is held in its direction; null: not known. */
async function askByName(
  { exchange, instrument }: { exchange: Exchange; instrument: (id: InstrumentId) => Instrument | null },
  position: MissingPosition,
): Promise<Decimal | null> {
  const asked = instrument(position.instrumentId);
  if (asked === null) return null;
  const held = await exchange.readHeld(asked, 'reconcile');
  return held.kind === 'unknown' ? null : quantityIn(held.value, position);
}

function quantityIn(
  positions: readonly StatedPosition[],
  { instrumentId, direction }: Pick<ExpectedPosition, 'instrumentId' | 'direction'>,
): Decimal {
  const row = positions.find((other) => other.instrumentId === instrumentId && other.direction === direction);
  return row?.quantity ?? ZERO;
}

function missingMargin({ margin, quantity, listed }: MissingPosition): Decimal {
  return margin.times(quantity.minus(listed)).dividedBy(quantity);
}

function marginOf({ margin, quantity, markPrice, leverage }: StatedPosition): Decimal {
  return margin ?? quantity.times(markPrice).dividedBy(leverage);
}
