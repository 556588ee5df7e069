import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { assert } from '../src/core/base/assert.ts';
import { sleep, systemTime } from '../src/platform/time.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { comparedRow, type Figures, goalRow } from './figures.ts';
import { INSTRUMENTS } from './market.ts';
import type { ScanMessage } from './scan-process.ts';
import { makePlace, startService } from './service-process.ts';

/** What the exchange permits one address: 600 requests in 5 seconds. */
const REQUESTS_PER_MS = 600 / 5000;
const WINDOW_MS = 5250;
const FLOOR_RATIO_MAX = 1.25;
const CPU_MS_MAX = 400;
const REFRESH_MS_MAX = 5;

/** A cold start of the whole scan against a venue process that enforces the exchange's limits. */
export const scanBench: Bench = { name: 'scan', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const place = await makePlace();
  const count = String(smoke ? 20 : INSTRUMENTS);
  const venue = await startService(place, ['venue', '--seed', '7', '--instruments', count]);
  try {
    const base = `http://127.0.0.1:${place.ports.venue}`;
    const starts: ScanMessage[] = [];
    for (let round = 0; round < (smoke ? 1 : 3); round += 1) {
      // The last round's requests leave the venue's window first.
      if (round > 0) await sleep(systemTime, WINDOW_MS);
      starts.push(await coldStart(base, place.home));
    }
    return tableOf(starts);
  } finally {
    await venue.end();
    place.remove();
  }
}

/** In a process of its own, so that nothing is warm and memory is its own. */
async function coldStart(base: string, home: string): Promise<ScanMessage> {
  const child = fork(join(import.meta.dirname, 'scan-process.ts'), [base, home]);
  const ended = once(child, 'exit');
  const [received] = (await Promise.race([once(child, 'message'), ended])) as [ScanMessage | number];
  assert(typeof received === 'object', 'The cold start gives its figures.');
  await ended;
  return received;
}

function tableOf(starts: readonly ScanMessage[]): BenchTable {
  const [first] = starts;
  assert(first !== undefined && first.idleReads === 0, 'With streams up nothing of the market is read.');
  assert(first.tickersReads === 1, 'Without streams one request reads all prices.');
  const floorMs = starts.map(({ requests, roundTripMs }) => requests / REQUESTS_PER_MS + 2 * roundTripMs);
  const figures = (name: string, unit: string, of: (start: ScanMessage) => number): Figures => ({
    name,
    unit,
    figures: starts.map(of),
  });
  return {
    title: `Cold start of ${first.instruments} instruments x ${first.candles} candles of 6h, venue in a process of its own`,
    rows: [
      goalRow({ name: 'floor: requests / 120 a second + 2 round trips', unit: 'ms', figures: floorMs }, null),
      comparedRow(
        figures('start until all are ready', 'ms', ({ readyMs }) => readyMs),
        floorMs,
        FLOOR_RATIO_MAX,
      ),
      goalRow(
        figures('own CPU until then', 'ms', ({ cpuMs }) => cpuMs),
        CPU_MS_MAX,
      ),
      goalRow(
        figures('memory of the scanning process then', 'MB', ({ residentMb }) => residentMb),
        null,
      ),
      goalRow(
        figures('all rows of the table rebuilt', 'ms', ({ refreshMs }) => refreshMs),
        REFRESH_MS_MAX,
      ),
      goalRow(
        figures('all prices by one request', 'ms', ({ tickersMs }) => tickersMs),
        null,
      ),
    ],
    notes: [
      `${first.requests} market reads; round trip ${first.roundTripMs.toFixed(1)} ms; the service asks within 0.8 of the limit, a fifth of that kept for stops and exits.`,
      'While the streams were up, no market read was sent.',
      'A ratio of an absolute figure is to its goal. CPU counts all threads of a process that has just started, its compiler included.',
    ],
  };
}
