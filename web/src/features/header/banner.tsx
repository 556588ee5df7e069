import { Button } from '@mantine/core';
import type { Status } from '../../../../src/api/status.ts';
import type { ApiError } from '../../client.ts';
import { dateAndTime } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import type { Part } from '../../live/live-state.ts';
import { usePage } from '../../page-context.ts';
import { HALT_TEXT } from '../halt/text.ts';
import { HEADER_TEXT } from './text.ts';

const TEXT = HEADER_TEXT.banner;

/**
 * What keeps the figures from being true now. The text is constant while the cause lasts, so that a screen
 * reader says it once; the running age stands in the header.
 */
export function Banner() {
  const { live, reload } = usePage();
  const pulse = useCell(live.pulse);
  const faults = useCell(live.faults);
  const streamFault = useCell(live.streamFault);
  const status = useCell(live.status);
  const isHalted = status?.mode === 'halted';
  const lines: string[] = [];
  if (pulse.link === 'down') lines.push(TEXT.down);
  else if (pulse.isStale) lines.push(TEXT.stale);
  if (status !== null && status.mode !== 'ready') lines.push(...modeLines(status), ...haltLines(status));
  if (streamFault !== null) lines.push(`${TEXT.stream}${streamFault}`);
  lines.push(...faultLines(faults));
  return (
    <div
      className="banner"
      role="status"
      aria-live="polite"
      data-shown={lines.length > 0}
      data-halted={isHalted}
    >
      {lines.length > 0 && (
        <>
          <div>
            {lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </div>
          <Button size="compact-sm" variant="default" onClick={reload}>
            {TEXT.retry}
          </Button>
        </>
      )}
    </div>
  );
}

function haltLines({ halt }: Status): readonly string[] {
  if (halt === null) return [];
  return [halt.clearMs === null ? HALT_TEXT.clearing : HALT_TEXT.clear(dateAndTime(halt.clearMs))];
}

/** What decides the mode, then whatever else keeps entries back. */
function modeLines({ mode, modeReason, modeReasons }: Status): readonly string[] {
  const first = `${HEADER_TEXT.mode[mode]}. ${modeReason === '' ? HEADER_TEXT.modeMeaning[mode] : modeReason}`;
  return [first, ...modeReasons.filter((reason) => reason !== modeReason)];
}

/** One line a cause: when a service is down, every part fails for the same one. */
function faultLines(faults: ReadonlyMap<Part, ApiError>): readonly string[] {
  const byCause = new Map<string, string[]>();
  for (const [part, { message }] of faults) {
    byCause.set(message, [...(byCause.get(message) ?? []), HEADER_TEXT.parts[part]]);
  }
  return Array.from(byCause, ([cause, parts]) => `${TEXT.unread}${parts.sort().join(', ')}. ${cause}`);
}
