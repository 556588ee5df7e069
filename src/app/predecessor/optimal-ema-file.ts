import { z } from 'zod';
import { emaEvidenceSchema } from '../../api/optimal-ema.ts';
import { instrumentIdOf } from '../../core/domain/typed-name.ts';
import { DEFAULT_TRADING_SETTINGS } from '../../core/engine/settings.ts';
import type { EmaSearchRow } from '../../store/store.ts';
import type { FileReport } from './import-report.ts';
import type { Fields } from './json-text.ts';
import { shortName } from './plain-rules.ts';

/** It searched on these candles and no others. */
export const SEARCHED_TIMEFRAME = '6h';
/** No hash a search of ours has: such a row is stale, never in force, and replaced by the next search. */
const NOT_OURS = 'predecessor';

const length = z.number().int().min(2).max(500);
const count = z.number().int().min(0);
const recordSchema = z
  .looseObject({
    ema_short_period: length.optional(),
    ema_long_period: length.optional(),
    /** The same in the oldest files. */
    ema_short: length.optional(),
    ema_long: length.optional(),
    accuracy: z.number().optional(),
    total_signals: count.optional(),
    candles_analyzed: count.optional(),
    last_updated: z.string().optional(),
  })
  .refine((record) => pairOf(record) !== null, 'it takes two lengths, the short one below the long one');
const keptSchema = z.object({ predecessor: z.looseObject({}) });

/**
 * Pairs of averages by coin. They are kept to be seen, not used: what made them best was not what a trade earns, so
 * each coin is searched again. A coin that was searched here keeps its result.
 */
export function readOptimalEma(
  fields: Fields,
  parts: { readonly report: FileReport; readonly stored: readonly EmaSearchRow[]; readonly nowMs: number },
): readonly EmaSearchRow[] {
  const { report, stored, nowMs } = parts;
  const own = new Set(stored.filter(({ settingsHash }) => settingsHash !== NOT_OURS).map(idOf));
  const rows = new Map<string, EmaSearchRow>();
  for (const [name, value] of Object.entries(fields)) {
    const id = instrumentIdOf(name);
    const record = recordSchema.safeParse(value);
    const pair = record.success ? pairOf(record.data) : null;
    if (id === null || !record.success || pair === null || rows.has(id)) {
      report.note('refused', name, faultOf(id, record));
    } else if (own.has(id)) {
      report.note('ignored', name, `${id} was searched here, which stands`);
    } else {
      rows.set(id, rowOf(id, { pair, record: record.data, nowMs }));
      const detail = `${pair.shortLength}/${pair.longLength} is kept to be seen, not used: it was not chosen by what trades earn`;
      report.note('changed', name, `${detail}; the coin is searched again`);
    }
  }
  return [...rows.values()];
}

/** The pairs that are used here, and those of the predecessor that nothing has replaced. */
export function writeOptimalEma(rows: readonly EmaSearchRow[]): Fields {
  const records = rows.flatMap((row): [string, Fields][] => {
    const record = recordOf(row);
    return record === null ? [] : [[shortName(row.instrumentId), record]];
  });
  return Object.fromEntries(records);
}

interface Pair {
  readonly shortLength: number;
  readonly longLength: number;
}

type EmaRecord = z.infer<typeof recordSchema>;

function pairOf(record: Fields): Pair | null {
  const shortLength = record['ema_short_period'] ?? record['ema_short'];
  const longLength = record['ema_long_period'] ?? record['ema_long'];
  if (typeof shortLength !== 'number' || typeof longLength !== 'number') return null;
  return shortLength < longLength ? { shortLength, longLength } : null;
}

function faultOf(id: string | null, record: z.ZodSafeParseResult<EmaRecord>): string {
  if (id === null) return 'no name of a coin';
  if (record.success) return `${id} stands there twice`;
  return record.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
}

function rowOf(
  instrumentId: string,
  { pair, record, nowMs }: { readonly pair: Pair; readonly record: EmaRecord; readonly nowMs: number },
): EmaSearchRow {
  const none = { signals: 0, meanReturnPct: null };
  const { trendEmaShortLength: shortLength, trendEmaLongLength: longLength } =
    DEFAULT_TRADING_SETTINGS.signal;
  const evidence = emaEvidenceSchema.parse({
    inSample: { signals: record.total_signals ?? 0, meanReturnPct: null },
    outOfSample: none,
    baseline: none,
    defaultPair: { shortLength, longLength, ...none },
    gainPct: null,
    gainInterval: null,
    folds: [],
    pairsTried: 0,
    candles: record.candles_analyzed ?? 0,
    firstMs: 0,
    lastMs: 0,
  });
  return {
    instrumentId,
    timeframe: SEARCHED_TIMEFRAME,
    verdict: 'not-enough',
    ...pair,
    settingsHash: NOT_OURS,
    lastMs: 0,
    searchedMs: nowMs,
    evidenceJson: JSON.stringify({ ...evidence, predecessor: record }),
  };
}

function recordOf(row: EmaSearchRow): Fields | null {
  const { verdict, shortLength, longLength, settingsHash, evidenceJson, searchedMs } = row;
  const evidence: unknown = JSON.parse(evidenceJson);
  const kept = keptSchema.safeParse(evidence);
  if (settingsHash === NOT_OURS && kept.success) return kept.data.predecessor;
  if (verdict !== 'better' || shortLength === null || longLength === null) return null;
  const { inSample, candles } = emaEvidenceSchema.parse(evidence);
  return {
    ema_short_period: shortLength,
    ema_long_period: longLength,
    // Its share of "correct" signals is not what a search here measures.
    accuracy: 0,
    total_signals: inSample.signals,
    candles_analyzed: candles,
    last_updated: new Date(searchedMs).toISOString(),
    analysis_method: 'forward return, walk-forward',
  };
}

function idOf({ instrumentId }: EmaSearchRow): string {
  return instrumentId;
}
