import { TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { count, figure } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { useSlowly } from '../../live/use-slowly.ts';
import { usePage } from '../../page-context.ts';
import { useConfig } from '../auto-bot/use-config.ts';
import { SCAN_FILTERS, type ScanColumn, type ScanFilter, type ScanView, scanOrder } from './scan-order.ts';
import { ScanTable } from './scan-table.tsx';
import { SCAN_TEXT as TEXT } from './text.ts';
import './scan.css';

/** Rows keep their places for this long, so that a list sorted by a moving figure can be read. */
const SORT_EVERY_MS = 2000;

const FIRST_VIEW: ScanView = {
  filter: 'all',
  search: '',
  sort: { column: 'turnover', descending: true },
};

/** The market: every coin, what it shows, and what holds an entry back. */
export function ScanPanel() {
  const { live } = usePage();
  const [view, setView] = useState(FIRST_VIEW);
  const { config } = useConfig();
  const version = useSlowly(live.rowsVersion, SORT_EVERY_MS);
  const coinCount = useCell(live.coinCount);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows live outside React; these two say when they moved.
  const order = useMemo(() => scanOrder(live.rows.all(), view), [live, view, version, coinCount]);
  const longMax = config?.signal.rsiLongMax;
  const shortMin = config?.signal.rsiShortMin;
  const limits = useMemo(
    () => (longMax === undefined || shortMin === undefined ? undefined : { longMax, shortMin }),
    [longMax, shortMin],
  );
  const sortBy = (column: ScanColumn) => setView({ ...view, sort: nextSort(view.sort, column) });

  return (
    <section className="panel scan" aria-labelledby="scan-title">
      <div className="scan-bar">
        <h2 id="scan-title">{TEXT.title}</h2>
        <TextInput
          size="xs"
          type="search"
          className="scan-search"
          aria-label={TEXT.search}
          placeholder={TEXT.search}
          value={view.search}
          onChange={(change) => setView({ ...view, search: change.currentTarget.value })}
        />
        <Filters
          chosen={view.filter}
          counts={order.counts}
          onChoose={(filter) => setView({ ...view, filter })}
        />
        <span className="dim scan-note" title={TEXT.thresholdsNote}>
          {config !== undefined &&
            TEXT.thresholds(
              figure(config.signal.rsiLongMax),
              figure(config.signal.rsiShortMin),
              config.timeframe,
            )}
        </span>
      </div>
      <Progress />
      <ScanTable symbols={order.symbols} sort={view.sort} onSort={sortBy} limits={limits} />
      {order.symbols.length === 0 && <EmptyScan coinCount={coinCount} />}
    </section>
  );
}

/** Figures start with the largest, names with A; a second click turns it around. */
function nextSort(sort: ScanView['sort'], column: ScanColumn): ScanView['sort'] {
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: column !== 'symbol' && column !== 'rsi' };
}

interface FiltersProps {
  readonly chosen: ScanFilter;
  readonly counts: Readonly<Record<ScanFilter, number>>;
  readonly onChoose: (filter: ScanFilter) => void;
}

function Filters({ chosen, counts, onChoose }: FiltersProps) {
  return (
    <fieldset className="chips" aria-label={TEXT.filters}>
      {SCAN_FILTERS.map((filter) => (
        <button
          key={filter}
          type="button"
          className="chip"
          aria-pressed={filter === chosen}
          onClick={() => onChoose(filter)}
        >
          {TEXT.filter[filter]} <span>{counts[filter]}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Progress() {
  const progress = useCell(usePage().live.progress);
  if (progress === null || (progress.ready >= progress.total && progress.failed === 0)) return null;
  return (
    <div className="scan-progress">
      {progress.ready + progress.failed < progress.total && (
        <label>
          {TEXT.progress(count(progress.ready), count(progress.total))}{' '}
          <progress value={progress.ready} max={progress.total} />
        </label>
      )}
      {progress.failed > 0 && <span className="warn">{TEXT.failed(count(progress.failed))}</span>}
    </div>
  );
}

function EmptyScan({ coinCount }: { readonly coinCount: number }) {
  const { live } = usePage();
  const isRead = useCell(live.progress) !== null;
  const isUnread = useCell(live.faults).has('coins');
  if (isUnread && coinCount === 0) return null;
  if (!isRead)
    return (
      <p className="empty" role="status">
        {TEXT.loading}
      </p>
    );
  return <p className="empty">{coinCount === 0 ? TEXT.noCoins : TEXT.noMatch}</p>;
}
