/** Why a veto or an exit never shows in recorded candles; what is not named here must show. */
export const NEVER_FIRED: Readonly<Record<string, string>> = {
  'filter.trading-switch.off': 'A person’s switch; no walk turns it off.',
  'filter.entries-allowed.refused': 'The wiring’s word; a walk always allows entries.',
  'filter.instrument.delisting': 'A file ends without an announcement: the instrument is closed at once.',
  'filter.data.feed-lost': 'Recorded candles have no feed to lose.',
  'filter.data.gap': 'A file with a gap is refused when it is read.',
  'filter.data.stale': 'The walk decides at the close; nothing is late.',
  'filter.data.unclosed': 'The walk decides at the close; nothing is early.',
  'filter.value.not-a-number': 'No measured value is ever none; it guards against a broken rule.',
  'filter.chain.failed': 'No filter fails; it guards against a broken one.',
  'filter.cool-down.waiting':
    'Follows a refused entry; the next open never lies beyond an entry’s own stop here.',
  'filter.rsi-time.no-extreme': 'The signal’s own candle is at its extreme, so one is always found.',
  'filter.exit-scam.too-few': 'RSI needs more candles than the window it looks at.',
  'filter.rsi-recheck.unknown': 'A candidate has an RSI, and the walk tells its price.',
  'filter.rsi-recheck.gone': 'The walk enters at the close itself: no price has moved since.',
  'filter.quarantine.waiting':
    'A recorded candle opens where the one before closed; an unsound file is refused.',
  'filter.liquidity.unknown': 'The walk tells the turnover of every candidate.',
  'filter.spread.wide': 'Bid and ask stand as far apart as orders slip, 0.04 % here.',
  'partial-take-profit': 'Takes off a part, as the rules below show; what ends the rest is counted here.',
  manual: 'A person closes; no walk has one.',
  liquidation: 'Stops stand far before liquidation at the leverage of the walks.',
  deleveraging: 'An exchange’s emergency; the simulated one has none.',
  delisting: 'Needs an announced delivery; a file ends without one.',
  'stop-loss': 'The stop at the exchange is always there and acts first.',
  'take-profit': 'The take-profit at the exchange is always there and acts first.',
};
