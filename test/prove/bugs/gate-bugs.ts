import type { Bug } from './bug.ts';

const RULES = 'src/core/risk/gate-entry.test.ts';
const GATE = 'src/trading/order-gate.test.ts';
const LOSSES = 'src/core/risk/gate-loss.test.ts';

/** The last code before the signer, the writer of an account, and what the two sides do not agree on. */
export const GATE_BUGS: readonly Bug[] = [
  {
    name: 'what is on its way is no exposure',
    file: 'src/trading/gate-book.ts',
    find: 'return held.plus(ordered).plus(this.foreignOrders);',
    replace: 'return held.plus(this.foreignOrders);',
    breaks: 'I10',
    caughtBy: [GATE, 'test/simulation/gate-storm.test.ts'],
  },
  {
    name: 'an entry is not judged again before its first byte',
    file: 'src/trading/order-gate.ts',
    find: "last = order.kind === 'exit' ? null : this.entryFault(order, presented, true);",
    replace: 'last = null;',
    breaks: 'I10',
    caughtBy: [GATE],
  },
  {
    name: 'a gate that fails lets entries through',
    file: 'src/trading/order-gate.ts',
    find: 'obstacle(): string | null {\n    if (this.broken !== null)',
    replace: "obstacle(): string | null {\n    if (this.broken === 'never')",
    breaks: 'I10',
    caughtBy: [GATE],
  },
  {
    name: 'losses that are not known are none',
    file: 'src/core/risk/gate-loss.ts',
    find: 'if (daily === null || rolling === null)\n',
    replace:
      'if (daily === null || rolling === null) return null;\n  if (daily === null || rolling === null)\n',
    breaks: 'I10',
    caughtBy: [RULES, LOSSES],
  },
  {
    name: 'midnight is a way out of a loss',
    file: 'src/core/risk/gate-loss.ts',
    find: "tooMuch('gate.loss.daily', 'since midnight UTC', daily) ??\n    tooMuch('gate.loss.rolling', 'since its best hour of the last 24', rolling)",
    replace: "tooMuch('gate.loss.daily', 'since midnight UTC', daily)",
    breaks: 'I10',
    caughtBy: [LOSSES],
  },
  {
    name: 'money taken out is a loss',
    file: 'src/core/risk/gate-loss.ts',
    find: 'const begun = moved.reduce((sum, { amount }) => sum.plus(amount), mark.equity);',
    replace: 'const begun = moved.reduce((sum) => sum, mark.equity);',
    breaks: 'I10',
    caughtBy: [LOSSES],
  },
  {
    name: 'a clock that is set begins a day',
    file: 'src/trading/gate-clock.ts',
    find: 'const nowMs = isBorneOut ? Math.max(asOfMs, last.nowMs) : expectedMs;',
    replace: 'const nowMs = asOfMs;',
    breaks: 'I10',
    caughtBy: [GATE],
  },
  {
    name: 'a restart forgets how many orders have left',
    file: 'src/trading/gate-pace.ts',
    find: 'this.day = { day: dayOf(nowMs), count };',
    replace: 'this.day = { day: dayOf(nowMs), count: 0 * count };',
    breaks: 'I10',
    caughtBy: [GATE],
  },
  {
    name: 'a price that has jumped is believed',
    file: 'src/core/risk/gate-price.ts',
    find: 'return !isFresh(good, nowMs) || distancePct(price, good.price) <= bandPct;',
    replace: 'return !isFresh(good, nowMs) || distancePct(price, good.price) <= bandPct * 1e6;',
    breaks: 'I10',
    caughtBy: [RULES, GATE],
  },
  {
    name: 'a setting goes beyond the ceiling',
    file: 'src/core/risk/gate-entry.ts',
    find: 'const threshold = Math.min(CEILINGS.leverage.max, instrument.leverageMax);',
    replace: 'const threshold = instrument.leverageMax;',
    breaks: 'I10',
    caughtBy: [RULES],
  },
  {
    name: 'an exit is held to the number of orders',
    file: 'src/trading/order-gate.ts',
    find: 'return this.refused(exitRefusal(order, { held }));',
    replace:
      "return this.refused(this.pace.paces(this.context.time.monotonicMs(), null).second > 2 ? plain('gate.not-ready', 'busy') : exitRefusal(order, { held }));",
    breaks: 'I3',
    caughtBy: [GATE],
  },
  {
    name: 'an exit is held to an old list',
    file: 'src/trading/gate-book.ts',
    find: 'if (position === undefined || monotonicMs - this.listedMs > LIST_AGE_MS_MAX) return null;',
    replace: 'if (position === undefined) return null;',
    breaks: 'I3',
    caughtBy: [GATE],
  },
  {
    name: `the orders of a copied home are taken for one's own`,
    file: 'src/trading/account-lease.ts',
    find: 'return epoch === this.taken?.epoch && instance === this.taken.instance;',
    replace: 'return epoch === this.taken?.epoch;',
    breaks: 'I13',
    caughtBy: ['src/trading/account-lease.test.ts', 'test/simulation/copied-home.test.ts'],
  },
  {
    name: `a settlement is charged to a stranger's part as well`,
    file: 'src/core/ledger/funding-share.ts',
    find: 'left = left === null ? ZERO : left.minus(held);',
    replace: 'left = left === null ? null : left;',
    breaks: 'I16',
    caughtBy: ['src/core/ledger/funding-share.test.ts', 'test/simulation/funded-trades.test.ts'],
  },
  {
    name: 'a failed reading ends what is open between the two sides',
    file: 'src/core/engine/differences.ts',
    find: 'if (orders !== null && orders !== undefined) {\n    scopes.push',
    replace: "scopes.push('order');\n  if (orders !== null && orders !== undefined) {\n    scopes.push",
    breaks: 'I7',
    caughtBy: [
      'test/scenario/differences.test.ts',
      'src/trading/difference-book.test.ts',
      'test/simulation/reconciliation.test.ts',
    ],
  },
];
