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
  'filter.cool-down.waiting': 'Waiting after a failure',
  'filter.value.not-a-number': 'Not measurable',
  'risk.size.below-quantity-min': 'Below the smallest quantity',
  'risk.size.below-notional-min': 'Below the smallest order',
  'risk.size.above-quantity-max': 'Above the largest order',
  'risk.size.no-price': 'No usable price',
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
  trend: 'Trend',
  maturity: 'Maturity',
  'cool-down': 'Cool-down',
};

const EXITS: Readonly<Record<string, string>> = {
  'stop-loss': 'Stop',
  'take-profit': 'Take-profit',
  'rsi-exit': 'RSI exit',
  manual: 'Closed by hand',
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
