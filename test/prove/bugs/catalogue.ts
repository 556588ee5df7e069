/** A fault somebody once made, or could make. */
export interface Bug {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The invariant it breaks, by number. */
  readonly breaks: string;
  /** Test files, of which one must turn red. */
  readonly caughtBy: readonly string[];
}

const SWARM = 'test/simulation/swarm.test.ts';
const STORM = 'test/simulation/stop-storm.test.ts';
const UNKNOWN = 'test/simulation/unknown-orders.test.ts';
const ENGINE = 'src/core/engine/';
const BYBIT = 'src/exchange/bybit/';

/** Each from an incident of a trading bot somewhere, or from one of our own. */
export const CATALOGUE: readonly Bug[] = [
  {
    name: 'a fill is counted twice',
    file: `${ENGINE}fills.ts`,
    find: 'if (state.fillIds.has(fill.fillId) || comesTooSoon(state, fill)) return;',
    replace: 'if (comesTooSoon(state, fill)) return;',
    breaks: 'I16',
    caughtBy: [SWARM],
  },
  {
    name: 'the end of a position is booked before its beginning',
    file: `${ENGINE}fills.ts`,
    find: ' || comesTooSoon(state, fill)',
    replace: '',
    breaks: 'I16',
    caughtBy: ['test/scenario/trouble.test.ts'],
  },
  {
    name: 'one look is enough to say that an order was not placed',
    file: 'src/trading/order-resolver.ts',
    find: 'if (leftMs >= 0) return null;',
    replace: "if (verdict === 'absent') return { kind: 'not-placed' };",
    breaks: 'I7',
    caughtBy: [UNKNOWN, SWARM],
  },
  {
    name: 'the validity of a request is not waited out',
    file: 'src/trading/order-resolver.ts',
    find: 'const leftMs = this.validUntilMs + MARGIN_MS - asOfMs;',
    replace: 'const leftMs = -1;',
    breaks: 'I7',
    caughtBy: [UNKNOWN, SWARM],
  },
  {
    name: 'an unknown code is a refusal',
    file: `${BYBIT}error-codes.ts`,
    find: "return REACTION_BY_CODE.get(code) ?? 'ambiguous';",
    replace: "return REACTION_BY_CODE.get(code) ?? 'definite';",
    breaks: 'I2',
    caughtBy: [UNKNOWN, `${BYBIT}error-codes.test.ts`],
  },
  {
    name: 'a server that timed out has refused',
    file: `${BYBIT}error-codes.ts`,
    find: '  ambiguous: [10000],\n  key: [',
    replace: '  ambiguous: [],\n  key: [\n    10000,',
    breaks: 'I2',
    caughtBy: [UNKNOWN, `${BYBIT}error-codes.test.ts`],
  },
  {
    name: 'too many requests is a passing refusal',
    file: `${BYBIT}error-codes.ts`,
    find: 'rate: [10006, 10018, 10429, 20003],',
    replace: 'rate: [10018, 10429, 20003],',
    breaks: 'I14',
    caughtBy: [`${BYBIT}error-codes.test.ts`],
  },
  {
    name: 'the receive window is a minute',
    file: `${BYBIT}signing.ts`,
    find: 'RECEIVE_WINDOW_MS = 5000',
    replace: 'RECEIVE_WINDOW_MS = 60_000',
    breaks: 'I15',
    caughtBy: [SWARM],
  },
  {
    name: 'exits are not reduce-only',
    file: `${BYBIT}writes.ts`,
    find: "reduceOnly: order.kind === 'exit',",
    replace: 'reduceOnly: false,',
    breaks: 'I5',
    caughtBy: [`${BYBIT}writes.test.ts`, SWARM],
  },
  {
    name: 'a position without a stop is kept',
    file: `${ENGINE}keep-stop.ts`,
    find: 'const FLATTEN_MS = 12_000;',
    replace: 'const FLATTEN_MS = 120_000;',
    breaks: 'I3',
    caughtBy: [STORM],
  },
  {
    name: 'a missing stop is never put back',
    file: `${ENGINE}wanted-levels.ts`,
    find: 'return exchangeStopPrice !== null && !isTighter(stopPrice, exchangeStopPrice, holding.direction);',
    replace:
      'return exchangeStopPrice === null || !isTighter(stopPrice, exchangeStopPrice, holding.direction);',
    breaks: 'I3',
    caughtBy: [STORM, SWARM],
  },
  {
    name: 'the doubt about overdue stops never comes',
    file: `${ENGINE}stop-obstacle.ts`,
    find: 'stopWatch.sinceMs !== null && isHeld(holding) &&',
    replace: 'stopWatch.sinceMs !== null && !isHeld(holding) &&',
    breaks: 'I3',
    caughtBy: [STORM],
  },
  {
    name: 'a filled order may be denied',
    file: 'src/core/domain/order-state.ts',
    find: "filled: { forward: ['given-up'], stale: ['accepted'] },",
    replace: "filled: { forward: ['given-up', 'not-placed', 'cancelled'], stale: ['accepted'] },",
    breaks: 'I7',
    caughtBy: ['src/core/domain/order-state.test.ts', SWARM],
  },
  {
    name: 'synchronous is normal',
    file: 'src/platform/sqlite.ts',
    find: "database.exec('pragma synchronous = full');",
    replace: "database.exec('pragma synchronous = normal');",
    breaks: 'I8',
    caughtBy: ['src/platform/sqlite.test.ts', 'test/conformance/store-file.test.ts'],
  },
  {
    name: 'an absurd time of the exchange sets the clock',
    file: `${BYBIT}schema.ts`,
    find: "z.int().min(1_514_764_800_000, 'not a time');",
    replace: 'z.int().positive();',
    breaks: 'I15',
    caughtBy: [SWARM],
  },
  {
    name: 'a write without an answer is sent again',
    file: `${BYBIT}client.ts`,
    find: "return this.send({ ...call, method: 'POST', query: '', body, signed: true });",
    replace:
      "const first = await this.send({ ...call, method: 'POST', query: '', body, signed: true });\n    if (first.answer.kind !== 'no-answer') return first;\n    return this.send({ ...call, method: 'POST', query: '', body, signed: true });",
    breaks: 'I2',
    caughtBy: [SWARM, `${BYBIT}client.test.ts`],
  },
  {
    name: 'a ban is over after six seconds',
    file: `${BYBIT}client.ts`,
    find: 'const BAN_MS = 605_000;',
    replace: 'const BAN_MS = 6_050;',
    breaks: 'I14',
    caughtBy: [`${BYBIT}client.test.ts`],
  },
  {
    name: 'an order that a position speaks for was not placed',
    file: 'src/trading/order-resolver.ts',
    find: 'else addApart(this.unexplained, asOfMs);',
    replace: 'else addApart(this.agreeing, asOfMs);',
    breaks: 'I7',
    caughtBy: [UNKNOWN, 'src/trading/order-executor.test.ts', 'test/simulation/faults.test.ts'],
  },
  {
    name: 'a denied order that fills is no surprise',
    file: `${ENGINE}fills.ts`,
    find: '  if (named !== undefined && isDenied(named.state)) admit(state, named, fill, out);\n',
    replace: '',
    breaks: 'I13',
    caughtBy: ['test/simulation/surprise.test.ts'],
  },
  {
    name: 'a rejected order stays rejected whatever it fills',
    file: 'src/core/domain/order-state.ts',
    find: "rejected: { surprise: ['accepted', 'filled', 'cancelled'] },",
    replace: "rejected: { stale: ['accepted', 'filled', 'cancelled'] },",
    breaks: 'I7',
    caughtBy: ['src/core/domain/order-state.test.ts', 'test/simulation/surprise.test.ts'],
  },
  {
    name: 'a slot more than is allowed',
    file: `${ENGINE}entry-pass.ts`,
    find: 'if (slotsFree === 0) return told(',
    replace: 'if (slotsUsed(state) > state.settings.risk.positionsMax) return told(',
    breaks: 'I10',
    caughtBy: [SWARM],
  },
  {
    name: 'the side of the stop is mixed up',
    file: `${ENGINE}wanted-levels.ts`,
    find: "'long' ? markPrice <= stop : markPrice >= stop;",
    replace: "'long' ? markPrice >= stop : markPrice <= stop;",
    breaks: 'I3',
    caughtBy: [STORM],
  },
];
