import { type Decimal, decimal, ZERO } from '../../src/core/base/decimal.ts';
import type { IntentRow } from '../../src/store/intent-row.ts';
import {
  atVenue,
  COIN,
  enterLong,
  ladderWorld,
  namesAtVenue,
  restingAtVenue,
  SECOND,
} from './ladder-world.ts';
import type { World } from './world.ts';

const CREATE = '/v5/order/create';
/** How long a request stays acceptable, with what the clocks may differ and the margin beyond. */
const WINDOW_MS = 5_000 + 2_000 + 1_000;
/** An outcome is known this long after the window, or after the exchange can be reached, at the latest. */
const RESOLVED_MS = WINDOW_MS + 10_000;
const OUTAGE_MS = 20_000;
/** Longer than anything here is late. */
const SETTLED_MS = 75_000;
/** An instrument closed at a loss may be entered again after this. */
const LOSS_WAIT_MS = 60_000;

/** What happens to the placement of one order. */
type Loss = Readonly<Record<string, unknown>> & { readonly name: string };

const EXECUTED = ['never', 'always'] as const;

/** Everything that may happen to a placement between our first byte and the last of the answer. */
export const LOSSES: readonly Loss[] = [
  { name: 'request-lost' },
  { name: 'reply-lost' },
  ...['1s', '3s', '4900ms', '6s', '60s'].map((delay) => ({ name: 'request-late', delay })),
  ...['2s', '12s', '60s'].map((delay) => ({ name: 'reply-late', delay })),
  { name: 'connection-reset' },
  { name: 'request-duplicated' },
  { name: 'reply-duplicated' },
  { name: 'json-truncated' },
  ...EXECUTED.flatMap((executed) => [
    { name: 'http-error', status: 502, executed },
    { name: 'html-body', executed },
    { name: 'error-code', code: 10000, executed },
    { name: 'error-code', code: 10016, executed },
    { name: 'unknown-code', executed },
  ]),
];

export const ORDERS = ['entry', 'exit', 'rung'] as const;
type OrderKind = (typeof ORDERS)[number];
/** What else happens: nothing, the process dies, the exchange cannot be reached for a while, or its streams say nothing. */
export const TURNS = ['nothing', 'death', 'outage', 'silence'] as const;
type Turn = (typeof TURNS)[number];

/** What came of all losses of one kind of order and one turn. */
interface LossRun {
  /** One sentence for each breach, judged by the venue's own books. */
  readonly faults: readonly string[];
  /** How many placements had no clear outcome. */
  readonly unclear: number;
  readonly cases: number;
}

/** Lets every loss befall an order of one kind, one after the other in one world. */
export async function runLosses(kind: OrderKind, turn: Turn): Promise<LossRun> {
  const { world } = await ladderWorld({}, kind === 'rung' ? {} : { entryMethod: 'market' });
  const faults: string[] = [];
  let unclear = 0;
  for (const loss of LOSSES) {
    const found = await strike(world, { kind, turn, loss });
    unclear += found.unclear ? 1 : 0;
    for (const fault of found.faults) faults.push(`${kind}, ${JSON.stringify(loss)}, ${turn}: ${fault}`);
  }
  await world.stop();
  return { faults, unclear, cases: LOSSES.length };
}

interface Case {
  readonly kind: OrderKind;
  readonly turn: Turn;
  readonly loss: Loss;
}

interface Found {
  readonly faults: readonly string[];
  readonly unclear: boolean;
}

async function strike(world: World, { kind, turn, loss }: Case): Promise<Found> {
  if (kind === 'exit') await held(world);
  if (kind === 'rung') await firstRung(world);
  const before = await named(world);
  const struckBy = () => world.venue.faults.strikes().filter(({ name }) => name === loss.name).length;
  const strikes = struckBy();
  if (turn === 'silence') world.venue.faults.add({ name: 'message-lost', for: `${OUTAGE_MS}ms` });
  const asked = world.venue.faults.add({ ...loss, path: CREATE, method: 'POST', count: 1 });
  if (!asked.ok) throw new Error(asked.error);
  if (kind === 'entry') enterLong(world);
  if (kind === 'exit') close(world);
  for (let step = 0; struckBy() === strikes; step += 1) {
    if (step > 1_000) throw new Error(`${loss.name} never struck`);
    await world.time.advance(5);
  }
  const reachableMs = await take(world, turn, LOSSES.indexOf(loss));
  await world.time.advance(SETTLED_MS);
  const struck = (await intents(world)).filter(({ clientOrderId }) => !before.has(clientOrderId)).at(-1);
  if (struck === undefined) return { faults: ['the order was not journaled'], unclear: false };
  const faults = [...gaps(world), ...lateness(struck, reachableMs)];
  if (kind === 'exit' && atVenue(world) !== 'flat') faults.push(`not closed: ${atVenue(world)}`);
  const unclear = struck.validUntilMs !== null || turn === 'death';
  return { faults: [...faults, ...(await tidied(world))], unclear };
}

async function held(world: World): Promise<void> {
  enterLong(world);
  await world.time.advance(15 * SECOND);
  if (atVenue(world) === 'flat') throw new Error('An entry without trouble is held.');
}

/** Enters until the first rung has arrived: the next placement is that of the second. */
async function firstRung(world: World): Promise<void> {
  const { orders } = namesAtVenue(world);
  enterLong(world);
  for (let step = 0; namesAtVenue(world).orders === orders; step += 1) {
    if (step > 1_000) throw new Error('The first rung never arrived.');
    await world.time.advance(5);
  }
}

/** Gives from when on the service could have found everything out. */
async function take(world: World, turn: Turn, place: number): Promise<number> {
  if (turn === 'nothing' || turn === 'silence') return world.time.nowMs();
  if (turn === 'outage') {
    world.venue.faults.add({ name: 'request-lost', path: '/v5/', for: `${OUTAGE_MS}ms` });
    return world.time.nowMs() + OUTAGE_MS;
  }
  await world.time.advance(place % 2 === 0 ? 100 : 4 * SECOND);
  const diedMs = world.time.nowMs();
  await world.restart();
  return diedMs;
}

/** What the venue's own books and ours do not agree on, and what nobody may ever find in the venue's. */
function gaps(world: World): string[] {
  const { orders, names } = namesAtVenue(world);
  const account = world.venue.state().accounts[0];
  const faults = orders === names ? [] : [`${orders} orders at the venue have ${names} names`];
  const [position] = world.trading().engine.positions();
  const ours = position === undefined ? 'flat' : `${position.quantity} stop ${position.exchangeStopPrice}`;
  if (ours !== atVenue(world)) faults.push(`the venue holds ${atVenue(world)}, we ${ours}`);
  if (atVenue(world).endsWith('null')) faults.push('no stop rests at the venue');
  const filled = new Map<unknown, Decimal>();
  for (const { orderId, quantity } of account?.fills ?? [])
    filled.set(orderId, (filled.get(orderId) ?? ZERO).plus(String(quantity)));
  for (const { orderId, quantity } of account?.closedOrders ?? []) {
    const wanted = decimal(String(quantity));
    const isOver = wanted.greaterThan(0) && filled.get(orderId)?.greaterThan(wanted) === true;
    if (isOver) faults.push(`${String(orderId)} has filled more than was ordered`);
  }
  if (world.trading().engine.unaccounted().surprises.count > 0)
    faults.push('an outcome was concluded wrongly');
  if (world.trading().unresolvedOrders() > 0) faults.push('an order is still being looked up');
  return faults;
}

function lateness({ clientOrderId, state, updatedMs }: IntentRow, reachableMs: number): string[] {
  if (state === 'prepared' || state === 'unknown') return [`${clientOrderId} is still ${state}`];
  const tookMs = updatedMs - reachableMs;
  return tookMs <= RESOLVED_MS ? [] : [`${clientOrderId} was ${state} only after ${tookMs} ms`];
}

/** Ends what is open; what cannot be ended is a breach. */
async function tidied(world: World): Promise<string[]> {
  world.venue.faults.removeAll();
  close(world);
  await world.time.advance(15 * SECOND);
  const left = [atVenue(world), ...restingAtVenue(world)].filter((line) => line !== 'flat');
  const open = (await world.store.openIntents()).map(
    ({ clientOrderId, state }) => `${clientOrderId} ${state}`,
  );
  const positions = world.trading().engine.positions().length;
  await world.time.advance(LOSS_WAIT_MS);
  return [...left, ...open, ...(positions === 0 ? [] : [`${positions} positions`])].map(
    (line) => `left at the end: ${line}`,
  );
}

function close(world: World): void {
  world.trading().command({ kind: 'close-position', instrumentId: COIN }, 'test', 'enough');
}

async function intents(world: World): Promise<readonly IntentRow[]> {
  return (await world.store.intents.list({ limit: 100, cursor: null })).rows;
}

async function named(world: World): Promise<ReadonlySet<string>> {
  return new Set((await intents(world)).map(({ clientOrderId }) => clientOrderId));
}
