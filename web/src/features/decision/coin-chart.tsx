import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { CoinRow } from '../../../../src/api/coin.ts';
import type { PositionRow } from '../../../../src/api/position.ts';
import type { Client } from '../../client.ts';
import { dateAndTime, price, rsi } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { usePage } from '../../page-context.ts';
import { useConfig } from '../auto-bot/use-config.ts';
import {
  CHART_HEIGHT,
  type ChartPlan,
  chartPlan,
  type PriceLevel,
  RSI_HEIGHT,
  RSI_TOP,
  rsiY,
} from './chart-geometry.ts';
import { DECISION_TEXT } from './text.ts';
import './chart.css';

const TEXT = DECISION_TEXT.chart;

/** Candles drawn: what fits with a body that can be seen. */
const CANDLES = 90;

/** The coin's last closed candles and their RSI, with the lines a decision is made at. */
export function CoinChart({ row }: { readonly row: CoinRow }) {
  const { client } = usePage();
  const { ref, width } = useElementSize();
  const query = useQuery({
    // A candle that closed is another picture; until it is read the one before stays.
    queryKey: ['chart', row.symbol, row.candleOpenTimeMs],
    queryFn: () => Promise.all([client.candles(row.symbol, CANDLES), client.rsi(row.symbol, CANDLES)]),
    placeholderData: (before) => before,
  });
  const [candles, points] = query.data ?? [];
  const isRead = candles !== undefined && points !== undefined && candles.symbol === row.symbol;
  return (
    <figure className="chart" ref={ref} style={{ minHeight: `${CHART_HEIGHT}px` }}>
      {isRead && width > 0 && <Drawing row={row} candles={candles} points={points} width={width} />}
      {!isRead && query.error !== null && <p className="dim">{TEXT.failed}</p>}
    </figure>
  );
}

interface DrawingProps {
  readonly row: CoinRow;
  readonly candles: Awaited<ReturnType<Client['candles']>>;
  readonly points: Awaited<ReturnType<Client['rsi']>>;
  readonly width: number;
}

function Drawing({ row, candles: { candles, timeframe }, points, width }: DrawingProps) {
  const positions = useCell(usePage().live.positions);
  const position = positions?.rows.find(({ symbol }) => symbol === row.symbol);
  const known = new Map(points.points.map(({ openTimeMs, rsi: value }) => [openTimeMs, value]));
  const plan = chartPlan({ candles, rsi: known }, levelsOf(row, position), width);
  const first = candles[0];
  const last = candles.at(-1);
  if (plan === null || first === undefined || last === undefined) return <p className="dim">{TEXT.none}</p>;
  const span = TEXT.span(timeframe, dateAndTime(first.openTimeMs), dateAndTime(last.openTimeMs));
  return (
    <>
      <svg height={CHART_HEIGHT} width={width} role="img" aria-label={TEXT.label(row.symbol, span)}>
        <PricePane plan={plan} />
        <RsiPane plan={plan} rsi={row.rsi} />
      </svg>
      <figcaption className="dim">{span}</figcaption>
    </>
  );
}

function levelsOf(row: CoinRow, position: PositionRow | undefined): readonly PriceLevel[] {
  const levels: PriceLevel[] = row.price === null ? [] : [{ kind: 'now', price: row.price }];
  if (position === undefined) return levels;
  if (position.entryPrice !== null) levels.push({ kind: 'entry', price: Number(position.entryPrice) });
  levels.push({ kind: 'stop', price: Number(position.stopPrice) });
  return levels;
}

function PricePane({ plan }: { readonly plan: ChartPlan }) {
  const { candles, candleWidth, levels, right } = plan;
  return (
    <>
      {candles.map((candle) => (
        <g key={candle.openTimeMs} className={candle.isUp ? 'candle-up' : 'candle-down'}>
          <line x1={candle.x} x2={candle.x} y1={candle.high} y2={candle.low} />
          <rect
            x={candle.x - candleWidth / 2}
            y={candle.bodyTop}
            width={candleWidth}
            height={candle.bodyHeight}
          />
        </g>
      ))}
      {levels.map((level) => (
        <g key={level.kind} className={`level level-${level.kind}`}>
          <line x1={0} x2={right} y1={level.y} y2={level.y} />
          <text x={right + 6} y={level.labelY} dominantBaseline="middle">
            {TEXT.level[level.kind]} {price(level.price)}
          </text>
        </g>
      ))}
    </>
  );
}

function RsiPane({ plan, rsi: now }: { readonly plan: ChartPlan; readonly rsi: number | null }) {
  const { config } = useConfig();
  const { right } = plan;
  return (
    <>
      <rect className="rsi-pane" y={RSI_TOP} width={right} height={RSI_HEIGHT} />
      {config !== undefined && (
        <>
          <Zone kind="short" from={100} to={config.signal.rsiShortMin} right={right} />
          <Zone kind="long" from={config.signal.rsiLongMax} to={0} right={right} />
        </>
      )}
      <path className="rsi-line" d={plan.rsiPath} />
      <text className="rsi-now" x={right + 6} y={RSI_TOP + RSI_HEIGHT / 2} dominantBaseline="middle">
        {TEXT.rsi} {rsi(now)}
      </text>
    </>
  );
}

interface ZoneProps {
  readonly kind: 'long' | 'short';
  /** Upper and lower edge, RSI points. */
  readonly from: number;
  readonly to: number;
  readonly right: number;
}

/** Where a signal begins, named by its threshold. */
function Zone({ kind, from, to, right }: ZoneProps) {
  const threshold = kind === 'long' ? from : to;
  return (
    <g className={`zone zone-${kind}`}>
      <rect y={rsiY(from)} width={right} height={rsiY(to) - rsiY(from)} />
      <line x1={0} x2={right} y1={rsiY(threshold)} y2={rsiY(threshold)} />
      <text x={right + 6} y={kind === 'long' ? rsiY(0) - 5 : rsiY(100) + 5} dominantBaseline="middle">
        {TEXT.zone[kind]} {threshold}
      </text>
    </g>
  );
}
