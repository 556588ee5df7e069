import { decimal, parseDecimal } from '../core/base/decimal.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import { timeframeMs } from '../core/domain/timeframe.ts';
import { type Bot, pausedBot, plainBot } from '../core/engine/bot.ts';
import { parseInstrumentPatch } from '../core/engine/effective-settings.ts';
import { isEndedByHand } from '../core/engine/ended-by-hand.ts';
import { ownSettings } from '../core/engine/own-settings.ts';
import type { RememberedMemory } from '../core/engine/rebuild.ts';
import type { TradingSettings } from '../core/engine/settings.ts';
import type { InstrumentPatches } from '../core/engine/settings-document.ts';
import type { EventRow, Page, PageRequest, Store } from '../store/store.ts';
import type { FundedTrade } from '../store/trade-row.ts';

const DAY_MS = 86_400_000;
const PAGE_ROWS = 500;
/** As much of the record as a start may take the time to read: what lies further back is forgotten. */
const PAGES_MAX = 40;
/** What an instrument waits a candle after. */
const COOLING_CODES: ReadonlySet<string> = new Set(['engine.entry.failed', 'engine.stop.flatten']);

/** Under which a lost memory is put together again. */
export interface MemoryTerms {
  readonly accountId: string;
  readonly nowMs: number;
  readonly settings: TradingSettings;
  readonly instruments: InstrumentPatches;
}

/**
 * What the store tells of a state that is lost, besides orders and positions: a person's bots, as commands made them
 * (paused: that they ran is not worth guessing); the waits after failed entries, after stops that could not be confirmed, and after closes
 * by hand; losses in a row; the equity the day began with, at the account's first mark of the day.
 */
export async function regainMemory(store: Store, terms: MemoryTerms): Promise<RememberedMemory> {
  const events = await newest((page) => store.listEvents(page));
  const trades = await newest((page) => store.listTrades(page));
  return {
    bots: botsOf(events, terms),
    coolDowns: coolDownsOf(events, trades, terms),
    lossStreaks: lossStreaksOf(trades),
    dayStart: await dayStartOf(store, terms),
  };
}

/** Newest first. */
async function newest<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < PAGES_MAX; count += 1) {
    const page: Page<T> = await list({ limit: PAGE_ROWS, cursor });
    for (const row of page.rows) rows.push(row);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return rows;
}

/** Bots of a person after the commands that were carried out, oldest command first. */
function botsOf(events: readonly EventRow[], terms: MemoryTerms): readonly Bot[] {
  const bots = new Map<InstrumentId, Bot>();
  for (const event of [...events].reverse()) {
    const id = event.instrumentId === null ? null : parseInstrumentId(event.instrumentId);
    if (event.code === 'engine.command.accepted' && id !== null) applyToBots(bots, id, event);
  }
  return [...bots.values()].map((bot) => withoutMisfit(bot, terms));
}

function applyToBots(bots: Map<InstrumentId, Bot>, id: InstrumentId, { detailJson, timeMs }: EventRow): void {
  const detail: Readonly<Record<string, unknown>> = JSON.parse(detailJson);
  const { command, direction, settings } = detail;
  const known = bots.get(id);
  if (command === 'delete-bot') bots.delete(id);
  else if (command === 'create-bot') {
    const only: Bot['direction'] = direction === 'long' || direction === 'short' ? direction : null;
    const bot = { ...plainBot(id, 'manual', timeMs), direction: only, settings: patchOf(settings) };
    bots.set(id, pausedBot(bot, 'person'));
  } else if (command === 'configure-bot' && known !== undefined)
    bots.set(id, { ...known, settings: patchOf(settings) });
}

function patchOf(text: unknown): Bot['settings'] {
  if (typeof text !== 'string') return {};
  const parsed = parseInstrumentPatch(JSON.parse(text));
  return parsed.ok ? parsed.value : {};
}

/** What it set for itself goes where it does not fit the settings of today: they stand on their own. */
function withoutMisfit(bot: Bot, { settings, instruments }: MemoryTerms): Bot {
  const fits = [new Map(), instruments].every(
    (patches: InstrumentPatches) => ownSettings({ settings, instruments: patches, bots: [bot] }).ok,
  );
  return fits ? bot : { ...bot, settings: {} };
}

/** The newest of each, and the longer wait of both. */
function coolDownsOf(
  events: readonly EventRow[],
  trades: readonly FundedTrade[],
  { settings: { timeframe, filter }, nowMs }: MemoryTerms,
): ReadonlyMap<InstrumentId, number> {
  const untilMs = coolingsOf(events, timeframeMs(timeframe));
  for (const { instrumentId, exitReason, closedMs } of trades) {
    const id = isEndedByHand(exitReason) ? parseInstrumentId(instrumentId) : null;
    const endMs = closedMs + filter.handCloseCandles * timeframeMs(timeframe);
    if (id !== null && endMs > nowMs) untilMs.set(id, Math.max(endMs, untilMs.get(id) ?? 0));
  }
  return untilMs;
}

/** Until when each instrument waits for the newest entry of it that failed, or stop that was not confirmed. */
function coolingsOf(events: readonly EventRow[], waitMs: number): Map<InstrumentId, number> {
  const untilMs = new Map<InstrumentId, number>();
  for (const { code, instrumentId, timeMs } of events) {
    const id = !COOLING_CODES.has(code) || instrumentId === null ? null : parseInstrumentId(instrumentId);
    if (id !== null && !untilMs.has(id)) untilMs.set(id, timeMs + waitMs);
  }
  return untilMs;
}

/** `trades` newest first: a streak ends at the first that did not lose. */
function lossStreaksOf(trades: readonly FundedTrade[]): RememberedMemory['lossStreaks'] {
  const streaks = new Map<InstrumentId, { count: number; readonly closedMs: number }>();
  const ended = new Set<InstrumentId>();
  for (const { instrumentId, pnl, tradedPnl, closedMs } of trades) {
    const id = parseInstrumentId(instrumentId);
    if (id === null || ended.has(id)) continue;
    const streak = streaks.get(id);
    if (parseDecimal(pnl ?? tradedPnl)?.lessThan(0) !== true) ended.add(id);
    else if (streak === undefined) streaks.set(id, { count: 1, closedMs });
    else streak.count += 1;
  }
  return streaks;
}

async function dayStartOf(
  { equityMarks }: Store,
  { accountId, nowMs }: MemoryTerms,
): Promise<RememberedMemory['dayStart']> {
  const day = Math.floor(nowMs / DAY_MS);
  const marks = await equityMarks.newest(accountId);
  const first = marks.find(({ markMs }) => markMs >= day * DAY_MS);
  return first === undefined ? null : { day, equity: decimal(first.equity), asOfMs: first.markMs };
}
