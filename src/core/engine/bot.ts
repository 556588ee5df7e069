import type { InstrumentId } from '../domain/instrument.ts';
import type { Direction } from '../domain/order.ts';
import type { OpenPosition } from './open-position.ts';
import type { InstrumentPatch } from './settings.ts';
import type { BotView } from './view.ts';

/**
 * A bot's life: a person makes a manual one, which lives until it is deleted; Auto Bot makes one with an entry,
 * which goes when the entry fails or the position closes. Pausing keeps the position and what protects it: stop,
 * take-profit, break-even, trailing stop, time limit and delisting go on; entries, RSI exit, trend flip, funding
 * exit and partial take-profits wait.
 */
export interface Bot {
  readonly instrumentId: InstrumentId;
  readonly origin: 'manual' | 'auto';
  readonly paused: boolean;
  /** Direction the person restricted it to; null for both. */
  readonly direction: Direction | null;
  readonly createdMs: number;
  /** What it does otherwise than its instrument. */
  readonly settings: InstrumentPatch;
}

/** Gives an instrument without a bot one that goes with its position. */
export function adoptBot(bots: Map<InstrumentId, Bot>, instrumentId: InstrumentId, createdMs: number): void {
  if (bots.has(instrumentId)) return;
  bots.set(instrumentId, {
    instrumentId,
    origin: 'auto',
    paused: false,
    direction: null,
    createdMs,
    settings: {},
  });
}

/** Auto Bot's bots go with their position; a person's stay. */
export function dropAutoBot(bots: Map<InstrumentId, Bot>, instrumentId: InstrumentId): void {
  if (bots.get(instrumentId)?.origin === 'auto') bots.delete(instrumentId);
}

/** Where a bot stands; a position speaks before anything else but the pause. */
export function botStatus(bot: Bot, position: OpenPosition | undefined): BotView['status'] {
  if (bot.paused) return 'paused';
  if (position === undefined) return 'running';
  if (position.state === 'entering' || position.state === 'closing') return position.state;
  return position.holding.direction === 'long' ? 'in-position-long' : 'in-position-short';
}
