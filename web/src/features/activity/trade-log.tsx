import type { ReactNode } from 'react';
import type { TradeView } from '../../../../src/api/position.ts';
import { browserTimeMs } from '../../browser.ts';
import { age, dateAndTime, meanPrice, shownSign, signedMoney, timeOfDay } from '../../format.ts';
import { usePage } from '../../page-context.ts';
import { exitText } from '../decision/code-text.ts';
import { CoinName } from '../scan/coin-name.tsx';
import { LogTable } from './log-table.tsx';
import { ACTIVITY_TEXT as TEXT } from './text.ts';

const { columns } = TEXT;
const HEADINGS = [
  columns.time,
  columns.coin,
  columns.direction,
  columns.entry,
  columns.exit,
  columns.pnl,
  columns.fees,
  columns.funding,
  columns.held,
  columns.exitReason,
];

interface TradeLogProps {
  readonly trades: readonly TradeView[];
  /** Stands below the last entry. */
  readonly below: ReactNode;
}

/** The last closed positions. */
export function TradeLog({ trades, below }: TradeLogProps) {
  return (
    <LogTable
      label={TEXT.tabs.trades}
      columns={HEADINGS}
      layout="log-trades"
      entries={trades}
      below={below}
      keyOf={(trade) => trade.id}
      cells={(trade) => <Cells trade={trade} />}
    />
  );
}

function Cells({ trade }: { readonly trade: TradeView }) {
  const { openCoin } = usePage();
  const pnl = Number(trade.pnl ?? trade.tradedPnl);
  return (
    <>
      <td title={dateAndTime(trade.closedMs)}>{timeOfDay(trade.closedMs, browserTimeMs())}</td>
      <td>
        <button type="button" className="link-button" onClick={() => openCoin(trade.symbol)}>
          <CoinName symbol={trade.symbol} />
        </button>
      </td>
      <td data-direction={trade.direction}>{TEXT.direction[trade.direction]}</td>
      <td className="number" title={trade.entryPrice}>
        {meanPrice(trade.entryPrice)}
      </td>
      <td className="number" title={trade.exitPrice}>
        {meanPrice(trade.exitPrice)}
      </td>
      <td className="number" data-sign={shownSign(pnl)} title={trade.pnl ?? TEXT.beforeFunding}>
        {trade.pnl === null ? '≈ ' : ''}
        {signedMoney(pnl)}
      </td>
      <td className="number" title={trade.fees}>
        {Number(trade.fees).toFixed(3)}
      </td>
      <td className="number" title={trade.funding ?? TEXT.beforeFunding}>
        {trade.funding === null ? '–' : Number(trade.funding).toFixed(3)}
      </td>
      <td
        className="number"
        title={trade.unprotectedMs === null ? undefined : TEXT.unprotected(trade.unprotectedMs)}
      >
        {age(trade.closedMs - trade.openedMs)}
      </td>
      <td>{exitText(trade.exitReason)}</td>
    </>
  );
}
