import type { CancelTimer, Time } from '../../platform/time.ts';
import type { Venue } from '../venue.ts';
import type { Scenario } from './scenario.ts';

/** One thing a scenario did. */
export interface ScenarioDeed {
  readonly timeMs: number;
  readonly deed: string;
}

/**
 * Lets the events of a scenario happen at the venue, counted from now. What was checked when the file was
 * read can begin; a fault about an instrument the market does not list does not, and is told so.
 */
export function playScenario(options: {
  readonly scenario: Scenario;
  readonly venue: Venue;
  readonly time: Time;
  readonly tell: (deed: ScenarioDeed) => void;
}): CancelTimer {
  const { scenario, venue, time, tell } = options;
  const act = (event: Scenario['events'][number]): void => {
    if ('end' in event && typeof event.end === 'string' && !('fault' in event)) {
      const count = venue.faults.removeAll(event.end);
      tell({ timeMs: time.nowMs(), deed: `${event.end} ended (${count})` });
      return;
    }
    const { at: _, fault, ...params } = event as Readonly<Record<string, unknown>>;
    const begun = venue.faults.add({ name: fault, ...params });
    const deed = begun.ok ? `${String(fault)} began` : `${String(fault)} did not begin: ${begun.error}`;
    tell({ timeMs: time.nowMs(), deed });
  };
  const cancels = scenario.events.map((event) => time.after(event.at, () => act(event)));
  return () => {
    for (const cancel of cancels) cancel();
  };
}
