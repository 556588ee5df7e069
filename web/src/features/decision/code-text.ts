/**
 * Codes of filters, risk and engine in words, short enough for a table cell. A code that is not listed here is
 * told by its own last word, so that one added on the server is never hidden.
 */
const CODES: Readonly<Record<string, string>> = {
  'filter.trading-switch.off': 'Trading switched off',
  'filter.entries-allowed.refused': 'Entries held back',
  'filter.instrument.not-trading': 'Not traded now',
  'filter.instrument.delisting': 'Delisting announced',
  'filter.scope.not-whitelisted': 'Not on the whitelist',
  'filter.scope.blacklisted': 'On the blacklist',
  'filter.data.feed-lost': 'Feed lost',
  'filter.data.too-few': 'Too few candles',
  'filter.data.gap': 'Candles missing',
  'filter.data.stale': 'Candles too old',
  'filter.data.unclosed': 'Candle not closed',
  'filter.trend.down': 'Trend is down',
  'filter.trend.up': 'Trend is up',
  'filter.trend.unknown': 'No trend yet',
  'filter.maturity.off': 'Not checked: maturity is off',
  'filter.maturity.too-young': 'Too young',
  'filter.maturity.low-unseen': 'RSI was never low',
  'filter.maturity.high-unseen': 'RSI was never high',
  'filter.cool-down.waiting': 'Waiting after a failure or a close by hand',
  'filter.adaptive-level.off': 'Not checked: levels are fixed',
  'filter.adaptive-level.unknown': 'Volatility unknown',
  'filter.adaptive-level.not-deep': 'Not deep enough for this volatility',
  'filter.signal-confirmation.off': 'Not checked: confirmation is off',
  'filter.signal-confirmation.unknown': 'Too few candles to confirm',
  'filter.signal-confirmation.no-divergence': 'No divergence',
  'filter.signal-confirmation.long-extreme': 'Stays at the extreme, unconfirmed',
  'filter.rsi-time.off': 'Not checked: RSI time is off',
  'filter.rsi-time.too-few': 'Too few RSI values',
  'filter.rsi-time.no-extreme': 'RSI was not at its extreme',
  'filter.rsi-time.missed': 'RSI has left its calm',
  'filter.rsi-time.wait': 'RSI not calm for long enough',
  'filter.exit-scam.off': 'Not checked: pumps and dumps are let by',
  'filter.exit-scam.too-few': 'Too few candles for pumps and dumps',
  'filter.exit-scam.candle': 'Pump or dump in one candle',
  'filter.exit-scam.move': 'Pump or dump over candles',
  'filter.rsi-recheck.off': 'Not checked: RSI re-check is off',
  'filter.rsi-recheck.unknown': 'No price for the RSI re-check',
  'filter.rsi-recheck.gone': 'RSI has come back since',
  'filter.loss-reentry.off': 'Not checked: losses are not waited out',
  'filter.loss-reentry.waiting': 'Waiting after a loss',
  'filter.quarantine.off': 'Not checked: quarantine is off',
  'filter.quarantine.waiting': 'Candles not to be trusted',
  'filter.liquidity.off': 'Not checked: liquidity is off',
  'filter.liquidity.unknown': 'Turnover unknown',
  'filter.liquidity.thin': 'Too little traded',
  'filter.spread.off': 'Not checked: spread is off',
  'filter.spread.unknown': 'No fresh bid and ask',
  'filter.spread.wide': 'Spread too wide',
  'filter.spread.not-quoted': 'No quotes on this market',
  'filter.volatility.off': 'Not checked: volatility is off',
  'filter.volatility.unknown': 'Volatility unknown',
  'filter.volatility.low': 'Moves too little',
  'filter.volatility.high': 'Moves too much',
  'filter.funding-cost.off': 'Not checked: funding is off',
  'filter.funding-cost.unknown': 'Funding unknown',
  'filter.funding-cost.high': 'Funding too dear',
  'filter.funding-cost.not-told': 'No funding on this market',
  'filter.correlation.off': 'Not checked: correlation is off',
  'filter.correlation.same-bet': 'Same bet as open positions',
  'filter.chain.not-evaluated': 'Blocked already',
  'filter.chain.failed': 'Filter failed',
  'filter.value.not-a-number': 'Not measurable',
  'risk.size.below-quantity-min': 'Below the smallest quantity',
  'risk.size.below-notional-min': 'Below the smallest order',
  'risk.size.above-quantity-max': 'Above the largest order',
  'risk.size.no-price': 'No usable price',
  'risk.size.no-quantity': 'No quantity set',
  'risk.size.partial-below-minimum': 'Too small to sell in parts',
  'risk.limit.margin': 'Too little balance for the margin',
  'risk.limit.daily-loss': 'Loss limit of the day',
  'risk.limit.daily-loss-unknown': 'Loss of the day unknown',
  'exit.rsi-exit.too-young': 'RSI exit: too young',
  'exit.rsi-exit.small-move': 'RSI exit: moved too little',
  'exit.rsi-exit.waits': 'RSI exit waits for a profit',
  'exit.rsi-exit.recovered': 'Back at a profit',
  'exit.partial.skipped': 'Partial exit left out',
  'risk.limit.positions-max': 'All positions taken',
  'risk.limit.exposure': 'Exposure limit',
  'risk.limit.leverage': 'Leverage not allowed',
  'risk.limit.equity-unknown': 'Equity unknown',
  'risk.limit.equity-gone': 'No equity',
  'risk.limit.account-stale': 'Account reading too old',
  'risk.stop.not-protective': 'Stop would not protect',
  'risk.stop.beyond-liquidation': 'Liquidation before the stop',
  'engine.entry.no-lease': 'Account not held',
  'engine.entry.bot-paused': 'Bot is paused',
  'engine.entry.other-direction': 'Other direction only',
  'engine.entry.no-bot': 'Auto Bot is off',
  'engine.entry.occupied': 'Already in position',
  'engine.entry.foreign-position': 'Foreign position there',
  'engine.entry.attempted': 'Signal already tried',
  'engine.entry.failed': 'Entry failed',
};

const FILTERS: Readonly<Record<string, string>> = {
  'trading-switch': 'Trading switch',
  'entries-allowed': 'Entries allowed',
  instrument: 'Instrument status',
  scope: 'Lists and scope',
  data: 'Fresh data',
  'adaptive-level': 'Adaptive RSI level',
  'signal-confirmation': 'Confirmation',
  trend: 'Trend',
  maturity: 'Maturity',
  'rsi-time': 'RSI time',
  'exit-scam': 'Pump and dump',
  'rsi-recheck': 'RSI re-check',
  'loss-reentry': 'Losses lately',
  'cool-down': 'Cool-down',
  quarantine: 'Quarantine',
  liquidity: 'Liquidity',
  spread: 'Spread',
  volatility: 'Volatility',
  'funding-cost': 'Funding cost',
  correlation: 'Correlation',
};

const EXITS: Readonly<Record<string, string>> = {
  'stop-loss': 'Stop',
  'take-profit': 'Take-profit',
  'partial-take-profit': 'Partial take-profit',
  'trailing-stop': 'Trailing stop',
  'break-even': 'Break-even',
  'time-limit': 'Too old',
  'rsi-exit': 'RSI exit',
  'trend-flip': 'Trend turned',
  funding: 'Funding too dear',
  delisting: 'Delisting',
  manual: 'Closed by hand',
  'late-fill': 'Filled too late',
  'stop-unconfirmed': 'No confirmed stop',
  'exchange-stop': 'Stop at the exchange',
  'exchange-take-profit': 'Take-profit at the exchange',
  liquidation: 'Liquidation',
  deleveraging: 'Deleveraged by the exchange',
  external: 'Closed outside',
};

/** What a code says, as a few words. */
export function codeText(code: string): string {
  if (code.endsWith('.pass')) return 'Passed';
  const known = CODES[code];
  if (known !== undefined) return known;
  const words = code.split('.').slice(1);
  return words.length === 0 ? plain(code) : plain(words.join(': '));
}

/** A filter's name for people. */
export function filterText(filter: string): string {
  return FILTERS[filter] ?? plain(filter);
}

/** Why a position ended, for people. */
export function exitText(reason: string): string {
  return EXITS[reason] ?? plain(reason);
}

function plain(text: string): string {
  const spaced = text.replaceAll('-', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
