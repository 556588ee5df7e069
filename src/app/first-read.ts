import { sleep, type Time } from '../platform/time.ts';

/** Pause between two attempts to read the exchange for the first time. */
const FIRST_READ_RETRY_MS = 2_000;

/** Tries until it is done, or the service stops. */
export async function untilDone(
  attempts: { readonly first: () => Promise<boolean>; readonly again: () => Promise<boolean> },
  parts: {
    readonly isStopping: () => boolean;
    readonly report: (message: string) => void;
    readonly time: Time;
  },
): Promise<void> {
  let done = await attempts.first();
  while (!done && !parts.isStopping()) {
    parts.report('The exchange could not be read; trying again.');
    await sleep(parts.time, FIRST_READ_RETRY_MS);
    done = await attempts.again();
  }
}
