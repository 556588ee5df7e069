import { sleep, type Time } from '../platform/time.ts';

/** The loop is kept no longer than this at a time. */
const SLICE_MS = 2;

/** Asked after each piece of work: a wait that lets the loop go on when a slice of its time is used up, else null. */
export function slices(time: Time): () => Promise<void> | null {
  let [begunMs, count] = [time.monotonicMs(), 0];
  return () => {
    count += 1;
    if (count % 8 !== 0 || time.monotonicMs() - begunMs < SLICE_MS) return null;
    return sleep(time, 0).then(() => {
      begunMs = time.monotonicMs();
    });
  };
}
