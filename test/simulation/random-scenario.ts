import { rng, seedOf } from '../../src/core/base/rng.ts';
import { DRIFT_PACKS } from '../../src/venue/fault/drift-packs.ts';
import { scenarioShape } from '../../src/venue/scenario/scenario.ts';
import type { FoundScenario } from '../../src/venue/scenario/scenario-library.ts';

type Fault = Readonly<Record<string, unknown>>;

/** Faults a swarm draws from, each as it is asked for; `rate` and `for` are drawn too. */
const MENU: readonly Fault[] = [
  { fault: 'request-lost' },
  { fault: 'request-late', delay: '3s' },
  { fault: 'request-duplicated' },
  { fault: 'reply-lost' },
  { fault: 'reply-late', delay: '8s' },
  { fault: 'connection-reset' },
  { fault: 'http-error' },
  { fault: 'html-body' },
  { fault: 'json-truncated' },
  { fault: 'error-code' },
  { fault: 'error-code', code: 10016 },
  { fault: 'unknown-code' },
  { fault: 'rate-limited' },
  { fault: 'maintenance' },
  { fault: 'halt' },
  { fault: 'read-listless' },
  ...['/v5/position/list', '/v5/order/realtime', '/v5/execution/list'].flatMap((path) => [
    { fault: 'read-empty', path },
    { fault: 'read-partial', path },
  ]),
  { fault: 'order-rejected-late' },
  { fault: 'fill-partial' },
  { fault: 'cancel-race' },
  { fault: 'history-late' },
  { fault: 'recent-orders-lost' },
  { fault: 'stop-refused', reason: 'would-trigger' },
  { fault: 'stop-ignored' },
  { fault: 'stop-dropped' },
  { fault: 'stop-cancelled' },
  { fault: 'stream-silent' },
  { fault: 'topic-silent', topic: 'execution' },
  { fault: 'topic-silent', topic: 'kline' },
  { fault: 'stream-frozen' },
  { fault: 'stream-late', delay: '4s' },
  { fault: 'message-duplicated' },
  { fault: 'message-reordered' },
  { fault: 'message-replayed' },
  { fault: 'message-truncated' },
  { fault: 'message-lost' },
  { fault: 'stream-cut', every: '9s' },
  { fault: 'stream-refused' },
  { fault: 'wick', pct: -12 },
  { fault: 'wick', pct: 12 },
  { fault: 'flash-crash', pct: -20, back: '1m' },
  { fault: 'mark-far', pct: -3 },
  { fault: 'book-thin' },
  { fault: 'spread-wide', pct: 1 },
  { fault: 'price-nonsense', value: 'zero' },
  { fault: 'price-nonsense', value: 'nan' },
  { fault: 'clock-skew', by: '3s' },
  { fault: 'person-closes' },
  { fault: 'person-removes-stop' },
  { fault: 'person-sets-leverage' },
  { fault: 'thief-orders', notional: 30 },
  ...DRIFT_PACKS.map(({ name }) => ({ fault: 'contract-drift', pack: name })),
];
const LENGTH_MIN = 7;
const FAULTS_AT_ONCE_MIN = 3;
const FAULTS_AT_ONCE_MAX = 6;

/** A scenario drawn from its seed: three to six faults, at times and rates that are drawn as well. */
export function randomScenario(seed: number): FoundScenario {
  const dice = rng(seedOf(seed, 'random-scenario'));
  const count = FAULTS_AT_ONCE_MIN + dice.integer(FAULTS_AT_ONCE_MAX - FAULTS_AT_ONCE_MIN + 1);
  const events = Array.from({ length: count }, () => ({
    ...MENU[dice.integer(MENU.length)],
    at: `${20 + dice.integer((LENGTH_MIN - 2) * 60)}s`,
    for: `${5 + dice.integer(90)}s`,
    rate: dice.next() < 0.3 ? 1 : Math.round(dice.next() * 100) / 100,
  }));
  const scenario = scenarioShape.parse({
    name: `random-${seed}`,
    purpose: events.map((event) => JSON.stringify(event)).join(' '),
    length: `${LENGTH_MIN}m`,
    seed,
    market: { synthetic: { seed, instruments: 20 + dice.integer(20), scale: 'demo' } },
    events,
  });
  return { file: `random-${seed}.yaml`, scenario };
}
