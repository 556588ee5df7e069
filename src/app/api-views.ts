import type { z } from 'zod';
import type { botSchema } from '../api/auto-bot.ts';
import type { DecisionView } from '../api/coin.ts';
import type { EventView, PositionList, PositionRow, TradeView } from '../api/position.ts';
import { decimalText } from '../core/base/decimal.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import type { DecisionRecord } from '../core/engine/decision.ts';
import type { BotView, PositionView } from '../core/engine/view.ts';
import type { EventRow, Numbered } from '../store/store.ts';
import type { FundedTrade } from '../store/trade-row.ts';

/**
 * A decision as the API shows it: the same object, with the coin's name for the instrument's id. One that was stored
 * before readings were kept has none.
 */
export function decisionView(record: DecisionRecord): DecisionView {
  const { instrumentId, signal, verdicts, ...rest } = record;
  return {
    ...rest,
    symbol: instrumentId,
    signal: {
      kind: signal.kind,
      candleOpenTimeMs: signal.candleOpenTimeMs,
      close: signal.close,
      rsi: signal.rsi,
      trend: signal.trend,
      depth: signal.depth,
    },
    verdicts: verdicts.map((verdict) => ({ ...verdict })),
    signalReadings: record.signalReadings ?? null,
    forced: record.forced ?? false,
    refusal: record.refusal === null ? null : { ...record.refusal },
  };
}

export function positionRow(position: PositionView): PositionRow {
  const { instrumentId, lastPrice, ...rest } = position;
  return { ...rest, id: instrumentId, symbol: instrumentId, price: lastPrice };
}

export function foreignRow(
  position: ExchangePosition,
  ignored: { readonly actor: string; readonly timeMs: number; readonly reason: string } | null,
): PositionList['foreign'][number] {
  return {
    symbol: position.instrumentId,
    direction: position.direction,
    quantity: decimalText(position.quantity),
    entryPrice: decimalText(position.entryPrice),
    stopPrice: position.stopPrice === null ? null : decimalText(position.stopPrice),
    ignored:
      ignored === null ? null : { actor: ignored.actor, timeMs: ignored.timeMs, reason: ignored.reason },
  };
}

export function botView(bot: BotView): z.infer<typeof botSchema> {
  const { instrumentId, ...rest } = bot;
  return { ...rest, id: instrumentId, symbol: instrumentId };
}

export function tradeView(row: FundedTrade): TradeView {
  const { tradeId, instrumentId, direction, accountId: _accountId, steps: _steps, ...rest } = row;
  return { ...rest, id: tradeId, symbol: instrumentId, direction: direction === 'short' ? 'short' : 'long' };
}

export function eventView(row: EventRow & Numbered): EventView {
  const { instrumentId, detailJson, ...rest } = row;
  return { ...rest, symbol: instrumentId, detail: JSON.parse(detailJson) };
}
