import type { InstrumentId } from '../../core/domain/instrument.ts';
import { instrumentIdOf } from '../../core/domain/typed-name.ts';
import type { InstrumentPatch, TradingSettings } from '../../core/engine/settings.ts';
import type { FileReport } from './import-report.ts';
import { type Fields, isFields } from './json-text.ts';
import { BOT_RUN_KEYS } from './keys-not-taken.ts';
import { readSettings } from './read-settings.ts';
import { BOT_RULES } from './settings-table.ts';

/** A bot a person made, as far as it is taken. */
export interface ReadBot {
  readonly instrumentId: InstrumentId;
  readonly patch: InstrumentPatch;
  /** Which key each setting came from. */
  readonly keys: ReadonlyMap<string, string>;
  readonly prefix: string;
  readonly createdMs: number;
}

/** What reading bots needs to know of ours. */
export interface BotsReading {
  readonly report: FileReport;
  /** What holds for an instrument without its bot. */
  readonly base: (id: InstrumentId) => TradingSettings;
  /** Instruments that have a bot here. */
  readonly known: ReadonlySet<InstrumentId>;
  readonly nowMs: number;
}

/** The bots of `bots_state.json`. Only those of a person are taken, paused: Auto Bot makes its own. */
export function readBots(stored: unknown, reading: BotsReading): readonly ReadBot[] {
  const { report } = reading;
  if (stored === undefined || stored === null) {
    report.note('ignored', 'bots', 'there are none');
    return [];
  }
  if (!isFields(stored)) {
    report.note('refused', 'bots', 'it takes an object of bots by coin');
    return [];
  }
  const seen = new Map<InstrumentId, string>();
  return Object.entries(stored).flatMap(([name, bot]) => {
    const place = `bots.${name}`;
    const id = instrumentIdOf(name);
    if (id === null || !isFields(bot)) {
      report.note('refused', place, id === null ? 'no name of a coin' : 'it takes an object');
      return [];
    }
    const other = seen.get(id);
    if (other !== undefined) {
      report.note('refused', place, `${other} is the same coin: one bot for each`);
      return [];
    }
    seen.set(id, name);
    return readBot(bot, { ...reading, id, place });
  });
}

function readBot(
  bot: Fields,
  reading: BotsReading & { readonly id: InstrumentId; readonly place: string },
): readonly ReadBot[] {
  const { report, id, place, nowMs } = reading;
  const reason = whyNot(bot, reading);
  if (reason !== null) {
    report.note(reason.kind, place, reason.detail);
    return [];
  }
  const prefix = `${place}.`;
  const own = Object.fromEntries(Object.entries(bot).filter(([key]) => !BOT_RUN_KEYS.has(key)));
  const runKeys = Object.keys(bot).length - Object.keys(own).length;
  report.note('changed', place, `a paused bot: start it yourself${positionNote(bot)}`);
  if (runKeys > 0) {
    report.note(
      'ignored',
      place,
      `${runKeys} fields of its run and its position: the exchange says them anew`,
    );
  }
  const { patch, keys } = readSettings(own, {
    rules: BOT_RULES,
    report,
    prefix,
    ofOne: true,
    base: reading.base(id),
  });
  return [{ instrumentId: id, patch, keys, prefix, createdMs: timeOf(bot['created_at'], nowMs) }];
}

function whyNot(
  bot: Fields,
  { id, known }: { readonly id: InstrumentId; readonly known: ReadonlySet<InstrumentId> },
): { readonly kind: 'ignored' | 'refused'; readonly detail: string } | null {
  const { symbol, auto_managed: auto } = bot;
  if (symbol !== undefined && (typeof symbol !== 'string' || instrumentIdOf(symbol) !== id)) {
    return { kind: 'refused', detail: `its record is of ${JSON.stringify(symbol)}` };
  }
  if (auto !== undefined && auto !== null && typeof auto !== 'boolean') {
    return { kind: 'refused', detail: 'auto_managed takes true or false' };
  }
  if (auto === true) {
    return { kind: 'ignored', detail: `a bot of Auto Bot, which makes its own${positionNote(bot)}` };
  }
  return known.has(id) ? { kind: 'ignored', detail: `${id} has a bot here, which stays as it is` } : null;
}

function positionNote({ status }: Fields): string {
  const holds = typeof status === 'string' && status.startsWith('in_position');
  return holds ? '; its position stays at the exchange as one of yours, no bot touches it' : '';
}

/** Its times have no zone; when a bot was made is for show, so UTC is near enough, and now where there is none. */
function timeOf(stored: unknown, nowMs: number): number {
  if (typeof stored !== 'string') return nowMs;
  const timeMs = Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(stored) ? stored : `${stored}Z`);
  return Number.isFinite(timeMs) && timeMs >= 0 && timeMs <= nowMs ? timeMs : nowMs;
}
