import type { DifferenceKind } from '../../src/core/domain/difference.ts';
import type { World } from './world.ts';

const WHOLE_POSITIONS: ReadonlySet<string> = new Set<DifferenceKind>(['position-foreign', 'side-flipped']);

/** Records that are open although the venue's books do not bear them out, and what they bear out without a record. */
export function auditOpenRecords(world: World, mixed: ReadonlySet<string>): string[] {
  const trading = world.trading();
  const { open } = trading.reconciler.agreement();
  const rows = world.venue.state().accounts[0]?.positions ?? [];
  const ours = new Set(trading.engine.positions().map((position): string => position.instrumentId));
  const strange = rows.map((row) => String(row['instrumentId'])).filter((id) => !ours.has(id));
  const faults = strange
    .filter((id) => !open.some((row) => row.instrumentId === id && WHOLE_POSITIONS.has(row.kind)))
    .map((id) => `I6: the venue holds ${id}, which is not ours, and no record says so`);
  for (const { kind, instrumentId, ours: held, theirs } of open) {
    const id = instrumentId ?? 'account';
    const borne = isBorneOut(kind, {
      isOurs: ours.has(id),
      isStrange: strange.includes(id),
      isMixed: mixed.has(id),
    });
    if (!borne) faults.push(`I6: the record of ${kind} on ${id} is open: ${held} against ${theirs}`);
  }
  return faults;
}

/** What people did and did not undo stays open: a leverage, a position of theirs, a part of one. */
function isBorneOut(
  kind: string,
  {
    isOurs,
    isStrange,
    isMixed,
  }: { readonly isOurs: boolean; readonly isStrange: boolean; readonly isMixed: boolean },
): boolean {
  if (kind === 'leverage-differs') return isOurs;
  if (WHOLE_POSITIONS.has(kind)) return isStrange;
  return kind === 'quantity-differs' && isMixed;
}
