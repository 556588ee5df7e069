import type { InstrumentId } from '../../core/domain/instrument.ts';
import { tradeStatistic } from '../../core/statistic/trade-statistic.ts';
import type { BlockedCandidate } from './blocked-candidates.ts';
import { meanInterval } from './dated-mean.ts';
import type { SoloWorth, WorthVerdict } from './result.ts';
import type { WorthSettings } from './settings.ts';
import type { SoloTrade } from './solo-trade.ts';

const DAY_MS = 86_400_000;
/** Share of trades that a block of time outlasts. */
const LASTED_SHARE = 0.9;

/** A blocked entry with the trade that would have followed. */
export interface PricedCandidate {
  readonly candidate: BlockedCandidate;
  readonly trade: SoloTrade;
}

/** Blocked entries, those that can be told apart as trades of their own, and how many cannot. */
export interface PricedCandidates {
  readonly candidates: number;
  readonly priced: readonly PricedCandidate[];
  readonly overlapping: number;
  readonly unpriced: number;
}

/** Prices candidates in order of time; one that comes while the trade before it lasts is passed over. */
export function priceInTurn(
  candidates: readonly BlockedCandidate[],
  price: (candidate: BlockedCandidate) => SoloTrade | null,
): PricedCandidates {
  const busyUntil = new Map<InstrumentId, number>();
  const priced: PricedCandidate[] = [];
  let [overlapping, unpriced] = [0, 0];
  for (const candidate of candidates) {
    const isBusy = candidate.timeMs < (busyUntil.get(candidate.instrumentId) ?? Number.NEGATIVE_INFINITY);
    const trade = isBusy ? null : price(candidate);
    if (isBusy) overlapping += 1;
    else if (trade === null) unpriced += 1;
    else {
      busyUntil.set(candidate.instrumentId, trade.endMs);
      priced.push({ candidate, trade });
    }
  }
  return { candidates: candidates.length, priced, overlapping, unpriced };
}

/** What trades that were not made would have made, with the sign turned: positive is money saved. */
export function soloWorth(
  { candidates, priced, overlapping, unpriced }: PricedCandidates,
  settings: WorthSettings,
): SoloWorth {
  const { tradesMin, confidencePct, seed } = settings;
  const made = tradeStatistic(priced.map(({ trade }) => trade.pnlUsdt));
  const blockDays = Math.max(settings.blockDaysMin, Math.ceil(lastedMs(priced) / DAY_MS));
  const saved = priced.map(({ candidate, trade }) => ({
    timeMs: candidate.timeMs,
    value: 0 - trade.pnlUsdt,
  }));
  const enough = made.count >= tradesMin;
  const rule = { blockMs: blockDays * DAY_MS, confidencePct, seed };
  return {
    candidates,
    trades: made.count,
    overlapping,
    unpriced,
    open: priced.filter(({ trade }) => trade.isOpen).length,
    wins: made.wins,
    winRatePct: made.winRatePct,
    meanSavedUsdt: made.expectancy === null ? null : 0 - made.expectancy,
    totalSavedUsdt: 0 - made.pnl,
    interval: enough ? meanInterval(saved, rule) : null,
    blockDays,
  };
}

/** Only an interval on one side of nothing proves something. */
export function worthVerdict({ interval }: SoloWorth): WorthVerdict {
  if (interval === null) return 'not-enough-data';
  if (interval.low > 0) return 'saves';
  return interval.high < 0 ? 'costs' : 'unclear';
}

/** Time within which nine of ten trades had ended. */
function lastedMs(priced: readonly PricedCandidate[]): number {
  const lasted = priced.map(({ candidate, trade }) => trade.endMs - candidate.timeMs).sort((a, b) => a - b);
  return lasted[Math.ceil(lasted.length * LASTED_SHARE) - 1] ?? 0;
}
