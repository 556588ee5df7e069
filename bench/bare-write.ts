import { fsyncSync, writeSync } from 'node:fs';
import { systemTime } from '../src/platform/time.ts';

const PAGE = Buffer.alloc(8192);

/** What the disk itself takes now for as much as an intent. */
export function bareWriteMs(disk: number): number {
  const startMs = systemTime.monotonicMs();
  writeSync(disk, PAGE);
  fsyncSync(disk);
  return systemTime.monotonicMs() - startMs;
}
