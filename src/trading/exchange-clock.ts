import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';

type Clock = Pick<Exchange, 'timeMs' | 'clockErrorMs'>;

/** Orders are judged and dated by the exchange's time: entries wait while it is known no better than this. */
const ERROR_MS_MAX = 1_000;
/** From here on it is measured anew: two clocks run apart by a second in half an hour at the worst. */
const MEASURE_MS = 250;
/** A machine's clock further off than this was set wrong; signing follows the exchange's, but nothing else does. */
const OFF_MS_MAX = 60_000;

/** Measures the exchange's clock when it is no longer known well. Never rejects. */
export async function keepClock(exchange: Clock & Pick<Exchange, 'readTime'>): Promise<void> {
  if ((exchange.clockErrorMs() ?? 0) > MEASURE_MS) await exchange.readTime();
}

/** Why clocks keep all entries back, a sentence; null: they do not, or were not compared yet. */
export function clockFault(exchange: Clock, time: Time): string | null {
  const errorMs = exchange.clockErrorMs();
  if (errorMs === null) return null;
  if (errorMs > ERROR_MS_MAX)
    return `The exchange's time is known to ${(errorMs / 1_000).toFixed(1)} s only: its answers take long. Entries wait; exits and stops go on.`;
  const offMs = time.nowMs() - exchange.timeMs();
  if (Math.abs(offMs) <= OFF_MS_MAX) return null;
  const seconds = Math.round(Math.abs(offMs) / 1_000);
  const which = offMs > 0 ? 'ahead of' : 'behind';
  return `The clock of this machine is ${seconds} s ${which} the exchange's: entries wait until it is set right. Exits and stops go on.`;
}
