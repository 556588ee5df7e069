import { seedOf } from '../../core/base/rng.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import { emaPairWarmUp } from '../../core/signal/ema-pair-trend.ts';
import { gainInterval, type ReturnBlock } from '../../core/statistic/block-bootstrap.ts';
import { AverageTable } from './average-table.ts';
import { choosePairs } from './choice.ts';
import { type EmaPair, emaGrid } from './grid.ts';
import type { EmaEvidence, EmaFold, EmaSearchResult, EmaVerdict } from './result.ts';
import { passes, type ReturnSummary, type SignalSpan, summarise } from './score.ts';
import type { EmaSearchRule } from './settings.ts';
import {
  firstSignalFrom,
  type PastSignals,
  pastSignals,
  type SearchedCandles,
  volatilityOf,
} from './signals.ts';

/** Share of the candles that the first pair is chosen on. */
const FIRST_SHARE = 0.5;
/** Blocks of the bootstrap are this many times as long as a signal is held, so that few holdings reach over two. */
const HOLDS_A_BLOCK = 2;
const EMPTY_BLOCK: ReturnBlock = { chosenSum: 0, chosenCount: 0, allSum: 0, allCount: 0 };

/** A fold as places in the list of signals. */
interface FoldSpan {
  readonly firstRow: number;
  readonly lastRow: number;
  /** Signals before this one have ended before the fold begins: the pair is chosen on them. */
  readonly inSampleEnd: number;
  readonly judged: SignalSpan;
}

interface Searched {
  readonly candles: SearchedCandles;
  readonly rule: EmaSearchRule;
  readonly signals: PastSignals;
  readonly table: AverageTable;
  readonly folds: readonly FoldSpan[];
}

/**
 * The pair of averages whose trend would have kept the best RSI signals of one instrument, and whether that is more
 * than luck. Walk-forward: the later half of the candles is cut into folds, each judged by the pair that was best on
 * what had ended before it. The verdict compares what these choices made with what every signal made and with the
 * default pair; `better` needs the interval of the gain to lie above 0. The pair of the result is the best one on all
 * signals: what is proven is the way of choosing, on candles it had not seen. The same input gives the same result.
 */
export function searchOptimalEma(candles: SearchedCandles, rule: EmaSearchRule): EmaSearchResult {
  const { search, signal } = rule;
  // From the candles the first pair is chosen on: even the grid must not know what comes.
  const volatility = volatilityOf(candles.close, Math.floor(candles.count * FIRST_SHARE));
  const grid = emaGrid(search.grid, volatility);
  // The same signals for every pair, or their means would not compare.
  const longest = Math.max(grid.lengthMax, signal.trendEmaLongLength);
  const firstRow = emaPairWarmUp(longest) - 1;
  const signals = pastSignals(candles, rule, firstRow);
  const table = new AverageTable(candles.close, signals, rule);
  const searched = { candles, rule, signals, table, folds: foldSpans(candles, rule, { firstRow, signals }) };
  const ends = [...searched.folds.map(({ inSampleEnd }) => inSampleEnd), signals.count];
  const { best, pairsTried } = choosePairs(
    { table, signals, ends, signalsMin: search.signalsMin },
    grid,
    search.grid,
  );
  const chosen = best.at(-1) ?? null;
  const pair = chosen === null ? null : { shortLength: chosen.shortLength, longLength: chosen.longLength };
  const evidence = evidenceOf(searched, { pair, best, pairsTried });
  return { verdict: verdictOf(evidence, search.signalsMin), pair, evidence };
}

function foldSpans(
  { count }: SearchedCandles,
  { search }: EmaSearchRule,
  { firstRow, signals }: { readonly firstRow: number; readonly signals: PastSignals },
): readonly FoldSpan[] {
  const end = count - 1 - search.forwardCandles;
  const begin = firstRow + Math.floor((end - firstRow) * FIRST_SHARE);
  const length = (end - begin) / search.folds;
  if (length < 1) return [];
  return Array.from({ length: search.folds }, (_, fold) => {
    const row = begin + Math.floor(fold * length);
    const nextRow = begin + Math.floor((fold + 1) * length);
    const judged = { from: firstSignalFrom(signals, row), to: firstSignalFrom(signals, nextRow) };
    // A signal ends at the open `1 + forwardCandles` after it, which must be known at this fold's first decision.
    const inSampleEnd = firstSignalFrom(signals, row - search.forwardCandles);
    return { firstRow: row, lastRow: nextRow - 1, inSampleEnd, judged };
  });
}

function evidenceOf(
  searched: Searched,
  found: {
    readonly pair: EmaPair | null;
    readonly best: readonly (EmaPair | null)[];
    readonly pairsTried: number;
  },
): EmaEvidence {
  const { candles, rule, signals, folds } = searched;
  const { trendEmaShortLength: shortLength, trendEmaLongLength: longLength } = rule.signal;
  const judged = folds.flatMap(({ judged: span }, place) => (found.best[place] === null ? [] : [span]));
  const told = folds.map((fold, place) => foldOf(searched, fold, found.best[place] ?? null));
  const outOfSample = pooled(told.map((fold) => fold.outOfSample));
  const baseline = summarise(searched, null, judged);
  const whole = { from: 0, to: signals.count };
  return {
    inSample:
      found.pair === null ? { signals: 0, meanReturnPct: null } : summarise(searched, found.pair, [whole]),
    outOfSample,
    baseline,
    defaultPair: { shortLength, longLength, ...summarise(searched, { shortLength, longLength }, judged) },
    ...gainOf(searched, found.best, { outOfSample, baseline }),
    folds: told,
    pairsTried: found.pairsTried,
    candles: candles.count,
    firstMs: candles.firstOpenMs,
    lastMs: candles.firstOpenMs + (candles.count - 1) * timeframeMs(candles.timeframe),
  };
}

function foldOf(searched: Searched, fold: FoldSpan, pair: EmaPair | null): EmaFold {
  const { firstOpenMs, timeframe } = searched.candles;
  const openMs = (row: number): number => firstOpenMs + row * timeframeMs(timeframe);
  const nothing = { signals: 0, meanReturnPct: null };
  return {
    fromMs: openMs(fold.firstRow),
    toMs: openMs(fold.lastRow),
    pair: pair === null ? null : { shortLength: pair.shortLength, longLength: pair.longLength },
    inSample: pair === null ? nothing : summarise(searched, pair, [{ from: 0, to: fold.inSampleEnd }]),
    outOfSample: pair === null ? nothing : summarise(searched, pair, [fold.judged]),
  };
}

function pooled(summaries: readonly ReturnSummary[]): ReturnSummary {
  const signals = summaries.reduce((total, summary) => total + summary.signals, 0);
  const sum = summaries.reduce(
    (total, { signals: count, meanReturnPct }) => total + count * (meanReturnPct ?? 0),
    0,
  );
  return { signals, meanReturnPct: signals === 0 ? null : sum / signals };
}

function gainOf(
  searched: Searched,
  best: readonly (EmaPair | null)[],
  { outOfSample, baseline }: Pick<EmaEvidence, 'outOfSample' | 'baseline'>,
): Pick<EmaEvidence, 'gainPct' | 'gainInterval'> {
  if (outOfSample.meanReturnPct === null || baseline.meanReturnPct === null) {
    return { gainPct: null, gainInterval: null };
  }
  const { candles, rule } = searched;
  return {
    gainPct: outOfSample.meanReturnPct - baseline.meanReturnPct,
    gainInterval: gainInterval({
      blocks: blocksOf(searched, best),
      confidencePct: rule.search.confidencePct,
      seed: seedOf('optimal-ema', candles.firstOpenMs, candles.count),
    }),
  };
}

/** Blocks of the time judged; those without a signal leave no trace in a mean. */
function blocksOf(
  { rule, signals, table, folds }: Searched,
  best: readonly (EmaPair | null)[],
): readonly ReturnBlock[] {
  const blockCandles = rule.search.forwardCandles * HOLDS_A_BLOCK;
  const blocks = new Map<number, ReturnBlock>();
  for (const [place, { judged }] of folds.entries()) {
    const pair = best[place] ?? null;
    if (pair === null) continue;
    for (let at = judged.from; at < judged.to; at += 1) {
      const block = Math.floor((signals.rows[at] ?? 0) / blockCandles);
      const chosen = passes(table, pair, at);
      blocks.set(block, withReturn(blocks.get(block) ?? EMPTY_BLOCK, signals.returnsPct[at] ?? 0, chosen));
    }
  }
  return [...blocks.values()];
}

function withReturn(block: ReturnBlock, returnPct: number, chosen: boolean): ReturnBlock {
  return {
    chosenSum: block.chosenSum + (chosen ? returnPct : 0),
    chosenCount: block.chosenCount + (chosen ? 1 : 0),
    allSum: block.allSum + returnPct,
    allCount: block.allCount + 1,
  };
}

function verdictOf(
  { inSample, outOfSample, defaultPair, gainInterval: gain }: EmaEvidence,
  signalsMin: number,
): EmaVerdict {
  if (inSample.signals < signalsMin || outOfSample.signals < signalsMin || gain === null) return 'not-enough';
  const made = outOfSample.meanReturnPct ?? Number.NEGATIVE_INFINITY;
  const byDefault = defaultPair.meanReturnPct ?? Number.NEGATIVE_INFINITY;
  return gain.low > 0 && made > byDefault ? 'better' : 'no-better';
}
