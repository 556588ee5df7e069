import { riskSettingsSchema } from '../../core/risk/settings.ts';
import { exitPair } from './exit-pair-rule.ts';
import type { KeyRule } from './key-rule.ts';
import { ladderRungsRule, ladderSwitchRule } from './ladder-rules.ts';
import { atLeast, atMost, coinList, same, seconds, zeroIsNone, zeroIsOff } from './plain-rules.ts';
import { breakEvenRule, takeProfitRule, trailingRule } from './protection-rules.ts';
import { sizingRule } from './sizing-rule.ts';

/** The most we allow: a higher number is lowered, for less risk is what a person can undo. */
const LEVERAGE_MAX = riskSettingsSchema.shape.leverage.unwrap().maxValue ?? 1;
const POSITIONS_MAX = riskSettingsSchema.shape.positionsMax.unwrap().maxValue ?? 1;

const MODE_NAMES = ['default_position_mode', 'volume_mode'] as const;
const SIZE_NAMES = ['default_position_size', 'volume_value'] as const;

/** What a bot, a coin and Auto Bot can say alike. */
const SHARED: readonly KeyRule[] = [
  same('signal.rsiLongMax', 'rsi_long_threshold'),
  same('signal.rsiShortMin', 'rsi_short_threshold'),
  same('signal.trendLength', 'trend_analysis_period'),
  same('signal.trendChangePct', 'trend_price_change_threshold'),
  {
    ...same('signal.trendSharePct', 'trend_candles_threshold'),
    how: 'as it is; the share must agree with the change here, so that 70 reads neutral nearly always',
  },
  same('filter.tradingEnabled', 'trading_enabled'),
  same('filter.avoidDownTrend', 'avoid_down_trend'),
  same('filter.avoidUpTrend', 'avoid_up_trend'),
  same('filter.maturityEnabled', 'enable_maturity_check'),
  same('filter.maturityCandlesMin', 'min_candles_for_maturity'),
  same('filter.maturityRsiLowMax', 'min_rsi_low'),
  same('filter.maturityRsiHighMin', 'max_rsi_high'),
  same('filter.rsiTimeEnabled', 'rsi_time_filter_enabled'),
  atLeast(1, 'filter.rsiTimeCandles', 'rsi_time_filter_candles'),
  same('filter.rsiTimeUpper', 'rsi_time_filter_upper'),
  same('filter.rsiTimeLower', 'rsi_time_filter_lower'),
  same('filter.exitScamEnabled', 'exit_scam_enabled'),
  same('filter.exitScamCandles', 'exit_scam_candles'),
  same('filter.exitScamSinglePct', 'exit_scam_single_candle_percent'),
  same('filter.exitScamMultiCandles', 'exit_scam_multi_candle_count'),
  same('filter.exitScamMultiPct', 'exit_scam_multi_candle_percent'),
  same('filter.exitScamAutoLearnEnabled', 'exit_scam_auto_learn_enabled'),
  same('filter.lossReentryEnabled', 'loss_reentry_protection'),
  same('filter.lossReentryCount', 'loss_reentry_count'),
  same('filter.lossReentryCandles', 'loss_reentry_candles'),
  atMost(LEVERAGE_MAX, 'risk.leverage', 'leverage'),
  ladderSwitchRule,
  ladderRungsRule,
  same('exit.stopLossPct', 'max_loss_percent'),
  takeProfitRule,
  trailingRule,
  breakEvenRule,
  zeroIsNone('exit.trailingTakePct', 'trailing_take_distance', 'exit.trailingTakeCloses'),
  seconds('exit.trailingUpdateMs', 'trailing_update_interval'),
  zeroIsOff('exit.positionHoursMax', 'max_position_hours'),
  same('exit.rsiExitLongWithTrend', 'rsi_exit_long_with_trend'),
  same('exit.rsiExitLongAgainstTrend', 'rsi_exit_long_against_trend'),
  same('exit.rsiExitShortWithTrend', 'rsi_exit_short_with_trend'),
  same('exit.rsiExitShortAgainstTrend', 'rsi_exit_short_against_trend'),
  exitPair(
    'rsi_exit_long',
    { key: 'rsi_exit_long_with_trend', path: 'exit.rsiExitLongWithTrend' },
    { key: 'rsi_exit_long_against_trend', path: 'exit.rsiExitLongAgainstTrend' },
  ),
  exitPair(
    'rsi_exit_short',
    { key: 'rsi_exit_short_with_trend', path: 'exit.rsiExitShortWithTrend' },
    { key: 'rsi_exit_short_against_trend', path: 'exit.rsiExitShortAgainstTrend' },
  ),
  same('exit.rsiExitMinCandles', 'rsi_exit_min_candles'),
  same('exit.rsiExitMinMinutes', 'rsi_exit_min_minutes'),
  same('exit.rsiExitMinMovePct', 'rsi_exit_min_move_percent'),
  same('exit.rsiExitWaitBreakEven', 'exit_wait_breakeven_when_loss'),
];

/** Keys of `auto_bot_config.json` and of one coin, in the order they are written. */
export const AUTO_BOT_RULES: readonly KeyRule[] = [
  same('timeframe', 'system_timeframe'),
  atMost(POSITIONS_MAX, 'risk.positionsMax', 'max_concurrent'),
  same('filter.scope', 'scope'),
  coinList('filter.whitelist', 'whitelist'),
  coinList('filter.blacklist', 'blacklist'),
  sizingRule(MODE_NAMES, SIZE_NAMES),
  ...SHARED,
];

/** Keys of a bot in `bots_state.json`. */
export const BOT_RULES: readonly KeyRule[] = [
  sizingRule(MODE_NAMES.toReversed(), SIZE_NAMES.toReversed()),
  ...SHARED,
];

/** Keys of `system_config.json`. */
export const SYSTEM_RULES: readonly KeyRule[] = [
  same('signal.trendConfirmCandles', 'trend_confirmation_bars'),
  same('signal.confirmEnabled', 'enhanced_rsi_enabled'),
  same('signal.confirmVolumeCounted', 'enhanced_rsi_require_volume_confirmation'),
  same('signal.confirmDivergenceRequired', 'enhanced_rsi_require_divergence_confirmation'),
  same('signal.confirmStochRsiCounted', 'enhanced_rsi_use_stoch_rsi'),
  same('signal.rsiExtremeCandlesMax', 'rsi_extreme_zone_timeout'),
  same('signal.rsiExtremeLow', 'rsi_extreme_oversold'),
  same('signal.rsiExtremeHigh', 'rsi_extreme_overbought'),
  same('signal.volumeConfirmMultiple', 'rsi_volume_confirmation_multiplier'),
  same('signal.divergenceCandles', 'rsi_divergence_lookback'),
];
