import { decimalText } from '../base/decimal.ts';
import { directionSign } from '../domain/order.ts';
import { judgeEntry } from '../filter/entry-filters.ts';
import { isMature } from '../filter/maturity.ts';
import { rsiColumn } from '../indicator/rsi.ts';
import { entryPriceOf, heldQuantity } from '../position/holding.ts';
import { profitPct } from '../position/profit-pct.ts';
import { botStatus } from './bot.ts';
import { isDoubtful } from './doubt.ts';
import { entryContext } from './explain.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { ladderOf } from './ladder.ts';
import { plannedRung } from './ladder-rungs.ts';
import type { OpenPosition } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, slotsUsed, textOrNull } from './state.ts';
import { unprotectedMs } from './stop-watch.ts';
import type { StreamedSeries } from './streamed-series.ts';
import type { BotView, LadderView, PositionView, ScanRow } from './view.ts';

/** Digits of an average price on a screen. */
const PRICE_DIGITS = 12;

/** Auto Bot as a screen shows it. */
export interface AutoBotView {
  readonly enabled: boolean;
  readonly changed: { readonly actor: string; readonly timeMs: number; readonly reason: string } | null;
  readonly slots: { readonly max: number; readonly used: number };
  readonly entriesAllowed: { readonly allowed: boolean; readonly reason: string };
  readonly configVersion: number;
}

/** One RSI value; null in warm-up. */
export interface RsiPoint {
  readonly openTimeMs: number;
  readonly rsi: number | null;
}

/** The row of the scan for one instrument, as of the newest event. */
export function scanRowOf(state: EngineState, market: InstrumentMarket): ScanRow {
  const { instrument, scan } = market;
  const signal = scan.signal();
  const facts = scan.facts(state.feedLost);
  const position = state.positions.get(instrument.id);
  return {
    instrumentId: instrument.id,
    timeframe: scan.timeframe,
    status: instrument.status,
    lastPrice: market.price,
    turnover24h: market.turnover24h,
    rsi: scan.rsi.value,
    trend: scan.trend.value,
    signal: signal?.kind ?? 'wait',
    blockers: blockersOf(state, market),
    candleCount: facts.held,
    candleOpenTimeMs: facts.newestOpenTimeMs,
    mature: isMature(facts, settingsOf(state, market.instrument.id).filter),
    inPosition: position === undefined ? null : position.holding.direction,
  };
}

function blockersOf(state: EngineState, market: InstrumentMarket): readonly string[] {
  const signal = market.scan.atExtreme ? market.scan.signal() : null;
  if (signal === null || signal.kind === 'wait') return [];
  const verdicts = judgeEntry(entryContext(state, market, { signal, timeMs: state.timeMs }));
  return verdicts.filter((verdict) => verdict.kind === 'veto').map((verdict) => verdict.code);
}

/** An open position as a screen shows it. Profit is unrealised, at the last price, before fees. */
export function positionViewOf(state: EngineState, position: OpenPosition): PositionView {
  const { holding, entry } = position;
  const quantity = heldQuantity(holding);
  const entryPrice = entryPriceOf(holding);
  const lastPrice = state.markets.get(position.instrumentId)?.price ?? null;
  const move = entryPrice === null || lastPrice === null ? null : { entry: entryPrice.toNumber(), lastPrice };
  const { direction } = holding;
  return {
    instrumentId: position.instrumentId,
    direction,
    state: position.state,
    timeframe: entry.timeframe,
    quantity: decimalText(quantity),
    entryPrice: textOrNull(entryPrice?.toSignificantDigits(PRICE_DIGITS) ?? null),
    lastPrice,
    stopPrice: decimalText(position.stopPrice),
    stopKind: position.stopKind,
    takeProfitPrice: textOrNull(position.takeProfitPrice),
    bestProfitPct: position.guard.bestProfitPct,
    breakEvenPrice: position.guard.breakEvenPrice,
    trailing: position.guard.trailing,
    rsiExitWaiting: position.guard.rsiExitWaiting,
    exchangeStopPrice: textOrNull(position.exchangeStopPrice),
    stopConfirmedMs: position.stopConfirmedMs,
    unprotectedSinceMs: position.stopWatch.sinceMs,
    unprotectedMs: unprotectedMs(position.stopWatch, state.timeMs),
    pnlUsdt:
      move === null ? null : (move.lastPrice - move.entry) * quantity.toNumber() * directionSign(direction),
    pnlPct: move === null ? null : profitPct({ direction, entryPrice: move.entry, price: move.lastPrice }),
    leverage: entry.leverage,
    openedMs: position.openedMs,
    entryRsi: entry.rsi,
    entryTrend: entry.trend,
    closingReason: position.closing?.reason ?? null,
    doubt: doubtOf(position),
    ladder: ladderViewOf(state, position),
  };
}

function doubtOf(position: OpenPosition): PositionView['doubt'] {
  if (!isDoubtful(position)) return null;
  const listed = position.absence === null ? position.driftQuantity : null;
  return { listedQuantity: textOrNull(listed) };
}

function ladderViewOf(state: EngineState, position: OpenPosition): LadderView | null {
  const ladder = ladderOf(state, position);
  if (ladder === null) return null;
  const { plan, expiresMs, ending, rungs } = ladder;
  return {
    averagePrice: decimalText(plan.averagePrice.toSignificantDigits(PRICE_DIGITS)),
    expiresMs,
    ending,
    rungs: rungs.map((rung) => {
      const { price, quantity, market } = plannedRung(ladder, rung);
      return {
        state: rung.state,
        price: market ? null : decimalText(price),
        quantity: decimalText(quantity),
        filledQuantity: decimalText(rung.filledQuantity),
        clientOrderId: rung.state === 'planned' ? null : rung.clientOrderId,
      };
    }),
  };
}

/** All bots, in the order they were made. */
export function botViewsOf(state: EngineState): readonly BotView[] {
  return [...state.bots.values()].map((bot) => ({
    instrumentId: bot.instrumentId,
    origin: bot.origin,
    status: botStatus(bot, state.positions.get(bot.instrumentId)),
    pauseReason: bot.pauseReason,
    single: bot.single,
    direction: bot.direction,
    createdMs: bot.createdMs,
    settings: bot.settings,
  }));
}

/** Auto Bot's switch, slots and permission. */
export function autoBotViewOf(state: EngineState): AutoBotView {
  return {
    enabled: state.autoBot.enabled,
    changed: state.autoBot.changed,
    slots: { max: state.settings.risk.positionsMax, used: slotsUsed(state) },
    entriesAllowed: state.entriesAllowed,
    configVersion: state.settingsVersion,
  };
}

/** RSI of the newest `limit` closed candles, oldest first; the last one is the streamed value. */
export function rsiPointsOf({ candles, rsi }: StreamedSeries, limit: number): readonly RsiPoint[] {
  const output = new Float64Array(candles.length);
  rsiColumn({ input: candles.close, length: rsi.length, output });
  if (output.length > 0) output[output.length - 1] = rsi.value ?? Number.NaN;
  const first = Math.max(0, candles.length - limit);
  return Array.from({ length: candles.length - first }, (_, index) => {
    const value = output[first + index] ?? Number.NaN;
    return { openTimeMs: candles.at(first + index).openTimeMs, rsi: Number.isNaN(value) ? null : value };
  });
}
