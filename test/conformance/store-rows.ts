import { ensure } from '../../src/core/base/assert.ts';
import { parseInstrumentId } from '../../src/core/domain/instrument.ts';
import { timeframeMs } from '../../src/core/domain/timeframe.ts';
import type { CloseRecord, JudgedAtClose } from '../../src/core/engine/close-record.ts';
import { NO_INDICATORS } from '../../src/core/engine/indicators-at-close.ts';
import type { FillRow } from '../../src/store/fill-row.ts';
import type { IntentRow } from '../../src/store/intent-row.ts';
import type { DecisionRow, EventRow } from '../../src/store/store.ts';
import type { TradeRow } from '../../src/store/trade-row.ts';

export function intent(change: Partial<IntentRow> = {}): IntentRow {
  return {
    clientOrderId: 'ib1',
    accountId: 'demo',
    instrumentId: 'BTCUSDT',
    side: 'buy',
    direction: 'long',
    purpose: 'entry',
    quantity: '0.001',
    reduceOnly: false,
    stopPrice: '51000.5',
    takeProfitPrice: null,
    leverage: 2,
    referencePrice: '60000.1',
    timeframe: '6h',
    entryRsi: 27.35,
    entryTrend: 'up',
    ladderId: null,
    state: 'prepared',
    detail: '',
    createdMs: 1_000,
    updatedMs: 1_000,
    validUntilMs: null,
    surpriseMs: null,
    ...change,
  };
}

export function fill(change: Partial<FillRow> = {}): FillRow {
  return {
    fillId: 'f1',
    clientOrderId: 'ib1',
    exchangeOrderId: 'x1',
    instrumentId: 'BTCUSDT',
    side: 'buy',
    price: '60000.10',
    quantity: '0.001',
    fee: '0.033',
    maker: false,
    cause: 'user',
    timeMs: 1_000,
    ...change,
  };
}

export function trade(change: Partial<TradeRow> = {}): TradeRow {
  return {
    tradeId: 't1',
    instrumentId: 'BTCUSDT',
    direction: 'long',
    timeframe: '6h',
    quantity: '0.001',
    entryPrice: '60000',
    exitPrice: '66000',
    grossPnl: '6',
    fees: '0.0693',
    tradedPnl: '5.9307',
    openedMs: 1_000,
    closedMs: 2_000,
    entryTrend: 'up',
    entryRsi: 27.35,
    exitReason: 'rsi-exit',
    unprotectedMs: 420,
    accountId: 'a',
    steps: [
      { fillId: 'f1', timeMs: 1_000, held: '0.001' },
      { fillId: 'f2', timeMs: 2_000, held: '0' },
    ],
    ...change,
  };
}

export function event(change: Partial<EventRow> = {}): EventRow {
  return {
    timeMs: 1_000,
    severity: 'info',
    code: 'feed.lost',
    instrumentId: null,
    message: 'The feed is lost.',
    detailJson: '{}',
    ...change,
  };
}

export function decision(change: Partial<DecisionRow> = {}): DecisionRow {
  return {
    timeMs: 1_000,
    instrumentId: 'BTCUSDT',
    timeframe: '6h',
    outcome: 'no-signal',
    signal: 'wait',
    recordJson: '{"verdicts":[]}',
    ...change,
  };
}

export function instrumentAtClose(change: Partial<JudgedAtClose> = {}): JudgedAtClose {
  return {
    instrumentId: ensure(parseInstrumentId('BTCUSDT'), 'A name.'),
    outcome: 'no-signal',
    signal: 'wait',
    trend: 'up',
    rsi: 1 / 3,
    close: 60_000.1,
    rsiLongMax: 29,
    rsiShortMin: 71,
    turnover24h: 2 ** 24,
    dataAgeMs: 812,
    rank: null,
    inPosition: null,
    blockers: [],
    judged: { direction: 'long', indicators: NO_INDICATORS, verdicts: [] },
    ...change,
  };
}

/** A close of the given instruments, six hours after the one before. */
export function close(index: number, instruments: readonly JudgedAtClose[]): CloseRecord<JudgedAtClose> {
  return {
    timeframe: '6h',
    closeTimeMs: (index + 1) * timeframeMs('6h'),
    account: {
      autoBotEnabled: true,
      entriesAllowed: false,
      entriesReason: 'Not reconciled.',
      slotsMax: 5,
      slotsUsed: 2,
      equity: 10_000.5,
      exposure: 20,
      settingsVersion: 3,
    },
    instruments,
  };
}
