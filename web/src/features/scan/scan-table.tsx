import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useRef } from 'react';
import type { RsiLimits } from './rsi-gauge.tsx';
import type { ScanColumn, ScanSort } from './scan-order.ts';
import { ScanRow } from './scan-row.tsx';
import { SCAN_TEXT as TEXT } from './text.ts';
import { useRowKeys } from './use-row-keys.ts';

/** Equal to `--row` of the style: the list is placed by arithmetic, not by measuring. */
const ROW_PX = 30;
const HEAD_PX = 30;
const OVERSCAN_ROWS = 6;

const COLUMNS: readonly ScanColumn[] = [
  'symbol',
  'price',
  'change',
  'turnover',
  'rsi',
  'trend',
  'signal',
  'blockers',
  'maturity',
  'candles',
  'position',
];

interface ScanTableProps {
  readonly symbols: readonly string[];
  readonly sort: ScanSort;
  readonly onSort: (column: ScanColumn) => void;
  readonly limits: RsiLimits | undefined;
}

/** The list of coins; only the rows on screen and a few around them exist. */
export function ScanTable({ symbols, sort, onSort, limits }: ScanTableProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: symbols.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => symbols[index] ?? index,
    overscan: OVERSCAN_ROWS,
    scrollMargin: HEAD_PX,
    // The head stays on top of the rows.
    scrollPaddingStart: HEAD_PX,
  });
  const keys = useRowKeys({ symbols, scroll, show: (index) => rows.scrollToIndex(index) });
  const items = rows.getVirtualItems();
  const isCurrentHere = items.some(({ index }) => symbols[index] === keys.current);
  const tabStop = isCurrentHere ? keys.current : symbols[rows.range?.startIndex ?? 0];
  const height: CSSProperties = { height: `${rows.getTotalSize()}px` };
  return (
    <div className="scan-scroll" ref={scroll}>
      <table className="scan-table" aria-label={TEXT.title} aria-rowcount={symbols.length + 1}>
        <thead>
          <tr className="scan-head" aria-rowindex={1}>
            {COLUMNS.map((column) => (
              <Heading key={column} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody style={height} onFocus={keys.onFocus} onKeyDown={keys.onKeyDown}>
          {items.map((item) => {
            const symbol = symbols[item.index];
            if (symbol === undefined) return null;
            const top = item.start - HEAD_PX;
            return (
              <ScanRow
                key={symbol}
                symbol={symbol}
                index={item.index}
                top={top}
                limits={limits}
                isTabStop={symbol === tabStop}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps {
  readonly column: ScanColumn;
  readonly sort: ScanSort;
  readonly onSort: (column: ScanColumn) => void;
}

function Heading({ column, sort, onSort }: HeadingProps) {
  const order = sort.descending ? 'descending' : 'ascending';
  const current = sort.column === column ? order : 'none';
  return (
    <th scope="col" className={`col-${column}`} aria-sort={current}>
      <button type="button" onClick={() => onSort(column)}>
        {TEXT.column[column]}
        <span className="sort-mark" aria-hidden="true" />
      </button>
    </th>
  );
}
