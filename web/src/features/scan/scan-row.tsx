import type { CoinRow } from '../../../../src/api/coin.ts';
import { compact, count, NONE, price, shownSign, signedPct } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { useCoinRow } from '../../live/coin-rows.ts';
import { usePage } from '../../page-context.ts';
import { codeText } from '../decision/code-text.ts';
import { CoinName } from './coin-name.tsx';
import { RsiGauge, type RsiLimits } from './rsi-gauge.tsx';
import { SCAN_TEXT as TEXT } from './text.ts';

interface ScanRowProps {
  readonly symbol: string;
  readonly index: number;
  /** Distance from the top of the list, px. */
  readonly top: number;
  readonly limits: RsiLimits | undefined;
  /** Whether Tab stops at this row; it does at one of the list. */
  readonly isTabStop: boolean;
}

/** One coin. Renders again when its own row moves, not when others do. */
export function ScanRow({ symbol, index, top, limits, isTabStop }: ScanRowProps) {
  const { live, openCoin } = usePage();
  const row = useCoinRow(live.rows, symbol);
  if (row === null) return null;
  return (
    <tr
      className="scan-row"
      aria-rowindex={index + 2}
      data-signal={row.signal}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td className="col-symbol">
        {/* The button's area covers the row: a click anywhere opens the coin, and so does the keyboard. */}
        <button
          type="button"
          className="row-button"
          data-row={symbol}
          tabIndex={isTabStop ? 0 : -1}
          aria-label={TEXT.openCoin(symbol)}
          onClick={() => openCoin(symbol)}
        >
          <CoinName symbol={symbol} />
        </button>
      </td>
      <td className="col-price live-figure">{price(row.price)}</td>
      <td className="col-change live-figure" data-sign={shownSign(row.change24hPct)}>
        {signedPct(row.change24hPct)}
      </td>
      <td className="col-turnover live-figure">{compact(row.turnover24h)}</td>
      <td className="col-rsi live-figure">
        <RsiGauge rsi={row.rsi} limits={limits} />
      </td>
      <StateCells row={row} />
    </tr>
  );
}

function StateCells({ row }: { readonly row: CoinRow }) {
  const isBlocked = row.blockers.length > 0;
  return (
    <>
      <td className="col-trend" data-trend={row.trend ?? 'none'}>
        {row.trend === null ? NONE : TEXT.trend[row.trend]}
      </td>
      <td className="col-signal">
        {row.signal !== 'wait' && (
          <span className="tag" data-direction={row.signal} data-blocked={isBlocked}>
            {TEXT.signal[row.signal]}
          </span>
        )}
      </td>
      <td className="col-blockers" title={row.blockers.map(codeText).join(', ')}>
        <Blockers row={row} />
      </td>
      <td className="col-maturity" data-mature={row.mature}>
        {row.mature ? TEXT.mature : TEXT.immature}
      </td>
      <td className="col-candles">{count(row.candles)}</td>
      <td className="col-position">
        {row.inPosition !== null && (
          <span className="tag" data-direction={row.inPosition}>
            {TEXT.position[row.inPosition]}
          </span>
        )}
      </td>
    </>
  );
}

function Blockers({ row }: { readonly row: CoinRow }) {
  const [first, ...others] = row.blockers;
  if (first === undefined && row.signal !== 'wait' && row.inPosition === null) return <NotEntered />;
  if (first === undefined) return TEXT.status[row.status];
  return (
    <>
      <span className="blocker">{codeText(first)}</span>
      {others.length > 0 && <span className="blocker-more">{TEXT.more(others.length)}</span>}
    </>
  );
}

/** Every filter passes and still nothing is entered: what Auto Bot itself has against it. */
function NotEntered() {
  const autoBot = useCell(usePage().live.autoBot);
  if (autoBot === null) return null;
  const { enabled, slots, entriesAllowed } = autoBot;
  if (!enabled) return <span className="dim">{TEXT.autoBotOff}</span>;
  if (!entriesAllowed.allowed) return <span className="dim">{TEXT.entriesHeldBack}</span>;
  return slots.used >= slots.max ? <span className="dim">{TEXT.noSlot}</span> : null;
}
