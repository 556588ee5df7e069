import { type Decimal, decimalText, maxDecimal, minDecimal, ONE, ZERO } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import {
  type AccountState,
  type Desk,
  keepPosition,
  leverageOf,
  type MarginMode,
  positionKey,
} from './account-state.ts';
import { neededFor, removableCollateral } from './collateral.ts';
import type { TransferKind } from './ledger.ts';
import { openPositions } from './liquidate.ts';
import { accountMargin, positionMargin } from './margin.ts';
import type { MatchingPosition } from './matching-position.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';
import { riskTiersOf, tierOf } from './risk-tier.ts';

type Outcome = Result<null, MatchingRefusal>;

/** Lets positions share the account's money, or sets some aside for each. */
export function setMarginMode(state: AccountState, desk: Desk, mode: MarginMode): Outcome {
  if (state.marginMode === mode) {
    return err(refusal('margin-mode-not-modified', 'Cross/isolated margin mode has not been modified.'));
  }
  const before = { mode: state.marginMode, positions: openPositions(state) };
  state.marginMode = mode;
  for (const position of before.positions) {
    const collateral = mode === 'cross' ? ZERO : neededFor(state, desk, position, position.entryValue);
    state.positions.set(positionKey(position), { ...position, collateral });
  }
  if (isSound(state, desk)) {
    for (const position of openPositions(state)) keepPosition(state, position);
    state.events.push({ kind: 'wallet' });
    return ok(null);
  }
  state.marginMode = before.mode;
  for (const position of before.positions) state.positions.set(positionKey(position), position);
  return err(refusal('margin-mode-refused', 'Set margin mode failed'));
}

/** `leverage` >= 1 up to what the contract and the size of the position allow. */
export function setLeverage(
  state: AccountState,
  desk: Desk,
  instrumentId: InstrumentId,
  leverage: Decimal,
): Outcome {
  const book = desk.book(instrumentId);
  if (book === null) return err(refusal('unknown-instrument', `${instrumentId} is not listed`));
  const { leverageMax } = book.instrument;
  if (leverage.lessThan(ONE) || leverage.greaterThan(leverageMax)) {
    return err(refusal('bad-leverage', `leverage ${decimalText(leverage)} is outside 1 to ${leverageMax}`));
  }
  const before = leverageOf(state, instrumentId, leverageMax);
  if (before.equals(leverage)) return err(refusal('leverage-not-modified', 'leverage not modified'));
  const positions = openPositions(state).filter((each) => each.instrumentId === instrumentId);
  const allowed = positions.map(({ quantity }) =>
    tierOf(riskTiersOf(book.instrument), quantity.times(book.markPrice)),
  );
  if (allowed.some((tier) => leverage.greaterThan(tier.leverageMax))) {
    return err(refusal('bad-leverage', 'cannot set leverage gt maxLeverage by risk limit'));
  }
  const known = state.leverage.get(instrumentId);
  state.leverage.set(instrumentId, leverage);
  if (state.marginMode === 'isolated') rebind(state, desk, positions);
  // A higher leverage frees margin: a cross account short of it may always have it.
  const frees = state.marginMode === 'cross' && leverage.greaterThan(before);
  if (frees || isSound(state, desk)) return ok(null);
  if (known === undefined) state.leverage.delete(instrumentId);
  else state.leverage.set(instrumentId, known);
  for (const position of positions) state.positions.set(positionKey(position), position);
  return err(refusal('margin-short', 'available balance is not enough for this leverage'));
}

/** Adds to the money set aside for a position, or below zero takes from it. */
export function addMargin(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
  amount: Decimal,
): Outcome {
  if (state.marginMode === 'cross') {
    return err(refusal('cross-margin', 'The position is in cross margin mode.'));
  }
  if (position.quantity.isZero()) {
    return err(refusal('margin-not-held', "You can't set margin without an open position"));
  }
  if (amount.greaterThan(accountMargin(state, desk).available)) {
    return err(refusal('margin-add-short', 'Insufficient available balance to add additional margin.'));
  }
  if (amount.negated().greaterThan(removableCollateral(state, desk, position))) {
    return err(refusal('margin-too-much', 'Added margin more than max can reduce margin'));
  }
  keepPosition(state, { ...position, collateral: position.collateral.plus(amount) });
  return ok(null);
}

/** Whether an isolated position takes further collateral from the free money before it is liquidated. */
export function setAddsCollateral(
  state: AccountState,
  position: MatchingPosition,
  addsCollateral: boolean,
): Outcome {
  if (state.marginMode === 'cross') {
    return err(refusal('cross-margin', 'Only isolated mode can set auto-add-margin'));
  }
  keepPosition(state, { ...position, addsCollateral });
  return ok(null);
}

/** What may leave the account: money no order and no position needs, without profit nobody has taken yet. */
export function withdrawable(state: AccountState, desk: Desk): Decimal {
  const margin = accountMargin(state, desk);
  const owned = margin.walletBalance.minus(margin.positionMargin).minus(margin.orderMargin);
  return maxDecimal(ZERO, minDecimal(margin.available, owned));
}

/** Books money that comes (`amount` > 0) or goes. */
export function transfer(state: AccountState, desk: Desk, kind: TransferKind, amount: Decimal): Outcome {
  if (amount.negated().greaterThan(withdrawable(state, desk))) {
    return err(refusal('money-short', 'Insufficient balance'));
  }
  const nobody = { instrumentId: null, orderId: null, fillId: null };
  state.ledger.post({ kind, amount, timeMs: desk.nowMs(), ...nobody });
  state.events.push({ kind: 'wallet' });
  return ok(null);
}

/** True when everything bound is there and nothing would be liquidated at once. */
function isSound(state: AccountState, desk: Desk): boolean {
  const margin = accountMargin(state, desk);
  const bound = margin.positionMargin.plus(margin.orderMargin);
  if (state.marginMode === 'cross') return margin.equity.greaterThanOrEqualTo(bound);
  if (margin.walletBalance.lessThan(bound)) return false;
  return openPositions(state).every((position) => {
    const { unrealisedPnl, maintenance } = positionMargin(state, desk, position);
    return position.collateral.plus(unrealisedPnl).greaterThan(maintenance);
  });
}

/** Sets the collateral anew by the leverage; what was added by hand goes back to the free money. */
function rebind(state: AccountState, desk: Desk, positions: readonly MatchingPosition[]): void {
  for (const position of positions) {
    keepPosition(state, {
      ...position,
      collateral: neededFor(state, desk, position, position.entryValue),
    });
  }
}
