import { type Err, err, ok, type Result } from '../core/base/result.ts';
import type { FundingPoint } from './past-market.ts';

/** The first line of every funding file: time in ms UTC, rate as a share of the position's value. */
const FUNDING_FILE_HEADER = 'fundingTime,fundingRate';
const ROW = /^(\d{12,14}),(-?\d{1,3}(?:\.\d{1,15})?)$/;
/** Exchanges stamp a payment some milliseconds late; payments are due on full minutes. */
const MINUTE_MS = 60_000;

/** What is wrong with a funding file; `line` counts from 1. */
export interface FundingFileFault {
  readonly line: number;
  readonly detail: string;
}

/** Reads a funding file: the header, then ascending rows. The first fault ends it. */
export function parseFundingFile(text: string): Result<readonly FundingPoint[], FundingFileFault> {
  const lines = text.trimEnd().split('\n');
  if (lines[0]?.trim() !== FUNDING_FILE_HEADER) {
    return fault(1, `the first line must be "${FUNDING_FILE_HEADER}"`);
  }
  const points: FundingPoint[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const point = parseRow(line);
    if (point === null) return fault(index + 1, `"${line.slice(0, 60)}" is no time and rate`);
    const before = points.at(-1);
    if (before !== undefined && point.timeMs <= before.timeMs) {
      return fault(index + 1, 'the payment is not later than the one above it');
    }
    points.push(point);
  }
  return ok(points);
}

function parseRow(line: string): FundingPoint | null {
  const [, time, rate] = ROW.exec(line.trimEnd()) ?? [];
  if (time === undefined || rate === undefined) return null;
  return { timeMs: Math.round(Number(time) / MINUTE_MS) * MINUTE_MS, rate: Number(rate) };
}

function fault(line: number, detail: string): Err<FundingFileFault> {
  return err({ line, detail });
}
