import type { Instrument } from '../../core/domain/instrument.ts';
import type { ClientOrderId, Fill } from '../../core/domain/order.ts';
import { known, type Reading, unknown } from '../../core/domain/reading.ts';
import { readRows, USDT_LINEAR } from './account-reads.ts';
import { fillFrom } from './mapper.ts';
import type { ReadContext } from './market-reads.ts';

const EXECUTIONS_PATH = '/v5/execution/list';
/** The widest window one execution query takes: 7 days, both ends included. */
const EXECUTION_WINDOW_MS = 7 * 86_400_000 - 1;
/** The exchange keeps executions of two years. */
const EXECUTION_RANGE_MS_MAX = 730 * 86_400_000;

/** Executions of one order, of the last seven days, which the exchange takes where no times are asked for. */
export async function readOrderFills(
  context: ReadContext,
  instrument: Instrument,
  clientOrderId: ClientOrderId,
): Promise<Reading<readonly Fill[]>> {
  const wanted = { category: 'linear', symbol: instrument.exchangeSymbol, orderLinkId: clientOrderId };
  const parameters = { ...wanted, limit: '100' };
  const call = { path: EXECUTIONS_PATH, parameters, signed: true, requestClass: 'protect' } as const;
  const reading = await readRows(context, call, (row) =>
    fillFrom(row, (symbol) => context.registry.meaningOf(symbol)),
  );
  const isOther = (fill: Fill): boolean => fill.clientOrderId !== clientOrderId;
  return reading.kind === 'known' && reading.value.some(isOther)
    ? context.client.badAnswer(`${EXECUTIONS_PATH}: result.list: an execution that was not asked for`)
    : reading;
}

/** Executions of at most two years, ascending, unique by id; funding and settlement rows left out. */
export async function readFills(
  context: ReadContext,
  sinceMs: number,
  untilMs: number,
): Promise<Reading<readonly Fill[]>> {
  if (untilMs - sinceMs > EXECUTION_RANGE_MS_MAX) {
    return unknown('not-sent', `${EXECUTIONS_PATH}: more than two years were asked for`);
  }
  const byId = new Map<string, Fill>();
  let asOfMs = Number.POSITIVE_INFINITY;
  for (let startMs = sinceMs; startMs <= untilMs; startMs += EXECUTION_WINDOW_MS + 1) {
    const endMs = Math.min(untilMs, startMs + EXECUTION_WINDOW_MS);
    const times = { startTime: String(startMs), endTime: String(endMs) };
    const parameters = { ...USDT_LINEAR, ...times, limit: '100' };
    const call = { path: EXECUTIONS_PATH, parameters, signed: true, requestClass: 'reconcile' } as const;
    const reading = await readRows(context, call, (row) =>
      fillFrom(row, (symbol) => context.registry.meaningOf(symbol)),
    );
    if (reading.kind === 'unknown') return reading;
    asOfMs = Math.min(asOfMs, reading.asOfMs);
    for (const fill of reading.value) byId.set(fill.fillId, fill);
  }
  const fills = [...byId.values()].filter(({ timeMs }) => timeMs >= sinceMs && timeMs <= untilMs);
  fills.sort((a, b) => a.timeMs - b.timeMs);
  return known(fills, Number.isFinite(asOfMs) ? asOfMs : untilMs, EXECUTIONS_PATH);
}
