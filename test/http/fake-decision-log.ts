import type { CoinClose } from '../../src/api/coin.ts';
import type { PageRequest } from '../../src/http/caller.ts';
import type { DecisionLogApi } from '../../src/http/decision-log-api.ts';

const CLOSE: CoinClose = {
  symbol: 'BTCUSDT',
  timeframe: '6h',
  closeTimeMs: 1_767_225_600_000,
  outcome: 'no-signal',
  signal: 'wait',
  rsi: 31.5,
  distance: 2.5,
  rsiLongMax: 29,
  rsiShortMin: 71,
  trend: 'up',
  close: 60_000,
  turnover24h: null,
  dataAgeMs: 800,
  rank: null,
  inPosition: null,
  blockers: ['filter.maturity.too-young'],
};

const JUDGED: Pick<CoinClose, 'judged'> = {
  judged: {
    direction: 'long',
    indicators: {
      emaShort: null,
      emaLong: null,
      trendChangePct: 8.2,
      trendRisePct: 58.6,
      trendFallPct: 41.4,
      atrPct: 2.1,
      volatilityRate: 0.9,
    },
    verdicts: [
      {
        filter: 'maturity',
        code: 'filter.maturity.too-young',
        kind: 'veto',
        value: 120,
        threshold: 200,
        margin: -80,
        unit: 'candles',
      },
    ],
  },
};

const COUNTS = {
  outcomes: { 'no-signal': 1 },
  blockers: [{ code: 'filter.maturity.too-young', looks: 1, signals: 0, alone: 0 }],
};

/** One coin at one close; remembers what it was asked. */
export class FakeDecisionLog implements DecisionLogApi {
  readonly asked: unknown[] = [];

  async coinCloses(
    symbol: string,
    page: PageRequest,
    judged: boolean,
  ): ReturnType<DecisionLogApi['coinCloses']> {
    this.asked.push({ symbol, ...page, ...(judged ? { judged } : {}) });
    if (page.cursor === 'foreign') return null;
    return { rows: [{ ...CLOSE, ...(judged ? JUDGED : {}) }], nextCursor: null };
  }

  async blockers(symbol: string | null, days: number): ReturnType<DecisionLogApi['blockers']> {
    this.asked.push({ symbol, days });
    return { symbol, fromMs: 0, closes: 1, looks: 1, signals: 0, ...COUNTS };
  }

  async changes(): ReturnType<DecisionLogApi['changes']> {
    const { timeframe, closeTimeMs } = CLOSE;
    const coins = [{ symbol: 'BTCUSDT', before: null, now: CLOSE, appeared: CLOSE.blockers, gone: [] }];
    return { timeframe, closeTimeMs, beforeMs: closeTimeMs - 1, coins };
  }

  async funnel(untilMs: number | null): ReturnType<DecisionLogApi['funnel']> {
    this.asked.push({ untilMs });
    if (untilMs === 0) return { close: null };
    const account = {
      autoBotEnabled: true,
      entriesAllowed: true,
      entriesReason: 'ready',
      slotsMax: 5,
      slotsUsed: 0,
      equity: null,
      exposure: 0,
      settingsVersion: 1,
    };
    const stages = [{ stage: 'known' as const, coins: 1 }];
    return { close: { timeframe: '6h', closeTimeMs: CLOSE.closeTimeMs, account, stages, ...COUNTS } };
  }

  candidates(limit: number): ReturnType<DecisionLogApi['candidates']> {
    this.asked.push({ limit });
    const { symbol, signal, trend, turnover24h, dataAgeMs, outcome } = CLOSE;
    const near = { direction: 'long' as const, rsi: 31.5, level: 29, distance: 2.5, close: 60_000 };
    const blocker = {
      filter: 'rsi-recheck',
      code: 'filter.rsi-recheck.gone',
      kind: 'veto' as const,
      value: 31.5,
      threshold: 29,
      margin: -2.5,
      unit: 'RSI',
    };
    const seen = { symbol, signal, trend, turnover24h, dataAgeMs, outcome };
    return { timeMs: 1, rows: [{ ...seen, ...near, blockers: [blocker], refusal: null }] };
  }
}
