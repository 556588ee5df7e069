import type { InstrumentId } from '../domain/instrument.ts';
import type { Direction } from '../domain/order.ts';
import type { OpenPosition } from './open-position.ts';
import type { InstrumentPatch } from './settings.ts';
import type { BotView, PauseReason } from './view.ts';

/**
 * A bot's life: a person makes a manual one, which lives until it is deleted; Auto Bot makes one with an entry,
 * which goes when the entry fails or the position closes. One that came with a person's entry or adoption is manual,
 * too, but was asked for one position alone and goes with it: the instrument is then as it was before. Pausing keeps
 * the position and what protects it: stop, take-profit, break-even, trailing stop, time limit and delisting go on;
 * entries, RSI exit, trend flip, funding exit and partial take-profits wait.
 */
export interface Bot {
  readonly instrumentId: InstrumentId;
  readonly origin: 'manual' | 'auto';
  readonly paused: boolean;
  /** Null while it runs, and for one that was paused before reasons were kept. */
  readonly pauseReason: PauseReason | null;
  /** It came with one entry or adoption by a person, and goes with that position unless they started or paused it. */
  readonly single: boolean;
  /** Direction the person restricted it to; null for both. */
  readonly direction: Direction | null;
  readonly createdMs: number;
  /** What it does otherwise than its instrument. */
  readonly settings: InstrumentPatch;
}

/** Gives an instrument without a bot one that goes with its position. */
export function adoptBot(bots: Map<InstrumentId, Bot>, instrumentId: InstrumentId, createdMs: number): void {
  if (!bots.has(instrumentId)) bots.set(instrumentId, plainBot(instrumentId, 'auto', createdMs));
}

/** A person's bot for the one position that was asked for. */
export function singleBot(instrumentId: InstrumentId, createdMs: number): Bot {
  return { ...plainBot(instrumentId, 'manual', createdMs), single: true };
}

/** A running bot for both directions that does nothing otherwise than its instrument. */
export function plainBot(instrumentId: InstrumentId, origin: Bot['origin'], createdMs: number): Bot {
  return {
    instrumentId,
    origin,
    paused: false,
    pauseReason: null,
    single: false,
    direction: null,
    createdMs,
    settings: {},
  };
}

/** What becomes of a bot whose position is over, or never came: Auto Bot's go, those a person made or paused stay. */
export function endBotPosition(bots: Map<InstrumentId, Bot>, instrumentId: InstrumentId): void {
  const bot = bots.get(instrumentId);
  if (bot === undefined) return;
  if (bot.origin === 'auto' || (bot.single && !bot.paused)) bots.delete(instrumentId);
}

/** The bot, paused for a reason; one that is paused already keeps its own. */
export function pausedBot(bot: Bot, pauseReason: PauseReason): Bot {
  return bot.paused ? bot : { ...bot, paused: true, pauseReason };
}

/** The bot as a person starts it: it goes on after its position, whatever it came with. */
export function startedBot(bot: Bot): Bot {
  return { ...bot, paused: false, pauseReason: null, single: false };
}

/** Where a bot stands; a position speaks before anything else but the pause. */
export function botStatus(bot: Bot, position: OpenPosition | undefined): BotView['status'] {
  if (bot.paused) return 'paused';
  if (position === undefined) return 'running';
  if (position.state === 'entering' || position.state === 'closing') return position.state;
  return position.holding.direction === 'long' ? 'in-position-long' : 'in-position-short';
}
