import { type Decimal, decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { ceilToTick, floorToTick } from '../domain/quantise.ts';
import { type AccountState, type Desk, positionOf, protectionOf } from './account-state.ts';
import type { Book } from './book.ts';
import { checkPositionIndex, checkTick } from './check-placement.ts';
import type { PositionIndex, ProtectionLevel, ProtectionMode, Trail } from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';
import { addPartialProtections, checkRoomForParts } from './partial-protection.ts';
import { clearProtection, isOnItsSide, type ProtectionRequest, setProtection } from './protection.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';

/** Stops of a position. An absent one stays as it is, null takes it off. */
export interface StopsRequest {
  readonly instrumentId: InstrumentId;
  readonly positionIndex: PositionIndex;
  readonly takeProfit?: ProtectionLevel | null;
  readonly stopLoss?: ProtectionLevel | null;
  readonly trailingStop?: Trail | null;
  /** Absent: full. Partial adds stops for `partialQuantity` beside those that rest; it takes none off. */
  readonly mode?: ProtectionMode;
  readonly partialQuantity?: Decimal;
}

type Origin = ProtectionRequest['origin'];
type Step = { readonly origin: Origin; readonly request: ProtectionRequest | null };

/** Sets, moves or takes off the stops of a position: all of them or, when one is refused, none. */
export function setStops(
  state: AccountState,
  desk: Desk,
  request: StopsRequest,
): Result<null, MatchingRefusal> {
  const book = desk.book(request.instrumentId);
  if (book === null) return err(refusal('unknown-instrument', `${request.instrumentId} is not listed`));
  const wrongIndex = checkPositionIndex(state, desk, book, request);
  if (wrongIndex !== null) return err(wrongIndex);
  const position = positionOf(state, desk, request);
  if (position.quantity.isZero()) {
    return err(refusal('no-position', 'can not set tp/sl/ts for zero position'));
  }
  const steps = stepsOf(request, book, position);
  for (const step of steps) {
    const refused = checkStep(book, position, step);
    if (refused !== null) return err(refused);
  }
  const adds = request.mode === 'partial' ? steps.filter(isPartialStep) : [];
  const refused = checkPartial(state, book, position, {
    count: adds.length,
    quantity: request.partialQuantity,
  });
  if (refused !== null) return err(refused);
  const wholes = request.mode === 'partial' ? steps.filter((step) => !isLevelStep(step)) : steps;
  const changes = wholes.filter((step) => changesSomething(state, position, step));
  if (changes.length + adds.length === 0) return err(refusal('not-modified', 'not modified'));
  for (const step of changes) applyStep(state, desk, book, { position, step });
  if (adds.length > 0) addPartial(state, desk, book, { position, request });
  return ok(null);
}

function isLevelStep(step: Step): boolean {
  return step.origin !== 'trailing-stop';
}

function isPartialStep(step: Step): boolean {
  return isLevelStep(step) && step.request !== null;
}

function applyStep(
  state: AccountState,
  desk: Desk,
  book: Book,
  { position, step }: { readonly position: MatchingPosition; readonly step: Step },
): void {
  if (step.request === null) clearProtection(state, desk, position, step.origin);
  else setProtection(state, book, desk, { position, request: step.request });
}

function addPartial(
  state: AccountState,
  desk: Desk,
  book: Book,
  { position, request }: { readonly position: MatchingPosition; readonly request: StopsRequest },
): void {
  addPartialProtections(state, desk, book, {
    position,
    quantity: request.partialQuantity ?? position.quantity,
    takeProfit: request.takeProfit ?? null,
    stopLoss: request.stopLoss ?? null,
    parent: null,
  });
}

/** Null when so many stops of this quantity may be added. */
function checkPartial(
  state: AccountState,
  book: Book,
  position: MatchingPosition,
  adds: { readonly count: number; readonly quantity: Decimal | undefined },
): MatchingRefusal | null {
  const { count, quantity } = adds;
  if (count === 0) return null;
  if (
    quantity === undefined ||
    quantity.isZero() ||
    !quantity.modulo(book.instrument.quantityStep).isZero()
  ) {
    return refusal('bad-quantity', 'tpSize or slSize is missing or off the step');
  }
  if (quantity.greaterThan(position.quantity)) {
    const detail = 'take profit and stop loss exceed the remaining position size';
    return refusal('partial-beyond-position', detail);
  }
  return checkRoomForParts(state, position, count);
}

function stepsOf(request: StopsRequest, book: Book, position: MatchingPosition): readonly Step[] {
  const steps: Step[] = [];
  const { takeProfit, stopLoss, trailingStop } = request;
  if (takeProfit !== undefined) steps.push(levelStep('take-profit', takeProfit));
  if (stopLoss !== undefined) steps.push(levelStep('stop-loss', stopLoss));
  if (trailingStop !== undefined) steps.push(trailStep(trailingStop, book, position));
  return steps;
}

function levelStep(origin: Origin, level: ProtectionLevel | null): Step {
  return { origin, request: level === null ? null : { origin, level, trail: null } };
}

/** The trigger starts at the distance from the activation price, or from now. */
function trailStep(trail: Trail | null, book: Book, position: MatchingPosition): Step {
  const origin = 'trailing-stop';
  if (trail === null) return { origin, request: null };
  const from = trail.activePrice ?? book.lastPrice;
  const price =
    position.direction === 'long'
      ? floorToTick(from.minus(trail.distance), book.instrument)
      : ceilToTick(from.plus(trail.distance), book.instrument);
  return { origin, request: { origin, level: { price, by: 'last' }, trail } };
}

function checkStep(book: Book, position: MatchingPosition, step: Step): MatchingRefusal | null {
  if (step.request === null) return null;
  const { level, trail, origin } = step.request;
  if (trail !== null) return checkTrail(book, position, trail) ?? checkTick(book, level.price);
  const offTick = checkTick(book, level.price) ?? checkTick(book, level.limitPrice ?? null);
  if (offTick !== null) return offTick;
  const reference = book.price(level.by);
  if (isOnItsSide(origin, position.direction, { level: level.price, reference })) return null;
  const prices = `${decimalText(level.price)} against base_price:${decimalText(reference)}`;
  return refusal(
    'protection-side',
    `${origin} on the wrong side of a ${position.direction} position: ${prices}`,
  );
}

/** A trailing stop that is to wait waits for a price the position gains by. */
function checkTrail(book: Book, position: MatchingPosition, trail: Trail): MatchingRefusal | null {
  const { activePrice, distance } = trail;
  const offTick = checkTick(book, distance) ?? checkTick(book, activePrice);
  if (offTick !== null || activePrice === null) return offTick;
  const isAhead =
    position.direction === 'long'
      ? activePrice.greaterThanOrEqualTo(book.lastPrice)
      : activePrice.lessThanOrEqualTo(book.lastPrice);
  if (isAhead) return null;
  const prices = `${decimalText(activePrice)} against base_price:${decimalText(book.lastPrice)}`;
  return refusal(
    'protection-side',
    `activePrice on the wrong side of a ${position.direction} position: ${prices}`,
  );
}

function changesSomething(state: AccountState, position: MatchingPosition, step: Step): boolean {
  const existing = protectionOf(state, position, step.origin);
  if (step.request === null) return existing !== null;
  if (existing === null || existing.trigger === null) return true;
  const { level, trail } = step.request;
  if (trail !== null && existing.trail !== null) {
    const asked = trail.activePrice?.toFixed() ?? '';
    const waiting = existing.trail.activePrice?.toFixed() ?? '';
    return !(trail.distance.equals(existing.trail.distance) && asked === waiting);
  }
  return !(existing.trigger.price.equals(level.price) && existing.trigger.by === level.by);
}
