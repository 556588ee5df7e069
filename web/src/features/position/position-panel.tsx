import { useCallback, useEffect, useState } from 'react';
import type { PositionList, PositionRow } from '../../../../src/api/position.ts';
import { browserTimeMs } from '../../browser.ts';
import { exactPrice, meanPrice, shownSign, signedMoney, timeOfDay } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { usePage } from '../../page-context.ts';
import { DifferenceList } from '../difference/difference-list.tsx';
import { CoinName } from '../scan/coin-name.tsx';
import { CloseDialog } from './close-dialog.tsx';
import { PositionCard } from './position-card.tsx';
import { POSITION_TEXT as TEXT } from './text.ts';
import './position.css';

/** What is open, and whether each position has its stop at the exchange. */
export function PositionPanel() {
  const list = useCell(usePage().live.positions);
  const [closing, setClosing] = useState<PositionRow | null>(null);
  const closed = useCallback(() => setClosing(null), []);
  const rows = list?.rows ?? [];
  const position = closing === null ? null : currentOf(rows, closing);
  useEffect(() => {
    if (position === null) setClosing(null);
  }, [position]);
  return (
    <section className="panel positions" aria-labelledby="positions-title">
      <div className="panel-head">
        <h2 id="positions-title">{TEXT.title}</h2>
        {list !== null && <Summary list={list} />}
      </div>
      <div className="positions-scroll">
        {list === null && <Unread />}
        {list !== null && list.asOfMs === null && <p className="empty warn">{TEXT.unread}</p>}
        {list !== null && list.asOfMs !== null && rows.length === 0 && <p className="empty">{TEXT.empty}</p>}
        {rows.map((row) => (
          <PositionCard key={row.id} position={row} onClose={setClosing} />
        ))}
        {list !== null && list.foreign.length > 0 && <Foreign positions={list.foreign} />}
        <DifferenceList />
      </div>
      <CloseDialog position={position} onClose={closed} />
    </section>
  );
}

/** The same position as it is now; a later one on the same coin is another, and nobody asked about that. */
function currentOf(rows: readonly PositionRow[], asked: PositionRow): PositionRow | null {
  return rows.find((row) => row.id === asked.id && row.openedMs === asked.openedMs) ?? null;
}

function Unread() {
  const isFaulty = useCell(usePage().live.faults).has('positions');
  return (
    <p className="empty" role="status">
      {isFaulty ? TEXT.unread : TEXT.loading}
    </p>
  );
}

function Summary({ list }: { readonly list: PositionList }) {
  const total = totalPnl(list.rows);
  return (
    <>
      {list.asOfMs !== null && (
        <span className="dim">{TEXT.asOf(timeOfDay(list.asOfMs, browserTimeMs()))}</span>
      )}
      {total !== null && (
        <span className="positions-total live-figure">
          {TEXT.total} <b data-sign={shownSign(total)}>{signedMoney(total)}</b>
        </span>
      )}
    </>
  );
}

/** Null when nothing is held, or when one that is has no figure: a sum with a hole would be wrong. */
function totalPnl(rows: readonly PositionRow[]): number | null {
  const held = rows.filter(({ quantity }) => Number(quantity) !== 0);
  if (held.length === 0) return null;
  let total = 0;
  for (const { pnlUsdt } of held) {
    if (pnlUsdt === null) return null;
    total += pnlUsdt;
  }
  return total;
}

function Foreign({ positions }: { readonly positions: PositionList['foreign'] }) {
  return (
    <div className="foreign">
      <h3>{TEXT.foreignTitle}</h3>
      <p className="dim">{TEXT.foreignNote}</p>
      <ul>
        {positions.map((position) => (
          <li key={`${position.symbol} ${position.direction}`}>
            <CoinName symbol={position.symbol} />
            <span className="tag" data-direction={position.direction}>
              {TEXT.direction[position.direction]}
            </span>
            <span>
              {exactPrice(position.quantity)} @ {meanPrice(position.entryPrice)}
            </span>
            <span data-missing={position.stopPrice === null}>
              {TEXT.stop.initial} {position.stopPrice === null ? TEXT.noStop : exactPrice(position.stopPrice)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
