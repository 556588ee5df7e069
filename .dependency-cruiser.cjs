// The doors between the rooms (docs/ARCHITECTURE.md has the table). Each rule says why.
const notTest = '[.]test[.]ts$';
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const paths = (rooms) => rooms.map((room) => `^src/${room}`);
const only = (room, allowed, why) =>
  rule(
    `room:${room}`,
    why,
    { path: `^src/${room}/`, pathNot: notTest },
    { path: '^src/', pathNot: paths([`${room}/`, ...allowed]) },
  );
const ports = [
  'exchange/exchange[.]ts',
  'store/(?:store|intent-row|ledger-row|trade-row|difference-row|fill-row)[.]ts',
];

module.exports = {
  forbidden: [
    rule('no-cycle', 'Two files that need each other are one file.', {}, { circular: true }),
    rule(
      'core-is-pure',
      'core decides; it never touches the world.',
      { path: '^src/core/', pathNot: notTest },
      { pathNot: ['^src/core/', '^node_modules/(zod|decimal[.]js)/'] },
    ),
    rule(
      'one-decimal-door',
      'Only base/decimal.ts names the decimal library.',
      { path: '^src/', pathNot: '^src/core/base/decimal[.]ts$' },
      { path: '^node_modules/decimal[.]js/' },
    ),
    only('core/base', [], 'The ground stands on nothing.'),
    only('core/domain', ['core/base/'], 'Nouns know no behaviour of others.'),
    only('core/indicator', ['core/(base|domain)/'], 'An indicator is arithmetic.'),
    only('core/signal', ['core/(base|domain|indicator)/'], 'A signal reads indicators, not risk.'),
    only('core/filter', ['core/(base|domain|indicator|signal)/'], 'A filter vetoes; it does not size.'),
    only('core/risk', ['core/(base|domain)/'], 'Size does not look at charts.'),
    only('core/position', ['core/(base|domain|indicator|risk)/'], 'Exits do not depend on why we entered.'),
    only('core/matching', ['core/(base|domain)/'], 'The simulated exchange knows no strategy.'),
    only('core/ledger', ['core/(base|domain)/'], 'Book-keeping judges no trade.'),
    only('core/statistic', ['core/(base|domain)/'], 'Figures know no strategy.'),
    rule(
      'engine-is-the-roof',
      'Nobody in core imports the engine.',
      { path: '^src/core/(?!engine/)', pathNot: notTest },
      { path: '^src/core/engine/' },
    ),
    rule(
      'approve-only-in-engine',
      'Only the engine asks risk for an approved order.',
      { path: '^src/', pathNot: ['^src/core/(engine|risk)/', notTest] },
      { path: '^src/core/risk/approve[.]ts$', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'sendable-only-at-the-gate',
      'The gate makes an order sendable and the port takes nothing else; whoever else can name it can forge it.',
      {
        path: '^src/',
        pathNot: [
          '^src/trading/order-(gate|executor)[.]ts$',
          '^src/exchange/(exchange[.]ts|bybit/)',
          notTest,
        ],
      },
      { path: '^src/core/domain/sendable-order[.]ts$' },
    ),
    rule(
      'the-gate-judges-by-itself',
      'What the gate knows it has from the exchange and its own counts; of the engine it sees events and decisions alone.',
      { path: ['^src/trading/order-gate[.]ts$', '^src/trading/gate-[a-z]+[.]ts$'] },
      { path: '^src/core/engine/', pathNot: '^src/core/engine/(event|decision)[.]ts$' },
    ),
    only(
      'api',
      ['core/(base|domain|signal|filter|risk|position)/', 'core/engine/settings[.]ts'],
      'Shapes only: the browser loads this.',
    ),
    only('platform', ['core/base/'], 'The ground of the shell knows no trading.'),
    only('access', ['core/base/', 'platform/', 'store/store[.]ts'], 'Permissions know no trading.'),
    only('exchange', ['core/(base|domain)/', 'platform/'], 'An adapter translates; it does not decide.'),
    only('venue', ['core/(base|domain|matching)/', 'platform/'], 'An exchange of our own knows no bot.'),
    only('store', ['core/', 'platform/'], 'Storage remembers; it does not decide.'),
    only('journal', ['core/', 'platform/'], 'The journal writes down and steps again; it decides nothing.'),
    only('backtest', ['core/', 'platform/', 'store/store.ts'], 'The past has no world.'),
    only('market', ['core/', 'platform/', ...ports], 'The feed sees ports, never adapters.'),
    only('trading', ['core/', 'platform/', ...ports], 'The executor sees ports, never adapters.'),
    rule(
      'http-takes-arguments',
      'Services reach http as arguments; only their types are imported.',
      { path: '^src/http/', pathNot: notTest },
      {
        path: '^src/',
        pathNot: paths(['http/', 'api/', 'core/', 'platform/', 'access/']),
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'adapters-are-strangers',
      'One adapter never imports another.',
      { path: '^src/(exchange/(?:bybit|binance|okx)|store/(?:sqlite|postgres))/' },
      { path: '^src/(?:exchange/(?:bybit|binance|okx)|store/(?:sqlite|postgres))/', pathNot: '^src/$1/' },
    ),
    rule(
      'app-is-the-top',
      'Only cli may import the wiring.',
      { path: '^src/', pathNot: ['^src/(app|cli)/', notTest] },
      { path: '^src/(app|cli)/' },
    ),
    rule(
      'cli-knows-app',
      'The door leads to the wiring and nowhere else.',
      { path: '^src/cli/', pathNot: notTest },
      { path: '^src/', pathNot: paths(['cli/', 'app/', 'core/base/']) },
    ),
    rule(
      'web-knows-api-only',
      'The browser sees wire shapes and nothing else.',
      { path: '^web/' },
      { path: '^src/', pathNot: '^src/api/' },
    ),
    rule(
      'no-dev-dependency',
      'Must run after npm ci --omit=dev.',
      { path: '^src/', pathNot: notTest },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'judges-are-strangers',
      'What judges a proof knows the exchange, not the one who is judged.',
      { path: '^test/prove/(?!subject/)' },
      { path: '^src/(trading|store|core/engine)/' },
    ),
    rule(
      'nothing-reaches-tests',
      'Tests reach anywhere; nothing reaches tests.',
      { path: '^(src|web)/', pathNot: notTest },
      { path: '(^test/|[.]test[.]ts$)' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    exclude: '^(dist|[.]cache)',
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
