/** What the chart is drawn from: closed candles, oldest first, and the RSI at each; null in warm-up. */
export interface ChartFigures {
  readonly candles: readonly {
    readonly openTimeMs: number;
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
  }[];
  readonly rsi: ReadonlyMap<number, number | null>;
}

/** A price worth a line of its own. */
export interface PriceLevel {
  readonly kind: 'entry' | 'stop' | 'now';
  readonly price: number;
}

/** Where the parts of the chart lie, px from its upper left corner. */
export interface ChartPlan {
  /** Right edge of what is drawn; the labels of the levels stand beyond. */
  readonly right: number;
  readonly candleWidth: number;
  readonly candles: readonly CandlePlan[];
  readonly levels: readonly (PriceLevel & { readonly y: number; readonly labelY: number })[];
  /** SVG path of the RSI; broken where it is not known. */
  readonly rsiPath: string;
}

interface CandlePlan {
  readonly openTimeMs: number;
  readonly x: number;
  readonly high: number;
  readonly low: number;
  readonly bodyTop: number;
  readonly bodyHeight: number;
  readonly isUp: boolean;
}

/** Heights of the two panes and the gap between them, px. */
export const PRICE_HEIGHT = 132;
export const RSI_TOP = 144;
export const RSI_HEIGHT = 56;
export const CHART_HEIGHT = RSI_TOP + RSI_HEIGHT;

const LABELS_WIDTH = 110;
/** Labels closer than this would run into each other. */
const LABEL_GAP = 12;
const PRICE_PADDING = 6;

/** Places everything for a chart of `width` px. Null without a candle. */
export function chartPlan(
  figures: ChartFigures,
  levels: readonly PriceLevel[],
  width: number,
): ChartPlan | null {
  const { candles, rsi } = figures;
  if (candles.length === 0) return null;
  const right = Math.max(LABELS_WIDTH, width - LABELS_WIDTH);
  const step = right / candles.length;
  const yOf = priceScale(figures, levels);
  const xOf = (index: number) => (index + 0.5) * step;
  return {
    right,
    candleWidth: Math.max(1, step * 0.66),
    candles: candles.map((candle, index) => {
      const bodyTop = yOf(Math.max(candle.open, candle.close));
      const bodyBottom = yOf(Math.min(candle.open, candle.close));
      return {
        openTimeMs: candle.openTimeMs,
        x: xOf(index),
        high: yOf(candle.high),
        low: yOf(candle.low),
        bodyTop,
        bodyHeight: Math.max(1, bodyBottom - bodyTop),
        isUp: candle.close >= candle.open,
      };
    }),
    levels: spread(levels.map((level) => ({ ...level, y: yOf(level.price) }))),
    rsiPath: pathOf(
      candles.map(({ openTimeMs }, index) => {
        const value = rsi.get(openTimeMs) ?? null;
        return value === null ? null : { x: xOf(index), y: rsiY(value) };
      }),
    ),
  };
}

/** Height of an RSI value in the lower pane. */
export function rsiY(value: number): number {
  return RSI_TOP + RSI_HEIGHT * (1 - value / 100);
}

/** Every candle and every level fits; a market that stood still lies in the middle. */
function priceScale({ candles }: ChartFigures, levels: readonly PriceLevel[]): (price: number) => number {
  const prices = levels.map(({ price }) => price);
  const top = Math.max(...prices, ...candles.map(({ high }) => high));
  const bottom = Math.min(...prices, ...candles.map(({ low }) => low));
  const room = PRICE_HEIGHT - 2 * PRICE_PADDING;
  if (top === bottom) return () => PRICE_HEIGHT / 2;
  return (price) => PRICE_PADDING + (room * (top - price)) / (top - bottom);
}

/** Labels from the top down, each below the one before; pushed up again where they would leave the pane. */
function spread<T extends { readonly y: number }>(levels: readonly T[]): (T & { readonly labelY: number })[] {
  const fromTop = [...levels].sort((a, b) => a.y - b.y);
  const lowest = PRICE_HEIGHT - LABEL_GAP * (fromTop.length - 1);
  let next = Number.NEGATIVE_INFINITY;
  return fromTop.map((level, index) => {
    const labelY = Math.min(Math.max(level.y, next), lowest + LABEL_GAP * index);
    next = labelY + LABEL_GAP;
    return { ...level, labelY };
  });
}

function pathOf(points: readonly ({ readonly x: number; readonly y: number } | null)[]): string {
  let isDrawing = false;
  const parts: string[] = [];
  for (const point of points) {
    if (point !== null) parts.push(`${isDrawing ? 'L' : 'M'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`);
    isDrawing = point !== null;
  }
  return parts.join('');
}
