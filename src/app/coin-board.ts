import type { CoinList, CoinRow } from '../api/coin.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { ScanRow } from '../core/engine/view.ts';
import type { Time } from '../platform/time.ts';
import type { TradingService } from './trading-service.ts';

/**
 * The scan table as the API shows it. Rows are rebuilt at most once a refresh; the version changes only
 * when a row did, so that HTTP serialises once per version and the live stream sends only what changed.
 */
export class CoinBoard {
  private readonly trading: TradingService;
  private readonly time: Time;
  private rows: readonly CoinRow[] = [];
  private readonly shown = new Map<string, CoinRow>();
  private currentVersion = 0;
  private seen = '';
  private refreshedMs = Number.NEGATIVE_INFINITY;

  constructor(options: { trading: TradingService; time: Time }) {
    this.trading = options.trading;
    this.time = options.time;
  }

  version(): number {
    return this.currentVersion;
  }

  list(): CoinList {
    return this.wrap(this.rows);
  }

  /** Rebuilds the rows when something moved; gives a message of the changed rows, or null. */
  refresh(): CoinList | null {
    const { engine, market } = this.trading;
    this.refreshedMs = this.time.monotonicMs();
    const { progress } = market.health();
    const seen = `${engine.scanVersion} ${market.board.version()} ${progress.ready} ${progress.failed} ${progress.total}`;
    if (seen === this.seen) return null;
    this.seen = seen;
    this.rows = engine.scanRows().map((row) => this.rowOf(row));
    const changed = this.rows.filter((row) => this.noteChange(row));
    this.currentVersion += 1;
    return this.wrap(changed);
  }

  /** The same for a read, however often reads come. */
  refreshWhenOlder(ageMs: number): void {
    if (this.time.monotonicMs() - this.refreshedMs >= ageMs) this.refresh();
  }

  /** One row as of now. */
  rowOf(row: ScanRow): CoinRow {
    const board = this.trading.market.board.of(row.instrumentId);
    return {
      symbol: row.instrumentId,
      timeframe: row.timeframe,
      status: row.status,
      price: board?.lastPrice ?? row.lastPrice,
      change24hPct: board?.priceChange24hPct ?? null,
      turnover24h: board?.turnover24h ?? row.turnover24h,
      rsi: row.rsi,
      trend: row.trend,
      signal: row.signal,
      blockers: [...row.blockers],
      mature: row.mature,
      candles: row.candleCount,
      candleOpenTimeMs: row.candleOpenTimeMs,
      inPosition: row.inPosition,
    };
  }

  private noteChange(row: CoinRow): boolean {
    const before = this.shown.get(row.symbol);
    if (before !== undefined && sameRow(before, row)) return false;
    this.shown.set(row.symbol, row);
    return true;
  }

  private wrap(rows: readonly CoinRow[]): CoinList {
    return {
      version: this.currentVersion,
      timeMs: this.time.nowMs(),
      timeframe: this.trading.engine.settings().timeframe,
      progress: { ...this.trading.market.health().progress },
      rows: [...rows],
    };
  }
}

function sameRow(a: CoinRow, b: CoinRow): boolean {
  return (
    a.price === b.price &&
    a.rsi === b.rsi &&
    a.turnover24h === b.turnover24h &&
    a.change24hPct === b.change24hPct &&
    a.candleOpenTimeMs === b.candleOpenTimeMs &&
    sameStanding(a, b)
  );
}

/** What changes seldom. */
function sameStanding(a: CoinRow, b: CoinRow): boolean {
  return (
    a.signal === b.signal &&
    a.trend === b.trend &&
    a.inPosition === b.inPosition &&
    a.mature === b.mature &&
    a.status === b.status &&
    a.candles === b.candles &&
    a.timeframe === b.timeframe &&
    a.blockers.join() === b.blockers.join()
  );
}

/** `btc`, `BTC` and `BTCUSDT` all mean BTCUSDT. Null: no such coin. */
export function findInstrumentId(trading: TradingService, typed: string): InstrumentId | null {
  const upper = typed.toUpperCase();
  for (const candidate of [upper, `${upper}USDT`]) {
    const instrument = trading.engine.instrument(candidate as InstrumentId);
    if (instrument !== null) return instrument.id;
  }
  return null;
}
