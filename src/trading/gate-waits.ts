import { parseDecimal } from '../core/base/decimal.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import type { ClosedPosition } from '../core/domain/position.ts';
import type { FundedTrade } from '../store/trade-row.ts';

const MINUTE_MS = 60_000;

/** When a position was last closed at a loss on each instrument, by the monotonic clock. */
export class GateWaits {
  private readonly lostMs = new Map<InstrumentId, number>();

  /** Positions that earlier processes closed. */
  recall(
    rows: readonly Pick<FundedTrade, 'instrumentId' | 'pnl' | 'tradedPnl' | 'closedMs'>[],
    now: { readonly nowMs: number; readonly monotonicMs: number },
  ): void {
    for (const { instrumentId, pnl, tradedPnl, closedMs } of rows) {
      const id = parseInstrumentId(instrumentId);
      if (id === null || parseDecimal(pnl ?? tradedPnl)?.lessThan(0) !== true) continue;
      this.note(id, now.monotonicMs - Math.max(0, now.nowMs - closedMs));
    }
  }

  onClosed(
    { instrumentId, tradedPnl, closedMs }: Pick<ClosedPosition, 'instrumentId' | 'tradedPnl' | 'closedMs'>,
    nowMs: number,
    monotonicMs: number,
  ): void {
    if (tradedPnl.lessThan(0)) this.note(instrumentId, monotonicMs - Math.max(0, nowMs - closedMs));
  }

  /** How long an instrument waits from now, ms; 0: it does not. */
  leftMs(id: InstrumentId, monotonicMs: number, minutes: number): number {
    const lostMs = this.lostMs.get(id);
    return lostMs === undefined ? 0 : Math.max(0, lostMs + minutes * MINUTE_MS - monotonicMs);
  }

  private note(id: InstrumentId, lostMs: number): void {
    this.lostMs.set(id, Math.max(lostMs, this.lostMs.get(id) ?? lostMs));
  }
}
