import { decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { ceilToTick, floorToTick } from '../domain/quantise.ts';
import { type AccountState, type Desk, positionOf, protectionOf } from './account-state.ts';
import type { Book } from './book.ts';
import { checkPositionIndex, checkTick } from './check-placement.ts';
import type { PositionIndex, ProtectionLevel, Trail } from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';
import { clearProtection, isOnItsSide, type ProtectionRequest, setProtection } from './protection.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';

/** Stops of a position. An absent one stays as it is, null takes it off. */
export interface StopsRequest {
  readonly instrumentId: InstrumentId;
  readonly positionIndex: PositionIndex;
  readonly takeProfit?: ProtectionLevel | null;
  readonly stopLoss?: ProtectionLevel | null;
  readonly trailingStop?: Trail | null;
}

type Origin = ProtectionRequest['origin'];
type Step = { readonly origin: Origin; readonly request: ProtectionRequest | null };

/** Sets, moves or takes off the stops of a whole position: all of them or, when one is refused, none. */
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
  const changes = steps.filter((step) => changesSomething(state, position, step));
  if (changes.length === 0) return err(refusal('not-modified', 'not modified'));
  for (const { origin, request: wanted } of changes) {
    if (wanted === null) clearProtection(state, desk, position, origin);
    else setProtection(state, book, desk, { position, request: wanted });
  }
  return ok(null);
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
  if (trail !== null) return checkTick(book, trail.distance) ?? checkTick(book, level.price);
  const offTick = checkTick(book, level.price);
  if (offTick !== null) return offTick;
  const reference = book.price(level.by);
  if (isOnItsSide(origin, position.direction, { level: level.price, reference })) return null;
  const prices = `${decimalText(level.price)} against base_price:${decimalText(reference)}`;
  return refusal(
    'protection-side',
    `${origin} on the wrong side of a ${position.direction} position: ${prices}`,
  );
}

function changesSomething(state: AccountState, position: MatchingPosition, step: Step): boolean {
  const existing = protectionOf(state, position, step.origin);
  if (step.request === null) return existing !== null;
  if (existing === null || existing.trigger === null) return true;
  const { level, trail } = step.request;
  if (trail !== null || existing.trail !== null) return true;
  return !(existing.trigger.price.equals(level.price) && existing.trigger.by === level.by);
}
