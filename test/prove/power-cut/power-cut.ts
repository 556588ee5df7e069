import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { rng, seedOf } from '../../../src/core/base/rng.ts';
import { type Assignment, type Harness, Tally, type Verdict } from '../harness.ts';
import { openDatabase } from '../subject/open-database.ts';
import { type AfterCut, afterCut } from './after-cut.ts';
import { type FileOperation, RECORDING_FLAGS, readRecording } from './recording.ts';

const WRITER = fileURLToPath(new URL('../subject/journal-writer.ts', import.meta.url));
const WEAK_SYNC = fileURLToPath(new URL('../subject/weak-sync.ts', import.meta.url));
const DATABASE = 'trading.db';
/** Of one recording; each makes an entry, an exit, a state, a fill and two changes. */
const INTENTS = 60;
const CONTROL_CUTS = 20;

/** The power goes at any moment of a recorded run; what was acknowledged must be there when the product opens the file. */
export const powerCutHarness: Harness = {
  name: 'power-cut',
  purpose: 'recorded file operations up to a random moment; what was not flushed is dropped or torn',
  unit: 'cuts',
  full: 500,
  smoke: 25,
  perSeed: 100,
  run: cutMany,
};

async function cutMany({ seed, count, say }: Assignment): Promise<Verdict> {
  const tally = new Tally();
  const folder = mkdtempSync(join(tmpdir(), 'infobot-cut-'));
  try {
    const sound = record(join(folder, 'sound'), []);
    tally.count('file operations recorded', sound.operations.length);
    tally.count('flushes recorded', sound.operations.filter(({ kind }) => kind === 'sync').length);
    for (let index = 0; index < count; index += 1) {
      const found = await cutOnce(sound, join(folder, `cut-${index}`), seedOf(seed, 'cut', index));
      tally.checked += 1;
      tally.count('acknowledgements looked for', found.looked);
      tally.count('unflushed changes dropped, torn or kept', found.unflushed);
      tally.violations.push(...found.faults.map((fault) => `cut ${index}: ${fault}`));
      say(`cut ${index + 1} of ${count}`);
    }
    await control(join(folder, 'control'), seed, tally);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tally.verdict();
}

/** A product that does not flush its commits must be caught: else the harness sees nothing. */
async function control(folder: string, seed: number, tally: Tally): Promise<void> {
  const weak = record(folder, [WEAK_SYNC]);
  let lost = 0;
  for (let index = 0; index < CONTROL_CUTS; index += 1) {
    const found = await cutOnce(weak, join(folder, `cut-${index}`), seedOf(seed, 'control', index));
    if (found.faults.length > 0) lost += 1;
  }
  tally.count('cuts of the control', CONTROL_CUTS);
  tally.count('cuts of the control that lost something', lost);
  if (lost === 0)
    tally.violations.push('the control, synchronous=NORMAL, lost nothing: this harness sees nothing');
}

interface Recording {
  readonly base: ReadonlyMap<string, Buffer>;
  readonly operations: readonly FileOperation[];
}

function record(folder: string, preload: readonly string[]): Recording {
  mkdirSync(folder);
  const database = join(folder, DATABASE);
  const acknowledgements = join(folder, 'acknowledged');
  const trace = join(folder, 'trace');
  const node = [process.execPath, ...preload.flatMap((file) => ['--import', file]), WRITER, database];
  execFileSync(node[0] ?? '', [...node.slice(1), '0']);
  const base = new Map([[DATABASE, readFileSync(database)]]);
  const paths = [database, `${database}-wal`, acknowledgements].flatMap((path) => ['-P', path]);
  const output = openSync(acknowledgements, 'w');
  execFileSync('strace', [...RECORDING_FLAGS, ...paths, '-o', trace, ...node, String(INTENTS)], {
    stdio: ['ignore', output, 'inherit'],
  });
  closeSync(output);
  return { base, operations: readRecording(trace, acknowledgements) };
}

async function cutOnce(
  { base, operations }: Recording,
  folder: string,
  seed: number,
): Promise<{ readonly faults: readonly string[]; readonly looked: number; readonly unflushed: number }> {
  const random = rng(seed);
  const count = 1 + Math.floor(random.next() * operations.length);
  const cut = afterCut(base, operations, { count, random });
  mkdirSync(folder);
  for (const [file, bytes] of cut.files) writeFileSync(join(folder, file), bytes);
  const file = join(folder, DATABASE);
  const refused = await openDatabase(file);
  const faults = refused === null ? missing(file, cut) : [`the product refuses the database: ${refused}`];
  rmSync(folder, { recursive: true });
  return { faults, looked: cut.acknowledged.length, unflushed: cut.unflushed };
}

/** What was acknowledged and is not there; read by SQL alone, not by the product. */
function missing(file: string, { acknowledged }: AfterCut): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const { integrity_check: integrity } = database.prepare('pragma integrity_check').get() ?? {};
    if (integrity !== 'ok') return [`the database is damaged: ${integrity}`];
    const kept = new Set([
      ...column(database, 'clientOrderId', 'intent'),
      ...column(database, 'fillId', 'fill'),
    ]);
    const [stateJson = '{}'] = column(database, 'stateJson', 'tradingState');
    const stateNumber = Number(JSON.parse(stateJson).number ?? 0);
    return acknowledged.flatMap((line) => {
      const [kind, name = ''] = line.split(' ');
      if (kind === 'lease') return [];
      const there = kind === 'state' ? stateNumber >= Number(name) : kept.has(name);
      return there ? [] : [`the acknowledged ${line} is gone`];
    });
  } finally {
    database.close();
  }
}

function column(database: DatabaseSync, name: string, table: string): readonly string[] {
  return database
    .prepare(`select "${name}" from "${table}"`)
    .all()
    .map((row) => String(row[name]));
}
