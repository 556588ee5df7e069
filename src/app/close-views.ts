import type { CoinClose } from '../api/coin.ts';
import type { DecisionChanges, DecisionFunnel } from '../api/decision-log.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { CloseRecord, InstrumentAtClose } from '../core/engine/close-record.ts';
import { nearerLevel } from '../core/engine/nearer-level.ts';
import type { InstrumentCloseRow, JudgedCloseRow } from '../store/close-row.ts';

type CloseFunnel = NonNullable<DecisionFunnel['close']>;
type Stage = CloseFunnel['stages'][number]['stage'];

/** One instrument at one close as the API shows it. */
export function coinClose({ instrumentId, blockers, ...row }: InstrumentCloseRow): CoinClose {
  const distance = row.rsi === null ? null : nearerLevel(row.rsi, row).distance;
  return { ...row, symbol: instrumentId, blockers: [...blockers], distance };
}

/** The same with what it was judged by. */
export function judgedCoinClose({ judged, ...row }: JudgedCloseRow): CoinClose {
  const verdicts = judged?.verdicts.map((verdict) => ({ ...verdict })) ?? [];
  return { ...coinClose(row), judged: judged === null ? null : { ...judged, verdicts } };
}

/** Who is otherwise than at the close before; an instrument that came or went is one of them. */
export function changesBetween(before: CloseRecord, now: CloseRecord): DecisionChanges['coins'] {
  const earlier = new Map(before.instruments.map((row) => [row.instrumentId, row]));
  const changes: DecisionChanges['coins'] = [];
  for (const row of now.instruments) {
    const known = earlier.get(row.instrumentId) ?? null;
    earlier.delete(row.instrumentId);
    if (known !== null && isSame(known, row)) continue;
    changes.push({
      symbol: row.instrumentId,
      before: known === null ? null : coinClose(rowAt(before, known)),
      now: coinClose(rowAt(now, row)),
      appeared: missingFrom(known?.blockers ?? [], row.blockers),
      gone: missingFrom(row.blockers, known?.blockers ?? []),
    });
  }
  for (const row of earlier.values()) {
    const left = coinClose(rowAt(before, row));
    changes.push({ symbol: row.instrumentId, before: left, now: null, appeared: [], gone: left.blockers });
  }
  return changes.sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** How many instruments came through each stage, each counted of those that came through the one before. */
export function funnelStages({ timeframe, instruments }: CloseRecord): CloseFunnel['stages'] {
  let left = instruments;
  return STAGES.map(({ stage, passes }) => {
    left = left.filter((row) => passes(row, timeframe));
    return { stage, coins: left.length };
  });
}

const STAGES: readonly {
  readonly stage: Stage;
  readonly passes: (row: InstrumentAtClose, timeframe: Timeframe) => boolean;
}[] = [
  { stage: 'known', passes: () => true },
  // The candle of this very close was there.
  {
    stage: 'fresh',
    passes: (row, timeframe) => row.dataAgeMs !== null && row.dataAgeMs < timeframeMs(timeframe),
  },
  { stage: 'warm', passes: (row) => row.rsi !== null },
  { stage: 'signal', passes: (row) => row.signal !== 'wait' },
  { stage: 'unfiltered', passes: (row) => !row.blockers.some((code) => code.startsWith('filter.')) },
  { stage: 'admitted', passes: (row) => row.blockers.length === 0 && row.rank !== null },
  { stage: 'ordered', passes: (row) => row.outcome === 'ordered' },
];

function rowAt({ closeTimeMs, timeframe }: CloseRecord, row: InstrumentAtClose): InstrumentCloseRow {
  return { ...row, closeTimeMs, timeframe };
}

function isSame(before: InstrumentAtClose, now: InstrumentAtClose): boolean {
  return (
    before.outcome === now.outcome &&
    before.signal === now.signal &&
    before.blockers.length === now.blockers.length &&
    missingFrom(before.blockers, now.blockers).length === 0
  );
}

/** Those of `codes` that `known` has not. */
function missingFrom(known: readonly string[], codes: readonly string[]): string[] {
  return codes.filter((code) => !known.includes(code));
}
