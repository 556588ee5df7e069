import type { LedgerStandingView } from '../api/ledger.ts';
import type { Risk } from '../api/risk.ts';
import { DIFFERENCE_KINDS } from '../core/domain/difference.ts';
import type { Metric, Sample } from '../platform/metrics.ts';
import type { Agreement } from '../trading/reconciler.ts';
import type { Mode } from '../trading/trading-mode.ts';

const MODES: readonly Mode[] = ['starting', 'reconciling', 'ready', 'reduce-only', 'halted'];

/** One row a number: to collect another, add a row here and a line to docs/operating/metrics.md. */
export function riskMetrics({
  mode,
  accountAgeMs,
  unresolvedOrders,
  limits,
  gate,
  protection,
}: Risk): readonly Metric[] {
  const { positions, closed, obstacle } = protection;
  const confirmed = positions.filter((position) => position.confirmed).length;
  const quantile = (share: string, ms: number | null): Sample => ({
    labels: { quantile: share },
    value: seconds(ms),
  });
  return [
    gauge('infobot_mode', '1 for the mode the service is in, 0 for the others.', [
      ...MODES.map((name) => ({ labels: { mode: name }, value: name === mode ? 1 : 0 })),
    ]),
    gauge('infobot_account_age_seconds', 'Age of the newest complete reading of the account.', [
      { value: seconds(accountAgeMs) },
    ]),
    gauge('infobot_unresolved_orders', 'Orders whose outcome is being looked up.', [
      { value: unresolvedOrders },
    ]),
    gauge('infobot_positions', 'Open positions by whether a stop of theirs is confirmed at the exchange.', [
      { labels: { stop: 'confirmed' }, value: confirmed },
      { labels: { stop: 'unconfirmed' }, value: positions.length - confirmed },
    ]),
    gauge(
      'infobot_position_unprotected_seconds',
      'How long an open position has been held without a confirmed stop so far.',
      positions.map(({ symbol, unprotectedMs }) => ({ labels: { symbol }, value: seconds(unprotectedMs) })),
    ),
    gauge(
      'infobot_closed_unprotected_seconds',
      'How long the newest closed positions were held without a confirmed stop.',
      [quantile('0.5', closed.p50Ms), quantile('0.99', closed.p99Ms), quantile('1', closed.maxMs)],
    ),
    gauge('infobot_stop_obstacle', '1 while stops keep all entries back.', [
      { value: obstacle === null ? 0 : 1 },
    ]),
    gauge('infobot_limit_value', 'What stands against a limit now.', [
      ...limits.map(({ name, value }) => ({ labels: { limit: name }, value: numberOf(value) })),
    ]),
    gauge('infobot_limit', 'A limit entries are held to.', [
      ...limits.map(({ name, limit }) => ({ labels: { limit: name }, value: numberOf(limit) })),
    ]),
    ...gateMetrics(gate),
  ];
}

/** What every order passes last. */
function gateMetrics({ obstacle, limits, refused }: Risk['gate']): readonly Metric[] {
  const samples = (key: 'ceiling' | 'configured' | 'value'): readonly Sample[] =>
    limits.map((row) => ({ labels: { limit: row.name }, value: numberOf(row[key]) }));
  return [
    gauge('infobot_gate_obstacle', '1 while the gate lets no entry through whatever it is.', [
      { value: obstacle === null ? 0 : 1 },
    ]),
    gauge('infobot_gate_ceiling', 'A bound that is part of the program.', samples('ceiling')),
    gauge('infobot_gate_limit', 'The bound in force at the gate.', samples('configured')),
    gauge('infobot_gate_value', 'What stands against a bound of the gate now.', samples('value')),
    {
      name: 'infobot_gate_refused_total',
      help: 'Orders the gate has refused, by rule.',
      type: 'counter',
      samples: refused.map(({ code, count }) => ({ labels: { code }, value: count })),
    },
  ];
}

/** Whether the books are the wallet. */
export function ledgerMetrics(standing: LedgerStandingView | null): readonly Metric[] {
  const balanceOf = (wanted: string): string | null =>
    standing?.accounts.find(({ account }) => account === wanted)?.balance ?? null;
  return [
    gauge('infobot_ledger_drift', 'The wallet by the exchange less the wallet by the ledger, USDT.', [
      { value: numberOf(standing?.comparison?.drift ?? null) },
    ]),
    gauge('infobot_ledger_wallet', 'The wallet by the ledger, USDT.', [
      { value: numberOf(balanceOf('wallet')) },
    ]),
    gauge('infobot_ledger_unexplained', 'What moved the wallet for reasons that are not known, USDT.', [
      { value: standing === null ? null : -Number(balanceOf('unexplained') ?? 0) },
    ]),
  ];
}

/** Whether the exchange's account is what we hold. */
export function agreementMetrics({ open, openedCount, streak }: Agreement): readonly Metric[] {
  return [
    gauge(
      'infobot_differences_open',
      "What the exchange's account and ours differ in now.",
      DIFFERENCE_KINDS.map((kind) => {
        return { labels: { kind }, value: open.filter((row) => row.kind === kind).length };
      }),
    ),
    {
      name: 'infobot_differences_total',
      help: 'Differences that were opened since the start.',
      type: 'counter',
      samples: [{ value: openedCount }],
    },
    gauge('infobot_agreement_streak', 'Complete readings of the account in a row that differed in nothing.', [
      { value: streak },
    ]),
  ];
}

function gauge(name: Metric['name'], help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
