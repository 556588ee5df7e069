import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

/** Equal to `--log-row` of the style. */
const ROW_PX = 28;
const OVERSCAN_ROWS = 4;

interface LogTableProps<T> {
  readonly label: string;
  /** Names of the columns, left to right. */
  readonly columns: readonly string[];
  /** Class that gives the columns their widths. */
  readonly layout: string;
  readonly entries: readonly T[];
  readonly keyOf: (entry: T) => string | number;
  /** Stands below the last entry. */
  readonly below: ReactNode;
  /** The cells of one entry. */
  readonly cells: (entry: T) => ReactNode;
}

/** Newest first, one line each; only the lines on screen exist. */
export function LogTable<T>(props: LogTableProps<T>) {
  const { label, columns, layout, entries, keyOf, below, cells } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
  });
  return (
    <div className="log-scroll" ref={scroll}>
      <table className={`log ${layout}`} aria-label={label} aria-rowcount={entries.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody style={{ height: `${rows.getTotalSize()}px` }}>
          {rows.getVirtualItems().map((item) => {
            const entry = entries[item.index];
            if (entry === undefined) return null;
            return (
              <tr
                key={keyOf(entry)}
                aria-rowindex={item.index + 2}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {cells(entry)}
              </tr>
            );
          })}
        </tbody>
      </table>
      {below}
    </div>
  );
}
