import { ensure } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Code } from '../domain/codes.ts';
import type { Direction } from '../domain/order.ts';
import type { PassedEntry, Verdict } from '../domain/verdict.ts';
import { adaptiveLevel } from './adaptive-level.ts';
import { coolDown } from './cool-down.ts';
import { correlation } from './correlation.ts';
import { dataFreshness } from './data-freshness.ts';
import { entriesAllowed } from './entries-allowed.ts';
import { type EntryContext, type EntryFilter, entryDirection } from './entry-context.ts';
import { exitScam } from './exit-scam.ts';
import { fundingCost } from './funding-cost.ts';
import { instrumentStatus } from './instrument-status.ts';
import { liquidity } from './liquidity.ts';
import { lossReentry } from './loss-reentry.ts';
import { maturity } from './maturity.ts';
import { quarantine } from './quarantine.ts';
import { rsiRecheck } from './rsi-recheck.ts';
import { rsiTime } from './rsi-time.ts';
import { scope } from './scope.ts';
import type { FilterSettings } from './settings.ts';
import { signalConfirmation } from './signal-confirmation.ts';
import { spread } from './spread.ts';
import { tradingSwitch } from './trading-switch.ts';
import { trend } from './trend.ts';
import { NOTHING, skip, veto } from './verdict-maker.ts';
import { volatility } from './volatility.ts';

/** A filter in its place in the chain. */
export interface ChainLink {
  /** What its verdicts are known by. */
  readonly name: string;
  readonly judge: EntryFilter;
  /** True where judging costs more than the rest of the chain: then it is spared once the entry is blocked. */
  readonly isCostly?: (settings: FilterSettings) => boolean;
}

/**
 * The chain, in its fixed order: what concerns all instruments first; then whether the data can be trusted, the signal
 * and its past, what happened to us on the instrument, and last what the market asks for an entry. The order
 * is that of reports: what a filter finds never depends on those before it.
 */
export const ENTRY_FILTERS: readonly ChainLink[] = [
  { name: 'trading-switch', judge: tradingSwitch },
  { name: 'entries-allowed', judge: entriesAllowed },
  { name: 'scope', judge: scope },
  { name: 'instrument', judge: instrumentStatus },
  { name: 'data', judge: dataFreshness },
  { name: 'quarantine', judge: quarantine },
  { name: 'adaptive-level', judge: adaptiveLevel },
  { name: 'signal-confirmation', judge: signalConfirmation },
  { name: 'trend', judge: trend },
  { name: 'maturity', judge: maturity },
  { name: 'rsi-time', judge: rsiTime },
  { name: 'exit-scam', judge: exitScam, isCostly: (settings) => settings.exitScamAutoLearnEnabled },
  { name: 'rsi-recheck', judge: rsiRecheck },
  { name: 'loss-reentry', judge: lossReentry },
  { name: 'cool-down', judge: coolDown },
  { name: 'liquidity', judge: liquidity },
  { name: 'spread', judge: spread },
  { name: 'volatility', judge: volatility },
  { name: 'funding-cost', judge: fundingCost },
  { name: 'correlation', judge: correlation, isCostly: () => true },
];

/** Filters that ask for the direction of an entry: what they say without a signal holds for one direction alone. */
export const DIRECTED_FILTERS: ReadonlySet<string> = new Set([
  'adaptive-level',
  'signal-confirmation',
  'trend',
  'rsi-time',
  'rsi-recheck',
  'funding-cost',
  'correlation',
]);

/** Where in the chain filters stand that may be costly. */
const COSTLY_PLACES: readonly number[] = ENTRY_FILTERS.flatMap(({ isCostly }, place) =>
  isCostly === undefined ? [] : [place],
);

/** Holds the place of a costly filter until the others are judged. */
const SPARED: Verdict = skip('', 'filter.chain.not-evaluated', NOTHING);

/** Vetoes that nobody overrides: trading is switched off, or the order could not be placed, or not safely. */
const STANDING_VETOES: ReadonlySet<string> = new Set<Code>([
  'filter.trading-switch.off',
  'filter.entries-allowed.refused',
  'filter.instrument.not-trading',
  'filter.instrument.delisting',
  'filter.data.feed-lost',
  'filter.data.stale',
  'filter.data.unclosed',
]);

/**
 * Runs the whole chain at the moment of entry and mints the proof that nothing in it spoke against the entry.
 * Otherwise all verdicts come back, the passes included, so that a screen can show each. A signal that is
 * no entry never passes.
 */
export function passEntry(context: EntryContext): Result<PassedEntry, readonly Verdict[]> {
  const verdicts = judgeEntry(context);
  const direction = entryDirection(context.signal);
  if (direction === null || verdicts.some((verdict) => verdict.kind === 'veto')) return err(verdicts);
  return ok(mint(context, { direction, verdicts, forced: false }));
}

/**
 * A person's own entry, whatever the filters say: the only way past them. All of them are asked all the same, as of
 * a signal in that direction, and what they say is kept. Some vetoes stand: trading is switched off, entries may not
 * leave, the exchange does not trade the instrument or soon will not, or its feed is lost or late, when a stop
 * would be set on a price that may be long gone.
 */
export function forceEntry(
  context: EntryContext,
  direction: Direction,
): Result<PassedEntry, readonly Verdict[]> {
  const kind = direction === 'long' ? 'enter-long' : 'enter-short';
  const verdicts = judgeEntry({ ...context, signal: { ...context.signal, kind } });
  if (verdicts.some(isStanding)) return err(verdicts);
  return ok(mint(context, { direction, verdicts, forced: true }));
}

/** True for a veto that nobody overrides. */
export function isStanding({ kind, code }: Verdict): boolean {
  return kind === 'veto' && STANDING_VETOES.has(code);
}

function mint(
  { instrument, signal }: EntryContext,
  found: Pick<PassedEntry, 'direction' | 'verdicts' | 'forced'>,
): PassedEntry {
  return { instrumentId: instrument.id, signal, ...found } as PassedEntry;
}

/**
 * All verdicts of the chain, in its order, whatever the signal is: for screens and records. What one filter finds
 * never depends on another, but a costly one is not run for an entry that is blocked: it then names the
 * filter that blocks.
 */
export function judgeEntry(context: EntryContext): readonly Verdict[] {
  const { settings } = context;
  const verdicts = ENTRY_FILTERS.map((link) =>
    link.isCostly?.(settings) === true ? SPARED : judge(link, context),
  );
  let blocker = verdicts.find((verdict) => verdict.kind === 'veto') ?? null;
  for (const place of COSTLY_PLACES) {
    if (verdicts[place] !== SPARED) continue;
    const verdict = judgeCostly(place, blocker, context);
    if (verdict.kind === 'veto') blocker = verdict;
    verdicts[place] = verdict;
  }
  return verdicts;
}

function judgeCostly(place: number, blocker: Verdict | null, context: EntryContext): Verdict {
  const link = ensure(ENTRY_FILTERS[place], 'A place of the chain holds a filter.');
  if (blocker === null) return judge(link, context);
  return skip(link.name, 'filter.chain.not-evaluated', { value: blocker.code });
}

/** A filter with a fault keeps its instrument out of the market; entries of others and all exits go on. */
function judge(link: ChainLink, context: EntryContext): Verdict {
  try {
    return refuseNotANumber(link.judge(context));
  } catch (fault) {
    return veto(link.name, 'filter.chain.failed', { value: String(fault) });
  }
}

/** A value that is no number has measured nothing, and what measured nothing never passes. */
export function refuseNotANumber(verdict: Verdict): Verdict {
  const { value, threshold, margin } = verdict;
  const broken = Number.isNaN(value) || Number.isNaN(threshold) || Number.isNaN(margin);
  return broken ? veto(verdict.filter, 'filter.value.not-a-number', { unit: verdict.unit }) : verdict;
}
