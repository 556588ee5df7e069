import type { ProtectionSummary, Risk } from '../api/risk.ts';
import type { PositionView } from '../core/engine/view.ts';
import type { LedgerApi } from '../http/ledger-api.ts';
import type { RiskApi } from '../http/risk-api.ts';
import { metricsText } from '../platform/metrics.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { agreementMetrics, ledgerMetrics, riskMetrics } from './risk-metrics.ts';
import type { TradingService } from './trading-service.ts';

/** Closed positions the summary is made of. */
const CLOSED_MAX = 500;
/** A summary is good for so long: many may ask at once. */
const SUMMARY_MS = 5_000;

/** Limits and protection of a running bots service, as the API shows them and a monitoring system collects them. */
export class RiskDesk implements RiskApi {
  private readonly trading: TradingService;
  private readonly store: Pick<Store, 'listTrades'>;
  private readonly time: Time;
  private readonly ledger: Pick<LedgerApi, 'standing'>;
  private summary: { readonly untilMs: number; readonly value: Promise<ProtectionSummary> } | null = null;

  constructor(parts: {
    readonly trading: TradingService;
    readonly store: Pick<Store, 'listTrades'>;
    readonly time: Time;
    readonly ledger: Pick<LedgerApi, 'standing'>;
  }) {
    this.trading = parts.trading;
    this.store = parts.store;
    this.time = parts.time;
    this.ledger = parts.ledger;
  }

  async risk(): Promise<Risk> {
    const { trading } = this;
    const closed = await this.closed();
    const { limits, stopObstacle } = trading.engine.risk();
    const { mode, reason } = trading.mode();
    return {
      timeMs: this.time.nowMs(),
      mode,
      modeReason: reason,
      accountAgeMs: trading.sync.ageMs(),
      unresolvedOrders: trading.unresolvedOrders(),
      limits: limits.map((limit) => ({ ...limit })),
      gate: {
        obstacle: trading.gate.obstacle(),
        limits: trading.gate.standing().map((row) => ({ ...row })),
        refused: trading.gate.refusedCounts().map((row) => ({ ...row })),
      },
      protection: {
        obstacle: stopObstacle,
        positions: trading.engine.positions().flatMap((position) => protectionOf(position) ?? []),
        closed,
      },
    };
  }

  async metrics(): Promise<string> {
    const [risk, standing] = await Promise.all([this.risk(), this.ledger.standing()]);
    const agreement = agreementMetrics(this.trading.reconciler.agreement());
    return metricsText([...riskMetrics(risk), ...agreement, ...ledgerMetrics(standing)]);
  }

  private closed(): Promise<ProtectionSummary> {
    const nowMs = this.time.monotonicMs();
    if (this.summary === null || nowMs >= this.summary.untilMs) {
      const value = this.store.listTrades({ limit: CLOSED_MAX, cursor: null }).then(({ rows }) => {
        return summaryOf(rows.flatMap(({ unprotectedMs }) => unprotectedMs ?? []));
      });
      this.summary = { untilMs: nowMs + SUMMARY_MS, value };
    }
    return this.summary.value;
  }
}

/** Null for an entry on its way: nothing is held yet. */
function protectionOf(position: PositionView): Risk['protection']['positions'][number] | null {
  if (position.state === 'entering') return null;
  const { instrumentId, direction, stopConfirmedMs, unprotectedSinceMs, unprotectedMs } = position;
  const confirmed = unprotectedSinceMs === null;
  const times = { stopConfirmedMs, unprotectedSinceMs, unprotectedMs };
  return { id: instrumentId, symbol: instrumentId, direction, confirmed, ...times };
}

/** Nearest ranks; null without a value. */
export function summaryOf(timesMs: readonly number[]): ProtectionSummary {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const rank = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { count: sorted.length, p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1) };
}
