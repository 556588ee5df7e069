import { err, ok, type Result } from '../core/base/result.ts';
import { valueAt } from '../journal/difference.ts';
import type { JournalPlace } from '../journal/read-journal.ts';
import { type ReplayDifference, type ReplayedStep, type ReplayReport, replay } from '../journal/replay.ts';
import { journalFolder } from './journal-of-inputs.ts';

/** What is asked of a replay; times as text, null: no end. */
export interface ReplayWish {
  readonly home: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Steps that decided something to show, the first of the span. */
  readonly show: number;
}

/** What came of it, for people and for programs, and the exit code. */
export interface ReplayAnswer {
  readonly report: ReplayReport & { readonly shown: readonly ShownStep[] };
  readonly lines: readonly string[];
  readonly code: 0 | 1;
}

interface ShownStep {
  readonly sequence: number;
  readonly time: string;
  readonly event: string;
  readonly decisions: unknown;
}

/** Longest value of a difference that is printed, characters. */
const VALUE_LENGTH_MAX = 300;

/** Replays a stretch of the journal of a home. The error is a sentence about what cannot be meant. */
export async function replayCommand(wish: ReplayWish): Promise<Result<ReplayAnswer, string>> {
  const [fromMs, toMs] = [timeOf(wish.from), timeOf(wish.to)];
  if (Number.isNaN(fromMs) || Number.isNaN(toMs))
    return err('A time is written as 2026-11-23 or 2026-11-23T19:20:00Z.');
  if (fromMs !== null && toMs !== null && fromMs > toMs) return err('--from is later than --to.');
  const folder = journalFolder(wish.home);
  if ((await folder.segments()).length === 0) return err(`There is no journal in ${folder.path}.`);
  const shown: ShownStep[] = [];
  const onStep = ({ sequence, event, decided }: ReplayedStep): void => {
    if (decided === null || shown.length >= wish.show) return;
    const time = timeText(event.timeMs);
    shown.push({ sequence, time, event: event.kind, decisions: JSON.parse(decided) });
  };
  const report = await replay({ folder, fromMs, toMs, onStep });
  const code = report.verdict === 'equal' ? 0 : 1;
  return ok({ report: { ...report, shown }, lines: linesOf(report, shown), code });
}

/** UTC whatever the zone of the machine; NaN for what is no time, null for none. */
function timeOf(text: string | null): number | null {
  if (text === null) return null;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)Z?)?$/.exec(text);
  return match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`);
}

function linesOf(report: ReplayReport, shown: readonly ShownStep[]): readonly string[] {
  const lines = shown.map(
    ({ sequence, time, event, decisions }) => `${sequence} ${time} ${event} ${JSON.stringify(decisions)}`,
  );
  const { gaps, torn, broken, difference } = report;
  for (const { sequence, steps, reason } of gaps)
    lines.push(`Gap before step ${sequence}: ${steps} steps were not written. ${reason}`);
  for (const place of torn)
    lines.push(
      `Torn end: ${place.bytes} bytes ${placeText(place)} were being written when the process died.`,
    );
  lines.push(summaryOf(report));
  if (broken !== null) lines.push(`Broken ${placeText(broken)}: ${broken.detail}`);
  if (difference !== null) lines.push(...differenceLines(difference));
  return lines;
}

function summaryOf({ verdict, ...report }: ReplayReport): string {
  const { steps, decided, segments, starts, firstMs, lastMs, firstSequence, lastSequence } = report;
  if (firstMs === null || lastMs === null) return 'No step of the journal lies in that time.';
  const what = `${steps} steps (${firstSequence} to ${lastSequence}, ${timeText(firstMs)} to ${timeText(lastMs)})`;
  const where = `${segments} segments, ${starts} starts, recorded by ${report.recordedBy.join(' and ')}`;
  const outcome = {
    equal: `all ${decided} that decided something decide the same, byte for byte`,
    differs: 'and then another decision',
    broken: 'and then the journal is broken',
    nothing: '',
  }[verdict];
  return `${what}: ${outcome}. ${where}.`;
}

function differenceLines(found: ReplayDifference): readonly string[] {
  const { timeMs, eventKind, instrumentId, difference } = found;
  const { index, path, recorded, now } = difference;
  const about = instrumentId === null ? '' : ` of ${instrumentId}`;
  const key = path === '' ? '' : ` at ${path}`;
  return [
    `First difference ${placeText(found)}, ${timeText(timeMs)}, ${eventKind}${about}: decision ${index + 1}${key}`,
    `  recorded ${short(valueAt(recorded, path))}`,
    `  now      ${short(valueAt(now, path))}`,
  ];
}

function placeText({ sequence, file, offset }: JournalPlace): string {
  return `at step ${sequence} (${file}, byte ${offset})`;
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX)}...`;
}
