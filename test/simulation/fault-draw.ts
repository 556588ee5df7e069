import type { Rng } from '../../src/core/base/rng.ts';

const WIRE = [
  'request-lost',
  'request-late',
  'request-duplicated',
  'reply-lost',
  'reply-late',
  'reply-duplicated',
  'connection-reset',
] as const;
const ORDERS = [
  'order-rejected-late',
  'fill-partial',
  'stop-refused',
  'stop-ignored',
  'stop-dropped',
  'stop-cancelled',
  'cancel-race',
  'recent-orders-lost',
] as const;
const PEOPLE = [
  'person-closes',
  'person-reduces',
  'person-adds',
  'person-flips',
  'person-sets-leverage',
  'person-removes-stop',
  'person-cancels-orders',
  'thief-orders',
] as const;
const MOVES = ['deposit', 'withdrawal', 'transfer-in', 'transfer-out', 'bonus', 'fee-refund'] as const;
const LEVELS = ['No VIP', 'VIP-1', 'VIP-5', 'VIP-Supreme'] as const;
const STATUSES = ['pre-launch', 'trading', 'delivering', 'closed'] as const;
const STEPS = [0.1, 10, 3] as const;

/** Draws a fault of any kind that orders, prices, money or instruments can meet, for a little while. */
export function drawFault(random: Rng, symbols: readonly string[]): Readonly<Record<string, unknown>> {
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[random.integer(list.length)];
    if (chosen === undefined) throw new Error('Nothing to choose from.');
    return chosen;
  };
  const symbol = pick(symbols);
  const lasting = { for: `${5 + random.integer(55)}s` };
  const now: readonly (() => Readonly<Record<string, unknown>>)[] = [
    () => ({ name: pick(WIRE), rate: 0.5, ...lasting }),
    () => ({ name: pick(ORDERS), rate: 0.7, ...lasting }),
    () => ({ name: pick(PEOPLE), count: 1 + random.integer(3), ...lasting }),
    () => ({ name: 'wick', symbol, pct: -30 + random.integer(60), over: '3s', hold: '2s', back: '3s' }),
    () => ({ name: 'flash-crash', pct: -10 - random.integer(20), ...lasting }),
    () => ({ name: 'mark-far', symbol, pct: -8 + random.integer(16), ...lasting }),
    () => ({ name: 'book-thin', symbol, ...lasting }),
    () => ({ name: 'spread-wide', symbol, ...lasting }),
    () => ({ name: 'funding-spike', symbol, ...lasting }),
    () => ({ name: 'delisting', symbol, in: '10s', gone: '10s', for: '40s' }),
    () => ({ name: 'instrument-gone', symbol, for: '5s' }),
    () => ({ name: 'instrument-status', symbol, status: pick(STATUSES), for: '10s' }),
    () => ({ name: 'rules-changed', symbol, step: pick(STEPS), tick: pick(STEPS), leverage: 20, ...lasting }),
    () => ({ name: 'money-moves', kind: pick(MOVES), amount: random.integer(500) }),
    () => ({ name: 'fee-level', level: pick(LEVELS) }),
    () => ({ name: 'deleveraging', symbol, share: 0.5 }),
    () => ({ name: 'insurance-short', left: random.integer(500) }),
  ];
  return pick(now)();
}
