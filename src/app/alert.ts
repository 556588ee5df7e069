import type { Time } from '../platform/time.ts';
import type { Recorder } from '../trading/recorder.ts';

/** Tells a person of what cannot wait: a stable code, and sentences that say what to do. */
export type Alert = (code: string, message: string) => void;

/** An alert of the shell goes where the engine's critical notices go, and into the log. */
export function alertThrough(parts: {
  readonly recorder: Recorder;
  readonly time: Time;
  readonly report: (message: string) => void;
}): Alert {
  return (code, message) => {
    const timeMs = parts.time.nowMs();
    parts.recorder.addEvent({
      timeMs,
      severity: 'critical',
      code,
      instrumentId: null,
      message,
      detailJson: '{}',
    });
    parts.report(message);
  };
}
