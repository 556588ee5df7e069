/** How much of an instrument's past counts as unusual. */
export type ExitScamAggressiveness = 'conservative' | 'normal' | 'aggressive';

/** Thresholds of the pump and dump filter as an instrument's own past suggests them. */
export interface LearnedExitScam {
  /** Candles whose bodies are looked at. */
  readonly candles: number;
  /** Largest body of one candle, %. */
  readonly singlePct: number;
  /** Candles of the window whose whole move is looked at. */
  readonly multiCandles: number;
  /** Largest move of that window, %. */
  readonly multiPct: number;
}

/** The columns of closed candles that are learned from, oldest first. */
export interface OpenClose {
  readonly open: Float64Array;
  readonly close: Float64Array;
}

/** Share of the past that is usual, by aggressiveness. */
const USUAL_SHARE: Readonly<Record<ExitScamAggressiveness, number>> = {
  conservative: 0.99,
  normal: 0.95,
  aggressive: 0.9,
};

/** Longest look-back a lesson can give. The newest candles are what is judged by it, so they do not teach. */
const LOOK_BACK_MAX = 30;
const LOOK_BACK_MIN = 8;
const CANDLES_MIN = 50;
const WINDOW_MIN = 2;
const WINDOW_MAX = 12;
const SINGLE_PCT_MAX = 60;
const MULTI_PCT_MAX = 150;
/** Thresholds are multiples of this, %, and never below it. */
const PCT_STEP = 0.1;

/**
 * Learns what is usual for an instrument: percentiles of the bodies of its candles and of its moves over 2 to 12
 * candles. Of these windows the one is taken whose percentile stands out most against the square root of
 * its length: a random walk moves that much further in a longer window, so the largest move alone would
 * always pick the longest. Null with fewer than 50 candles before the newest 30, which are left out.
 */
export function learnExitScam(
  { open, close }: OpenClose,
  aggressiveness: ExitScamAggressiveness,
): LearnedExitScam | null {
  const rows = close.length - LOOK_BACK_MAX;
  if (rows < CANDLES_MIN || open.length !== close.length) return null;
  const share = USUAL_SHARE[aggressiveness];
  const past = { open: open.subarray(0, rows), close: close.subarray(0, rows) };
  let best = { candles: WINDOW_MIN, movePct: 0, excess: Number.NEGATIVE_INFINITY };
  for (let candles = WINDOW_MIN; candles <= WINDOW_MAX; candles += 1) {
    const movePct = percentile(movesPct(past, candles), share);
    const excess = movePct / Math.sqrt(candles);
    if (excess > best.excess) best = { candles, movePct, excess };
  }
  return {
    candles: Math.min(LOOK_BACK_MAX, Math.max(LOOK_BACK_MIN, 3 * best.candles)),
    singlePct: roundPct(percentile(movesPct(past, 1), share), SINGLE_PCT_MAX),
    multiCandles: best.candles,
    multiPct: roundPct(best.movePct, MULTI_PCT_MAX),
  };
}

/** How far price moved, either way, from each open to the close `candles` candles on, %. */
function movesPct({ open, close }: OpenClose, candles: number): Float64Array {
  const moves = new Float64Array(close.length - candles + 1);
  for (let row = 0; row < moves.length; row += 1) {
    const from = open[row] ?? Number.NaN;
    const to = close[row + candles - 1] ?? Number.NaN;
    moves[row] = Math.abs(to / from - 1) * 100;
  }
  return moves;
}

/** Between two ranks it interpolates; sorts `values` in place. */
function percentile(values: Float64Array, share: number): number {
  values.sort();
  const rank = share * (values.length - 1);
  const below = values[Math.floor(rank)] ?? Number.NaN;
  const above = values[Math.ceil(rank)] ?? Number.NaN;
  return below + (above - below) * (rank - Math.floor(rank));
}

function roundPct(pct: number, max: number): number {
  const steps = Math.round(pct / PCT_STEP);
  return Math.min(max, Math.max(PCT_STEP, Math.round(steps * PCT_STEP * 10) / 10));
}
