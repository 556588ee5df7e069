import type { Harness } from './harness.ts';
import type { LedgerEntry } from './ledger.ts';

/** The figures of a harness over its seeds, as lines of text. */
export function summary({ name, unit }: Harness, entries: readonly LedgerEntry[]): string {
  const checked = entries.reduce((sum, entry) => sum + entry.checked, 0);
  const violations = entries.reduce((sum, entry) => sum + entry.violations.length, 0);
  const lines = [`${name}: ${checked} ${unit} over ${entries.length} seeds, ${violations} violations`];
  for (const [what, count] of totals(entries)) lines.push(`  ${what}: ${count}`);
  for (const [what, samples] of joined(entries)) {
    const at = (share: number): number =>
      samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0;
    lines.push(`  ${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${samples.length})`);
  }
  if (checked === 0) lines.push('  nothing was checked: that is a failure');
  return lines.join('\n');
}

function totals(entries: readonly LedgerEntry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { counts } of entries) {
    for (const [what, count] of Object.entries(counts)) sums.set(what, (sums.get(what) ?? 0) + count);
  }
  return new Map([...sums].sort(([a], [b]) => a.localeCompare(b)));
}

/** Sorted upwards. */
function joined(entries: readonly LedgerEntry[]): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, number[]>();
  for (const { samplesMs } of entries) {
    for (const [what, samples] of Object.entries(samplesMs))
      all.set(what, [...(all.get(what) ?? []), ...samples]);
  }
  for (const samples of all.values()) samples.sort((a, b) => a - b);
  return all;
}
