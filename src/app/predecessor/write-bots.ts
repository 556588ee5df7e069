import { applyPatch } from '../../core/engine/effective-settings.ts';
import type { TradingSettings } from '../../core/engine/settings.ts';
import type { SettingsDocument } from '../../core/engine/settings-document.ts';
import type { PositionSnapshot, TradingSnapshot } from '../../core/engine/snapshot.ts';
import type { Fields } from './json-text.ts';
import { shortName } from './plain-rules.ts';
import { BOT_RULES } from './settings-table.ts';
import { type WrittenKeys, writePatch } from './write-settings.ts';

type BotSnapshot = TradingSnapshot['bots'][number];

/** The bots by coin, with what they set for themselves and, where they hold one, their position. */
export function writeBots(
  trading: TradingSnapshot | null,
  { instruments }: SettingsDocument,
  settings: TradingSettings,
): WrittenKeys {
  const unsaid: string[] = [];
  const positions = new Map(trading?.positions.map((position) => [position.instrumentId, position]));
  const bots = trading?.bots.map((bot): [string, Fields] => {
    const { instrumentId } = bot;
    const coin = applyPatch(settings, instruments[instrumentId] ?? {});
    const own = writePatch(BOT_RULES, bot.settings, coin.ok ? coin.value : settings);
    unsaid.push(...own.unsaid.map((path) => `bots.${instrumentId}.${path}`));
    const position = positions.get(instrumentId);
    return [shortName(instrumentId), { ...runOf(bot, position), ...positionOf(position), ...own.fields }];
  });
  return { fields: Object.fromEntries(bots ?? []), unsaid };
}

function runOf(
  { instrumentId, origin, paused, createdMs }: BotSnapshot,
  position?: PositionSnapshot,
): Fields {
  const holds = position === undefined ? 'running' : `in_position_${position.holding.direction}`;
  return {
    id: shortName(instrumentId),
    symbol: shortName(instrumentId),
    status: paused ? 'paused' : holds,
    auto_managed: origin === 'auto',
    created_at: new Date(createdMs).toISOString(),
  };
}

/** Prices and sizes as the numbers it works with; exact ones stay in our own files. */
function positionOf(position?: PositionSnapshot): Fields {
  if (position === undefined) return {};
  const { holding, entry, openedMs, stopPrice, takeProfitPrice } = position;
  const entered = Number(holding.entryQuantity);
  const quantity = entered - Number(holding.exitQuantity);
  const entryPrice = entered > 0 ? Number(holding.entryNotional) / entered : null;
  return {
    entry_price: entryPrice,
    position_side: holding.direction === 'long' ? 'LONG' : 'SHORT',
    position_size_coins: quantity,
    position_size: entryPrice === null ? null : quantity * entryPrice,
    position_start_time: new Date(openedMs).toISOString(),
    entry_timeframe: entry.timeframe,
    entry_trend: entry.trend === null ? null : entry.trend.toUpperCase(),
    stop_loss: Number(stopPrice),
    take_profit: takeProfitPrice === null ? null : Number(takeProfitPrice),
  };
}
