import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assert } from '../src/core/base/assert.ts';
import { systemTime } from '../src/platform/time.ts';
import { backtestBench } from './backtest.ts';
import { backtestPeersBench } from './backtest-peers.ts';
import type { Bench, BenchRow, BenchTable } from './bench.ts';
import { closeBench } from './close.ts';
import { decisionsBench } from './decisions.ts';
import { engineBench } from './engine.ts';
import { indicatorsBench } from './indicators.ts';
import { journalBench } from './journal.ts';
import { optimalEmaBench } from './optimal-ema.ts';
import { orderPathBench } from './order-path.ts';
import { pushBench } from './push.ts';
import { scanBench } from './scan.ts';
import { servingBench } from './serving.ts';
import { startupBench } from './startup.ts';
import { tickBench } from './tick.ts';
import { venueBench } from './venue.ts';

/** Every bench, in the order it runs. */
const BENCHES: readonly Bench[] = [
  indicatorsBench,
  tickBench,
  engineBench,
  closeBench,
  journalBench,
  decisionsBench,
  backtestBench,
  backtestPeersBench,
  optimalEmaBench,
  orderPathBench,
  servingBench,
  pushBench,
  venueBench,
  scanBench,
  startupBench,
];

const USAGE = `Usage: npm run bench -- [--smoke] [--only NAME] [--save]
  --smoke   tiny sizes: proves that every bench gives a figure
  --only    one bench: ${BENCHES.map(({ name }) => name).join(', ')}
  --save    also write bench/results/NAME.json
Ends with 1 when a promised ratio is missed.`;

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      only: { type: 'string' },
      save: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = BENCHES.filter(({ name }) => values.only === undefined || name === values.only);
  if (values.help || chosen.length === 0) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  for (const bench of chosen) {
    const table = await bench.run({ smoke: values.smoke });
    assertFigures(bench, table);
    print(table, values.smoke);
    if (values.smoke) continue;
    if (table.rows.some(misses)) process.exitCode = 1;
    if (values.save) save(bench, table);
  }
}

function assertFigures({ name }: Bench, { rows }: BenchTable): void {
  assert(rows.length > 0, `Bench ${name} gives at least one figure.`);
  for (const row of rows) {
    const sound =
      Number.isFinite(row.median) && row.median > 0 && row.min <= row.median && row.median <= row.max;
    assert(sound, `Bench ${name} has a figure for ${row.name}.`);
  }
}

/** A tiny run says nothing about speed, so it is not held against the promises. */
function print({ title, rows, notes }: BenchTable, smoke: boolean): void {
  console.log(`\n${title}`);
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const row of rows) {
    console.log(`  ${row.name.padEnd(width)}  ${figures(row)}${smoke ? '' : promise(row)}`);
  }
  for (const note of notes) console.log(`  - ${note}`);
}

function figures({ median, min, max, unit, ratio }: BenchRow): string {
  const spread = `(${figure(min)} - ${figure(max)})`;
  const compared = ratio === null ? '' : `  x ${figure(ratio)}`;
  return `${figure(median).padStart(8)} ${unit.padEnd(8)} ${spread.padEnd(20)}${compared}`;
}

function promise(row: BenchRow): string {
  if (row.ratioMax === null) return '';
  return `  promised <= ${row.ratioMax}: ${misses(row) ? 'MISSED' : 'kept'}`;
}

function misses({ ratio, ratioMax }: BenchRow): boolean {
  return ratioMax !== null && !(ratio !== null && ratio <= ratioMax);
}

function figure(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

function save({ name }: Bench, table: BenchTable): void {
  const folder = join(import.meta.dirname, 'results');
  const cores = cpus();
  const machine = {
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  const measuredAt = new Date(systemTime.nowMs()).toISOString();
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${name}.json`),
    `${JSON.stringify({ name, measuredAt, machine, ...table }, null, 2)}\n`,
  );
}
