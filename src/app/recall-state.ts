import type { Instrument } from '../core/domain/instrument.ts';
import { parseClientOrderId } from '../core/domain/order.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import type { Engine } from '../core/engine/engine.ts';
import { type RememberedEntry, rebuildTrading } from '../core/engine/rebuild.ts';
import type { EngineSnapshot } from '../core/engine/snapshot.ts';
import { FILL_IDS_KEPT_MAX } from '../core/engine/state.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { IntentRow, LastEntry } from '../store/intent-row.ts';
import type { EventRow, HeldLease, Page, Store } from '../store/store.ts';
import { regainMemory } from '../trading/lost-memory.ts';
import { endedUnseen, regainEntries } from '../trading/lost-state.ts';
import { pastAttempts, withAttempts } from '../trading/past-attempts.ts';
import type { Alert } from './alert.ts';
import { parseRemembered } from './remembered-state.ts';
import type { VersionedSettings } from './settings-history.ts';

/** Pause between two attempts to read the exchange. */
const READ_RETRY_MS = 2_000;
/** A list of instruments that lacks one we have an entry on is believed when so many in a row do. */
const LISTS_MIN = 5;

export interface RecallParts {
  readonly exchange: Exchange;
  readonly store: Store;
  readonly time: Time;
  readonly lease: HeldLease;
  readonly settings: Pick<VersionedSettings, 'version' | 'settings' | 'instruments'>;
  readonly alert: Alert;
  readonly isStopping: () => boolean;
}

interface Stated {
  readonly positions: readonly ExchangePosition[];
  readonly instruments: readonly Instrument[];
  readonly partlyFilled: ReadonlySet<string>;
}

/** Where nothing is to be taken up again the exchange need not be asked. */
const NOTHING_STATED: Stated = { positions: [], instruments: [], partlyFilled: new Set() };

/**
 * What we knew when the account was last ours: the stored trading state or, where that is lost and the journal has
 * entries, what the journal and the exchange's positions say together. Null: there is nothing to know, or the service
 * stops before the exchange could be read. Throws when what is stored cannot be read.
 */
export async function recallState(parts: RecallParts): Promise<EngineSnapshot | null> {
  const { store, lease, time, settings } = parts;
  const stored = await store.loadTradingState(lease.accountId);
  const remembered = stored === null ? await rebuilt(parts) : parseRemembered(stored);
  if (remembered === null) return null;
  const { timeframe } = settings.settings;
  const terms = { accountId: lease.accountId, nowMs: time.nowMs(), timeframe };
  return withAttempts(remembered, await pastAttempts(store, terms));
}

/** Null: no entry was ever journaled for the account, or the service stops. What is over leaves its traces as well. */
async function rebuilt(parts: RecallParts): Promise<EngineSnapshot | null> {
  const { store, lease } = parts;
  const newest = await stillOurs(store, await store.lastEntries(lease.accountId));
  const stated = newest.length === 0 ? NOTHING_STATED : await readStated(parts, newest);
  if (stated === null || (newest.length === 0 && !(await hasTraded(parts)))) return null;
  const entries = regain(newest, stated, parts);
  const fills = await store.newestFills(FILL_IDS_KEPT_MAX);
  const regained = new Set<string>(entries.map(({ instrument }) => instrument.id));
  const booked = new Set(newest.flatMap(({ over }) => over?.fillIds ?? []));
  const others = fills.filter(
    ({ fillId, instrumentId }) => booked.has(fillId) || !regained.has(instrumentId),
  );
  return rebuildTrading(entries, {
    settings: parts.settings.settings,
    settingsVersion: parts.settings.version,
    lease: { ...lease, intentNumber: 1 },
    timeMs: parts.time.nowMs(),
    memory: await regainMemory(store, { ...parts.settings, ...lease, nowMs: parts.time.nowMs() }),
    fillIds: others.map(({ fillId }) => fillId).reverse(),
  });
}

async function hasTraded({ store, lease }: RecallParts): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const page: Page<IntentRow> = await store.intents.list({ limit: 500, cursor });
    if (page.rows.some(({ accountId }) => accountId === lease.accountId)) return true;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return false;
}

/** The instruments an engine knows before the market was read: those of what it holds. */
export function heldInstruments(engine: Engine): readonly Instrument[] {
  return engine.scanRows().flatMap(({ instrumentId }) => engine.instrument(instrumentId) ?? []);
}

/** Without the entries of positions a person has given up: the journal alone does not tell. */
async function stillOurs(store: Store, newest: readonly LastEntry[]): Promise<readonly LastEntry[]> {
  const kept: LastEntry[] = [];
  for (const row of newest) if (!(await isDisowned(store, row))) kept.push(row);
  return kept;
}

async function isDisowned(store: Store, row: IntentRow): Promise<boolean> {
  const { instrumentId } = row;
  // All rungs of a ladder opened the one position that is named after the first.
  const opener = row.ladderId ?? row.clientOrderId;
  let cursor: string | null = null;
  do {
    const page: Page<EventRow> = await store.listEvents({ limit: 500, cursor, instrumentId });
    const told = page.rows.some(
      ({ code, detailJson }) =>
        code === 'engine.position.disowned' && JSON.parse(detailJson).clientOrderId === opener,
    );
    if (told) return true;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return false;
}

async function readStated(
  { exchange, time, alert, isStopping }: RecallParts,
  newest: readonly LastEntry[],
): Promise<Stated | null> {
  let told = false;
  let short = 0;
  while (!isStopping()) {
    const stated = await readOnce(exchange, newest);
    short += stated === null ? 0 : 1;
    if (stated !== null && (isWhole(stated, newest) || short >= LISTS_MIN)) return stated;
    if (!told)
      alert(
        'trading.state.lost',
        'The trading state is lost, and the exchange cannot be read to rebuild it yet.',
      );
    told = true;
    await sleep(time, READ_RETRY_MS);
  }
  return null;
}

/** A page of a list may be lost, and what is not listed cannot be taken up again. */
function isWhole({ instruments }: Stated, newest: readonly LastEntry[]): boolean {
  const listed = new Set(instruments.map(({ id }): string => id));
  return newest.every(({ instrumentId }) => listed.has(instrumentId));
}

/** Null when any part of it could not be read. */
async function readOnce(exchange: Exchange, newest: readonly IntentRow[]): Promise<Stated | null> {
  const instruments = await exchange.readInstruments();
  if (instruments.kind === 'unknown') return null;
  const positions = await exchange.readPositions('reconcile');
  if (positions.kind === 'unknown') return null;
  const partlyFilled = new Set<string>();
  for (const row of endedUnseen(newest, { positions: positions.value })) {
    const instrument = instruments.value.find(({ id }) => id === row.instrumentId);
    const clientOrderId = parseClientOrderId(row.clientOrderId);
    if (instrument === undefined || clientOrderId === null) continue;
    const fills = await exchange.readOrderFills(instrument, clientOrderId);
    if (fills.kind === 'unknown') return null;
    if (fills.value.length > 0) partlyFilled.add(clientOrderId);
  }
  return { positions: positions.value, instruments: instruments.value, partlyFilled };
}

function regain(
  newest: readonly LastEntry[],
  stated: Stated,
  { settings, alert }: RecallParts,
): readonly RememberedEntry[] {
  const { timeframe } = settings.settings;
  const { entries, given } = regainEntries(newest, { ...stated, timeframe });
  if (given.length > 0) {
    const what = `The trading state is lost, and what these orders opened cannot be guarded from here: ${given.join(', ')}.`;
    alert(
      'trading.state.lost',
      `${what} Look at them at the exchange; see to their stops or close them there.`,
    );
  }
  if (entries.length === 0) return entries;
  const ids = entries.map(({ instrument }) => instrument.id).join(', ');
  const what = `The trading state was lost. Positions and orders on ${ids} are taken up again from the journal`;
  alert(
    'trading.state.rebuilt',
    `${what}; bots of a person are there as far as their commands are recorded, and paused. Find out why it was lost.`,
  );
  return entries;
}
