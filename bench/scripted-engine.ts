import { ensure } from '../src/core/base/assert.ts';
import { decimal } from '../src/core/base/decimal.ts';
import {
  type Instrument,
  type InstrumentId,
  parseExchangeSymbol,
  parseInstrumentId,
} from '../src/core/domain/instrument.ts';
import { timeframeMs } from '../src/core/domain/timeframe.ts';
import type { Engine } from '../src/core/engine/engine.ts';
import type { CandleClosed } from '../src/core/engine/event.ts';

export const TIMEFRAME = '6h';
export const STEP_MS = timeframeMs(TIMEFRAME);
export const START_MS = 1_700_000_000_000 - (1_700_000_000_000 % STEP_MS);

/** Made-up instruments, the same every time. */
export function instrumentIds(count: number): readonly InstrumentId[] {
  return Array.from({ length: count }, (_, index) =>
    ensure(parseInstrumentId(`COIN${index}USDT`), 'A made instrument id is one.'),
  );
}

/** The close of candle `row` of an instrument, as the engine learns it. */
export function candleAt(instrumentId: InstrumentId, row: number, close: number): CandleClosed {
  const openTimeMs = START_MS + row * STEP_MS;
  return {
    kind: 'candle-closed',
    timeMs: openTimeMs + STEP_MS,
    instrumentId,
    timeframe: TIMEFRAME,
    candle: { openTimeMs, open: close, high: close, low: close, close, volume: 1 },
  };
}

/** Makes an engine know the instruments, with a lease, entries allowed and Auto Bot on. */
export function introduce(engine: Engine, ids: readonly InstrumentId[]): void {
  const timeMs = START_MS;
  engine.step({ kind: 'lease', timeMs, accountId: 'bench', epoch: 1 });
  for (const id of ids) engine.step({ kind: 'instrument', timeMs, instrument: instrumentOf(id) });
  engine.step({ kind: 'entries-allowed', timeMs, allowed: true, reason: 'bench' });
  const said = { kind: 'command', timeMs, commandId: 'bench', actor: 'bench', reason: '' } as const;
  engine.step({ ...said, command: { kind: 'enable-auto-bot' } });
}

function instrumentOf(id: InstrumentId): Instrument {
  return {
    id,
    exchangeSymbol: ensure(parseExchangeSymbol(id), 'A made symbol is one.'),
    base: id,
    multiplier: 1,
    quote: 'USDT',
    status: 'trading',
    tickSize: decimal('0.00001'),
    quantityStep: decimal('0.00001'),
    quantityMin: decimal('0.00001'),
    marketQuantityMax: decimal(1_000_000_000),
    notionalMin: decimal(5),
    leverageMax: 25,
    launchTimeMs: 0,
    deliveryTimeMs: null,
    fundingIntervalMs: 28_800_000,
  };
}
