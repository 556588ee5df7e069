import { z } from 'zod';

/** Exit level of a long, RSI points. */
const highRsi = z.number().min(50).max(99);
/** Exit level of a short, RSI points. */
const lowRsi = z.number().min(1).max(50);

/** A share of the position to take off at a profit, once. */
const partialTakeProfitSchema = z.strictObject({
  /** Profit that takes it off, % of the entry price. */
  profitPct: z.number().min(0.1).max(1000),
  /** How much, % of the quantity entered. */
  sharePct: z.number().min(1).max(100),
});

export type PartialTakeProfit = z.infer<typeof partialTakeProfitSchema>;

/** When a position ends. Percentages are plain price moves from the entry, without leverage. */
const exitFieldsSchema = z.strictObject({
  /** Loss that closes, % of the entry price. 15 outlives the usual overshoot of an oversold coin. */
  stopLossPct: z.number().min(0.1).max(50).default(15),
  /** Profit that closes, % of the entry price; null for none. Far out: the RSI exit comes first. */
  takeProfitPct: z.number().min(0.1).max(1000).nullable().default(50),
  /** Shares taken off on the way, lowest profit first. None: a small position cannot be divided. */
  partialTakeProfits: z.array(partialTakeProfitSchema).max(10).default([]),

  /** Profit that arms break-even, % of the entry price; null for off. A trigger near 0 ends at the first pull-back. */
  breakEvenTriggerPct: z.number().min(0.5).max(1000).nullable().default(20),
  /** How many times the fees paid break-even lies beyond the entry: 2 pays both ways, the rest is slippage. */
  breakEvenFeeMultiple: z.number().min(0).max(20).default(2.5),

  /** Profit that wakes the trailing stop, % of the entry price; null for off. 0 would end at the first tick down. */
  trailingActivationPct: z.number().min(0.2).max(1000).nullable().default(30),
  /** How far the trailing stop stays behind the best price, %. */
  trailingDistancePct: z.number().min(0.1).max(50).default(5),
  /** How far the nearer trailing level, the take, stays behind the best price, %. Kept here, never at the exchange. */
  trailingTakePct: z.number().min(0.05).max(20).default(0.5),
  /** True: the price coming back to the take ends the position. Off: the take is shown, the stop ends. */
  trailingTakeCloses: z.boolean().default(false),
  /** Shortest time between two moves of the stop at the exchange, ms. Our own rule follows every price at once. */
  trailingUpdateMs: z.number().int().min(0).max(60_000).default(3000),

  /** Age that closes, hours; null for none. */
  positionHoursMax: z.number().min(0.1).max(10_080).nullable().default(null),
  /** A position is closed this long before its instrument leaves the exchange, hours: while there are buyers. */
  delistingExitHours: z.number().min(1).max(720).default(24),
  /** Closes before a funding payment above this share of the notional, %: a third of `fundingPctMaxPerDay` or more; null for off. */
  fundingExitPctMax: z.number().min(0.001).max(10).nullable().default(null),
  /** True: a trend turning against the position closes it. Off: an entry at an extreme waits for just that turn. */
  trendFlipExit: z.boolean().default(false),

  /** RSI that closes a long entered in an up trend. */
  rsiExitLongWithTrend: highRsi.default(65),
  /** RSI that closes any other long. */
  rsiExitLongAgainstTrend: highRsi.default(60),
  /** RSI that closes a short entered in a down trend. */
  rsiExitShortWithTrend: lowRsi.default(35),
  /** RSI that closes any other short. */
  rsiExitShortAgainstTrend: lowRsi.default(40),
  /** Closed candles a position must have lived through before RSI may end it. */
  rsiExitMinCandles: z.number().int().min(0).max(1000).default(0),
  /** Minutes it must have lived before RSI may end it; above 0 it speaks instead of the candles. */
  rsiExitMinMinutes: z.number().min(0).max(100_000).default(0),
  /** How far price must have moved, either way, before RSI may end it, % of the entry price. */
  rsiExitMinMovePct: z.number().min(0).max(100).default(0),
  /** True: an RSI exit at a loss waits until the position is back at a profit; its stop still applies. */
  rsiExitWaitBreakEven: z.boolean().default(false),
});

type ExitFields = z.infer<typeof exitFieldsSchema>;

/** The exit settings, with what must agree between them. */
export const exitSettingsSchema = exitFieldsSchema.superRefine((settings, context) => {
  const complain = (path: keyof ExitFields, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  const { trailingActivationPct, trailingDistancePct, trailingTakePct } = settings;
  if (trailingActivationPct !== null && trailingDistancePct >= trailingActivationPct) {
    complain(
      'trailingDistancePct',
      `The trailing distance, ${trailingDistancePct} %, must be below trailingActivationPct, ${trailingActivationPct} %: the stop would start at a loss.`,
    );
  }
  if (trailingTakePct >= trailingDistancePct) {
    complain(
      'trailingTakePct',
      `The trailing take, ${trailingTakePct} %, must be nearer than trailingDistancePct, ${trailingDistancePct} %.`,
    );
  }
  const fault = partialsFault(settings);
  if (fault !== null) complain('partialTakeProfits', fault);
});

export type ExitSettings = z.infer<typeof exitSettingsSchema>;

/** What is wrong with the list of partial take-profits, as a sentence; null when nothing is. */
function partialsFault({ partialTakeProfits, takeProfitPct }: ExitFields): string | null {
  const last = partialTakeProfits.at(-1);
  if (last === undefined) return null;
  const ascend = partialTakeProfits.every(
    ({ profitPct }, index) => profitPct > (partialTakeProfits[index - 1]?.profitPct ?? 0),
  );
  if (!ascend) return 'Partial take-profits go from the lowest profit to the highest, each once.';
  const sharePct = partialTakeProfits.reduce((sum, partial) => sum + partial.sharePct, 0);
  if (sharePct > 100) return `Partial take-profits take off ${sharePct} %, a position has 100 %.`;
  if (takeProfitPct === null || last.profitPct < takeProfitPct) return null;
  return `A partial take-profit at ${last.profitPct} % never comes: takeProfitPct closes at ${takeProfitPct} %.`;
}
