import { z } from 'zod';
import { wholeName } from '../domain/typed-name.ts';

/** However a coin was typed, the list holds the instrument's name: another spelling would never match. */
const instrumentName = z
  .string()
  .overwrite(wholeName)
  .regex(/^[A-Z0-9]{2,40}$/);
const instrumentList = z.array(instrumentName).max(2000);

/** Reasons not to enter. Each group is read by the filter of the same name; null is off. */
export const filterSettingsSchema = z
  .strictObject({
    /** False blocks every entry; exits go on. */
    tradingEnabled: z.boolean().default(true),
    /** `all`: the blacklist blocks. `whitelist`: only its members. `blacklist`: all but its members. */
    scope: z.enum(['all', 'whitelist', 'blacklist']).default('all'),
    /** Instruments that may be entered while the scope is `whitelist`; they also rank first. Empty: a choice of a person. */
    whitelist: instrumentList.default([]),
    /** Instruments never entered, whatever the scope. Empty: a choice of a person. */
    blacklist: instrumentList.default([]),
    /** No long while the trend is down. Off: an oversold instrument is nearly always in a down trend. */
    avoidDownTrend: z.boolean().default(false),
    /** No short while the trend is up. Off for the mirrored reason. */
    avoidUpTrend: z.boolean().default(false),
    /** True keeps instruments out that have not shown enough candles and both RSI extremes. */
    maturityEnabled: z.boolean().default(true),
    /** Closed candles an instrument must have shown. */
    maturityCandlesMin: z.number().int().min(50).max(1000).default(200),
    /** RSI must have been at or below this, RSI points. */
    maturityRsiLowMax: z.number().min(10).max(50).default(35),
    /** RSI must have been at or above this, RSI points. */
    maturityRsiHighMin: z.number().min(50).max(90).default(65),

    /** Enter only where RSI went to its extreme and has stayed near it: a knife that still falls is let go by. */
    rsiTimeEnabled: z.boolean().default(true),
    /** Candles RSI must have stayed near its extreme, the first there included. 4 holds back half of all signals. */
    rsiTimeCandles: z.number().int().min(1).max(48).default(4),
    /** A short's calm ends below this, RSI points; halfway between the extreme and the middle. */
    rsiTimeUpper: z.number().min(50).max(100).default(65),
    /** A long's calm ends above this, RSI points. */
    rsiTimeLower: z.number().min(0).max(50).default(35),
    /** True: the extreme must lie exactly `rsiTimeCandles` back. Off: it nearly never does, chance decides. */
    rsiTimeStrict: z.boolean().default(false),

    /** No entry where price was pumped or dumped lately, whichever way. */
    exitScamEnabled: z.boolean().default(true),
    /** Candles whose bodies are looked at. */
    exitScamCandles: z.number().int().min(1).max(50).default(8),
    /** Largest body of one candle, %; an ordinary 6-hour candle stays below 5. */
    exitScamSinglePct: z.number().min(0.01).max(100).default(15),
    /** Candles of the window whose whole move is looked at. */
    exitScamMultiCandles: z.number().int().min(2).max(20).default(4),
    /** Largest move of that window, %. */
    exitScamMultiPct: z.number().min(0.01).max(200).default(50),
    /** Takes the thresholds from the instrument's own past. Off: what it calls usual is not yet proven. */
    exitScamAutoLearnEnabled: z.boolean().default(false),
    /** How much of the past counts as unusual: 1, 5 or 10 %. That holds back a quarter of all signals, or most. */
    exitScamAggressiveness: z.enum(['conservative', 'normal', 'aggressive']).default('conservative'),

    /** Looks at RSI once more with the newest price: between a close and an entry the extreme may be over. */
    rsiRecheckEnabled: z.boolean().default(true),
    /** How far RSI may have come back by then, RSI points: a few ticks move it by 1, a lost extreme by 5. */
    rsiRecheckSlack: z.number().min(0).max(20).default(3),

    /** Waits after losses on the same instrument instead of repeating them. */
    lossReentryEnabled: z.boolean().default(true),
    /** Closed positions in a row that must all have lost. */
    lossReentryCount: z.number().int().min(1).max(5).default(1),
    /** Whole candles to wait after the last of them. */
    lossReentryCandles: z.number().int().min(1).max(100).default(3),

    /** Candles to wait after a person closed a position of ours, here or at the exchange; 0: none. */
    handCloseCandles: z.number().int().min(0).max(100).default(3),

    /** Keeps an instrument out whose candles were refused or jumped again and again. */
    quarantineEnabled: z.boolean().default(true),
    /** Faults that send it there; one is bad luck, three are not. */
    quarantineFaultsMin: z.number().int().min(1).max(8).default(3),
    /** They count when they lie within this many candles. */
    quarantineCandles: z.number().int().min(1).max(200).default(24),
    /** Candles it stays there after the last fault: one RSI window, so that none of it is left inside. */
    quarantineWaitCandles: z.number().int().min(1).max(200).default(14),
    /** An open this far from the close before is a fault, %: a perpetual trades without pause. */
    quarantineJumpPct: z.number().min(1).max(100).default(20),

    /** Least turnover of 24 hours, USDT: below it a stop of a few hundred USDT moves the price itself. */
    liquidityTurnoverMinUsdt: z.number().min(0).max(1e9).nullable().default(500_000),
    /** Largest distance of bid and ask, % of the middle: it is paid once, at three times the taker fee. */
    spreadPctMax: z.number().min(0.001).max(10).nullable().default(0.2),

    /** Least average true range, % of price. Off: what is little depends on the timeframe. */
    volatilityPctMin: z.number().min(0.001).max(50).nullable().default(null),
    /** Largest average true range, % of price. Off for the same reason. */
    volatilityPctMax: z.number().min(0.01).max(100).nullable().default(null),

    /** Most funding the position may pay in a day, %: the usual rate costs 0.03. */
    fundingPctMaxPerDay: z.number().min(0).max(10).nullable().default(0.3),

    /** Candles whose returns are compared with those of the open positions. */
    correlationCandles: z.number().int().min(20).max(500).default(60),
    /** From here on two instruments are one bet. Most coins follow the market at 0.5 to 0.7. */
    correlationMax: z.number().min(0).max(1).default(0.8),
    /** Open positions that may be the same bet already; null is off. */
    correlationPositionsMax: z.number().int().min(0).max(50).nullable().default(2),
  })
  .refine(
    ({ volatilityPctMin, volatilityPctMax }) =>
      volatilityPctMin === null || volatilityPctMax === null || volatilityPctMin < volatilityPctMax,
    { path: ['volatilityPctMin'], message: 'volatilityPctMin is below volatilityPctMax' },
  );

export type FilterSettings = z.infer<typeof filterSettingsSchema>;
