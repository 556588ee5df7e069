import type { CoinRow } from '../../../../src/api/coin.ts';

export const SCAN_FILTERS = ['all', 'long', 'short', 'blocked', 'position'] as const;
export type ScanFilter = (typeof SCAN_FILTERS)[number];

export type ScanColumn =
  | 'symbol'
  | 'price'
  | 'change'
  | 'turnover'
  | 'rsi'
  | 'trend'
  | 'signal'
  | 'blockers'
  | 'maturity'
  | 'candles'
  | 'position';

export interface ScanSort {
  readonly column: ScanColumn;
  readonly descending: boolean;
}

export interface ScanView {
  readonly filter: ScanFilter;
  readonly search: string;
  readonly sort: ScanSort;
}

export interface ScanOrder {
  /** Coins to list, in order. */
  readonly symbols: readonly string[];
  /** How many each filter would list, the search aside. */
  readonly counts: Readonly<Record<ScanFilter, number>>;
}

/** Which coins to list, in which order. Rows without a value come last either way; equal ones by name. */
export function scanOrder(rows: readonly CoinRow[], view: ScanView): ScanOrder {
  const counts = { all: 0, long: 0, short: 0, blocked: 0, position: 0 };
  const wanted = view.search.trim().toUpperCase();
  const listed: { readonly symbol: string; readonly key: number | string | null }[] = [];
  for (const row of rows) {
    for (const filter of SCAN_FILTERS) if (FILTERS[filter](row)) counts[filter] += 1;
    if (!FILTERS[view.filter](row) || !row.symbol.includes(wanted)) continue;
    listed.push({ symbol: row.symbol, key: SORT_KEYS[view.sort.column](row) });
  }
  const sign = view.sort.descending ? -1 : 1;
  listed.sort((a, b) => {
    const byMissing = Number(a.key === null) - Number(b.key === null);
    const byKey = a.key === null || b.key === null ? byMissing : sign * compare(a.key, b.key);
    return byKey || compare(a.symbol, b.symbol);
  });
  return { symbols: listed.map((one) => one.symbol), counts };
}

const FILTERS: Readonly<Record<ScanFilter, (row: CoinRow) => boolean>> = {
  all: () => true,
  long: (row) => row.signal === 'enter-long',
  short: (row) => row.signal === 'enter-short',
  blocked: (row) => row.signal !== 'wait' && row.blockers.length > 0,
  position: (row) => row.inPosition !== null,
};

const TREND_RANK = { down: 0, neutral: 1, up: 2 } as const;
const SIGNAL_RANK = { wait: 0, 'enter-short': 1, 'enter-long': 2 } as const;

const SORT_KEYS: Readonly<Record<ScanColumn, (row: CoinRow) => number | string | null>> = {
  symbol: (row) => row.symbol,
  price: (row) => row.price,
  change: (row) => row.change24hPct,
  turnover: (row) => row.turnover24h,
  rsi: (row) => row.rsi,
  trend: (row) => (row.trend === null ? null : TREND_RANK[row.trend]),
  signal: (row) => SIGNAL_RANK[row.signal],
  blockers: (row) => row.blockers.length,
  maturity: (row) => Number(row.mature),
  candles: (row) => row.candles,
  position: (row) => row.inPosition,
};

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
