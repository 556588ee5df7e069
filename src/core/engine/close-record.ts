import type { Code } from '../domain/codes.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Direction } from '../domain/order.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Trend } from '../domain/trend.ts';
import type { SignalKind, Verdict } from '../domain/verdict.ts';
import { entryDirection } from '../filter/entry-context.ts';
import { DIRECTED_FILTERS } from '../filter/entry-filters.ts';
import { exposure } from './account-load.ts';
import type { DecisionOutcome, DecisionRecord } from './decision.ts';
import { type IndicatorsAtClose, indicatorsAtClose, NO_INDICATORS } from './indicators-at-close.ts';
import { type EngineState, slotsUsed } from './state.ts';

/** What was seen and decided of every instrument at one candle close: the quiet ones are in it too. */
export interface CloseRecord<Row extends InstrumentAtClose = InstrumentAtClose> {
  readonly timeframe: Timeframe;
  /** End of the candle, ms UTC. */
  readonly closeTimeMs: number;
  readonly account: AccountAtClose;
  /** One for each instrument known, in any order. */
  readonly instruments: readonly Row[];
}

/** What concerns all instruments of a close alike: switch, slots, money. */
export interface AccountAtClose {
  readonly autoBotEnabled: boolean;
  readonly entriesAllowed: boolean;
  /** Why entries may or may not leave. */
  readonly entriesReason: string;
  readonly slotsMax: number;
  readonly slotsUsed: number;
  /** USDT; null until the account was read. */
  readonly equity: number | null;
  /** Notional of what is held or on its way, USDT. */
  readonly exposure: number;
  readonly settingsVersion: number;
}

/** One instrument at one close. Numbers are exactly those it was decided on. */
export interface InstrumentAtClose {
  readonly instrumentId: InstrumentId;
  readonly outcome: DecisionOutcome;
  readonly signal: SignalKind;
  readonly trend: Trend | null;
  /** Null in warm-up. */
  readonly rsi: number | null;
  /** Close of the newest candle; null without one. */
  readonly close: number | null;
  /** Levels in force for the instrument, RSI points. */
  readonly rsiLongMax: number;
  readonly rsiShortMin: number;
  /** To single precision. */
  readonly turnover24h: number | null;
  /** How long after its close the newest candle was decided on; null without one. */
  readonly dataAgeMs: number | null;
  readonly rank: number | null;
  readonly inPosition: Direction | null;
  /** Every veto in the order of the chain, then what else refused; without a signal, those that stand anyway. */
  readonly blockers: readonly string[];
}

/** The same with every filter's verdict. */
export interface JudgedAtClose extends InstrumentAtClose {
  readonly judged: Judged;
}

/** What an instrument was judged by at a close. */
export interface Judged {
  /** Direction the verdicts are about: the signal's, else that of the nearer level; null without an RSI. */
  readonly direction: Direction | null;
  readonly indicators: IndicatorsAtClose;
  /** In the order of the chain; empty without a candle. */
  readonly verdicts: readonly Verdict[];
}

/** What is known of an instrument without asking a filter. */
export interface InstrumentFacts
  extends Pick<InstrumentAtClose, 'instrumentId' | 'rsi' | 'rsiLongMax' | 'rsiShortMin' | 'turnover24h'> {
  readonly inPosition: Direction | null;
}

/** Joins what is known of an instrument with what was decided of it; a null record: it has no candle yet. */
export function instrumentAtClose(
  facts: InstrumentFacts,
  record: DecisionRecord | null,
  indicators: IndicatorsAtClose | null,
): JudgedAtClose {
  return {
    ...facts,
    judged: {
      direction: record === null ? null : (record.judgedAs ?? entryDirection(record.signal)),
      indicators: indicators ?? NO_INDICATORS,
      verdicts: record?.verdicts ?? [],
    },
    rsi: record?.signal.rsi ?? null,
    outcome: record?.outcome ?? 'no-signal',
    signal: record?.signal.kind ?? 'wait',
    trend: record?.signal.trend ?? null,
    close: record?.signal.close ?? null,
    dataAgeMs: record?.dataAgeMs ?? null,
    rank: record?.rank ?? null,
    blockers: record === null ? WITHOUT_CANDLE : blockersOf(record),
  };
}

/** What the chain says of no candle at all. */
const WITHOUT_CANDLE: readonly Code[] = ['filter.data.too-few'];

/** Codes that stood against an entry: vetoes in the order of the chain, then the refusal. */
export function blockersOf(record: DecisionRecord): readonly string[] {
  const codes = standingVetoes(record).map(({ code }) => code);
  return record.refusal === null ? codes : [...codes, record.refusal.code];
}

/**
 * The vetoes of a record that say something of its instrument: all of them at a signal; without one, those that stand
 * whatever the next signal will be. A filter that was given up for one that asks for the direction is not among them.
 */
function standingVetoes({ verdicts, signal }: DecisionRecord): readonly Verdict[] {
  const vetoes = verdicts.filter(({ kind }) => kind === 'veto');
  return signal.kind === 'wait'
    ? vetoes.filter(({ filter }) => !DIRECTED_FILTERS.has(filter)).filter(isFollowed)
    : vetoes;
}

/** The vetoes of a record judged in a direction that was asked for, but for quotes that nobody followed. */
export function knownVetoes({ verdicts, signal }: DecisionRecord): readonly Verdict[] {
  const vetoes = verdicts.filter(({ kind }) => kind === 'veto');
  return signal.kind === 'wait' ? vetoes.filter(isFollowed) : vetoes;
}

function isFollowed({ code }: Verdict): boolean {
  return !UNFOLLOWED.has(code);
}

/** Quotes are followed of instruments with a signal or a position: that those of others are old is no news. */
const UNFOLLOWED: ReadonlySet<string> = new Set<Code>([
  'filter.spread.unknown',
  'filter.funding-cost.unknown',
]);

/** All instruments, in the order they became known. Cheap: a few numbers each. */
export function instrumentFacts(state: EngineState): readonly InstrumentFacts[] {
  return [...state.markets.values()].map(({ instrument, scan, turnover24h }) => ({
    instrumentId: instrument.id,
    rsi: scan.rsi.value,
    ...scan.levels,
    turnover24h,
    inPosition: state.positions.get(instrument.id)?.holding.direction ?? null,
  }));
}

/** What the indicators of an instrument say of a close; null for one not known or without a candle, or when its next has come. */
export function indicatorsOf(
  state: EngineState,
  id: InstrumentId,
  closeTimeMs: number,
): IndicatorsAtClose | null {
  const scan = state.markets.get(id)?.scan;
  const closedMs = scan?.closedMs ?? null;
  if (scan === undefined || closedMs === null || closedMs > closeTimeMs) return null;
  return indicatorsAtClose(scan);
}

/** Switch, slots and money as of the newest event. */
export function accountAtClose(state: EngineState): AccountAtClose {
  return {
    autoBotEnabled: state.autoBot.enabled,
    entriesAllowed: state.entriesAllowed.allowed,
    entriesReason: state.entriesAllowed.reason,
    slotsMax: state.settings.risk.positionsMax,
    slotsUsed: slotsUsed(state),
    equity: state.account?.balance.equity.toNumber() ?? null,
    exposure: exposure(state).toNumber(),
    settingsVersion: state.settingsVersion,
  };
}
