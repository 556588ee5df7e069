import type { Instrument } from '../core/domain/instrument.ts';
import type { ChangeOutcome, Exchange } from '../exchange/exchange.ts';

/**
 * Makes sure that the exchange itself states this leverage for the instrument. It is read before every entry, for
 * a person may have changed it there, and read back after it was set. Null: it does; else why not.
 */
export async function leverageFault(
  exchange: Exchange,
  instrument: Instrument,
  leverage: number,
): Promise<string | null> {
  const before = await exchange.readLeverage(instrument);
  if (before.kind === 'known' && before.value === leverage) return null;
  const set = await exchange.setLeverage(instrument, leverage);
  if (set.kind === 'rejected' || set.kind === 'not-sent')
    return `leverage could not be set: ${describeChange(set)}`;
  const after = await exchange.readLeverage(instrument);
  if (after.kind === 'unknown') return `leverage could not be read back: ${after.detail}`;
  return after.value === leverage
    ? null
    : `the exchange states leverage ${after.value}, ${leverage} is wanted`;
}

/** A change's outcome for a report. */
export function describeChange(outcome: ChangeOutcome): string {
  if (outcome.kind === 'done') return 'done';
  return outcome.kind === 'rejected'
    ? `${outcome.code} ${outcome.detail}`
    : `${outcome.kind} ${outcome.detail}`;
}
