import type { z } from 'zod';
import type { AutoBotState } from '../../src/api/auto-bot.ts';
import type { CoinRow, coinCandlesSchema, coinRsiSchema, DecisionView } from '../../src/api/coin.ts';
import type { EventView, PositionList, PositionRow, TradeView } from '../../src/api/position.ts';
import type { Status } from '../../src/api/status.ts';
import { type Rng, rng } from '../../src/core/base/rng.ts';
import { DEFAULT_TRADING_SETTINGS, type TradingSettings } from '../../src/core/engine/settings.ts';
import { READINGS, verdictsOf } from './fake-verdicts.ts';

const COINS = 600;
/** More than one page of them. */
const DECISIONS = 130;
const SIX_HOURS_MS = 21_600_000;
const KNOWN = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'ADA', 'AVAX', 'LINK', 'DOT', 'TON', 'TRX', 'SUI', 'NEAR'];

/** A market that looks like one: 600 coins that all move at every step. Everything from one seed. */
export class FakeMarket {
  readonly rows: CoinRow[];
  readonly settings: TradingSettings = {
    ...DEFAULT_TRADING_SETTINGS,
    signal: { ...DEFAULT_TRADING_SETTINGS.signal, rsiLongMax: 27, rsiShortMin: 74 },
  };
  version = 1;
  enabled = false;
  halt: Status['halt'] = null;
  changed: AutoBotState['changed'] = null;
  /** What the status says of the age of the market feed, ms. */
  feedAgeMs = 120;
  #positionsAsOfMs: number | null;
  readonly #startMs: number;
  readonly #rng: Rng;
  readonly #nowMs: () => number;
  #positions: PositionRow[];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
    this.#rng = rng(20_261_123);
    this.rows = Array.from({ length: COINS }, (_, index) => this.#firstRow(index));
    this.#positions = [
      this.#position('ETHUSDT', 'long', { stop: true }),
      this.#position('SOLUSDT', 'short', { stop: true }),
      this.#position('DOGEUSDT', 'long', { stop: false }),
    ];
    this.#positionsAsOfMs = nowMs();
    for (const { symbol, direction } of this.#positions) {
      const index = this.rows.findIndex((row) => row.symbol === symbol);
      this.rows[index] = { ...this.rows[index]!, inPosition: direction };
    }
  }

  /** Every price and RSI moves a little. */
  step(): void {
    this.version += 1;
    for (const [index, row] of this.rows.entries()) {
      const price = (row.price ?? 1) * (1 + 0.0015 * this.#rng.normal());
      const rsi = Math.min(99, Math.max(1, (row.rsi ?? 50) + 0.25 * this.#rng.normal()));
      const change24hPct = (row.change24hPct ?? 0) + 0.05 * this.#rng.normal();
      this.rows[index] = { ...row, price, rsi, change24hPct, ...this.#signalOf(rsi, row) };
    }
    this.#positions = this.#positions.map((position) => this.#withPrice(position));
  }

  status(): Status {
    const nowMs = this.#nowMs();
    return {
      service: 'bots',
      version: '0.1.0',
      startedMs: nowMs - 3_600_000,
      timeMs: nowMs,
      place: 'demo',
      exchange: 'venue (Bybit protocol)',
      timeframe: '6h',
      notice: 'Invented market: one minute here stands for six hours. No real money moves.',
      mode: this.halt === null ? 'ready' : 'halted',
      halt: this.halt,
      modeSinceMs: nowMs - 3_600_000,
      modeReasons: this.halt === null ? [] : ['The market stream is down.'],
      modeReason: this.halt === null ? '' : `Trading is halted by ${this.halt.by} (${this.halt.reason}).`,
      account: { equity: '10041.37', walletBalance: '10032.11', available: '9980.02', asOfMs: nowMs - 2000 },
      market: {
        instruments: COINS,
        ready: COINS,
        failed: 0,
        streamUp: true,
        lastMessageAgeMs: this.feedAgeMs,
      },
      rate: { usedInWindow: 12, limitPerWindow: 600, windowMs: 5000, waiting: 0, bannedUntilMs: null },
      orders: { unresolved: 0, surprises: 0, lastSurpriseMs: null, frozen: [] },
      counters: {},
    };
  }

  autoBot(): AutoBotState {
    return {
      enabled: this.enabled,
      changed: this.changed,
      slots: { max: this.settings.risk.positionsMax, used: this.#positions.length },
      entriesAllowed: { allowed: true, reason: '' },
      configVersion: 3,
    };
  }

  positions(): PositionList {
    return {
      asOfMs: this.#positionsAsOfMs,
      rows: this.#positions,
      foreign: [
        {
          symbol: 'LTCUSDT',
          direction: 'short',
          quantity: '1.5',
          entryPrice: '84.21',
          stopPrice: null,
          ignored: null,
        },
      ],
    };
  }

  /** As right after a start: the exchange has not told its positions. */
  forgetPositions(): void {
    this.#positionsAsOfMs = null;
    this.#positions = [];
  }

  /** As in the middle of ladders: the first position has a mean of fills, the second has filled nothing yet. */
  climbLadders(): void {
    const [first, second, ...others] = this.#positions;
    if (first === undefined || second === undefined) return;
    const resting = {
      state: 'entering',
      quantity: '0',
      entryPrice: null,
      pnlUsdt: null,
      pnlPct: null,
    } as const;
    this.#positions = [{ ...first, entryPrice: '0.00517930130208' }, { ...second, ...resting }, ...others];
  }

  /** The exchange's list lacks the position. */
  doubt(id: string): void {
    this.#positions = this.#positions.map((position) =>
      position.id === id ? { ...position, doubt: { listedQuantity: null } } : position,
    );
  }

  close(id: string): void {
    this.#positions = this.#positions.map((position) =>
      position.id === id ? { ...position, state: 'closing', closingReason: 'manual' } : position,
    );
  }

  decision(row: CoinRow, timeMs: number): DecisionView {
    const isVetoed = row.blockers.length > 0;
    const hasSignal = row.signal !== 'wait';
    const seenOutcome = isVetoed ? 'vetoed' : 'candidate';
    return {
      symbol: row.symbol,
      timeframe: '6h',
      timeMs,
      outcome: hasSignal ? seenOutcome : 'no-signal',
      signal: {
        kind: row.signal,
        candleOpenTimeMs: Math.floor(timeMs / SIX_HOURS_MS - 1) * SIX_HOURS_MS,
        close: row.price ?? 1,
        rsi: row.rsi,
        trend: row.trend,
        depth: hasSignal ? 1.75 : null,
      },
      signalReadings: hasSignal ? READINGS : null,
      forced: false,
      dataAgeMs: 840_000,
      verdicts: verdictsOf(row),
      rank: null,
      slotsFree: 2,
      refusal: null,
      clientOrderId: null,
    };
  }

  /** What was decided in the hours before the page was opened, newest first. */
  decisions(): DecisionView[] {
    const signalled = this.rows.filter((row) => row.signal !== 'wait');
    return Array.from({ length: DECISIONS }, (_, index) => {
      const row = signalled[index % signalled.length];
      return this.decision(row ?? this.#firstRow(index), this.#startMs - index * 60_000);
    });
  }

  candles(row: CoinRow): z.infer<typeof coinCandlesSchema> {
    const newest = row.candleOpenTimeMs ?? 0;
    const candles = Array.from({ length: 90 }, (_, index) => {
      const open = (row.price ?? 1) * (1 + 0.05 * Math.sin(index / 9));
      const close = (row.price ?? 1) * (1 + 0.05 * Math.sin((index + 1) / 9));
      const [high, low] = [Math.max(open, close) * 1.01, Math.min(open, close) * 0.99];
      return { openTimeMs: newest - (89 - index) * SIX_HOURS_MS, open, high, low, close, volume: 10 };
    });
    return { symbol: row.symbol, timeframe: '6h', candles };
  }

  rsi(row: CoinRow): z.infer<typeof coinRsiSchema> {
    const points = this.candles(row).candles.map(({ openTimeMs }, index) => ({
      openTimeMs,
      rsi: index < 14 ? null : 50 + 30 * Math.sin(index / 9),
    }));
    return { symbol: row.symbol, timeframe: '6h', length: 14, points };
  }

  trades(): TradeView[] {
    const nowMs = this.#nowMs();
    return Array.from({ length: 40 }, (_, index) => this.#trade(index, nowMs - index * 1_700_000));
  }

  events(): EventView[] {
    const nowMs = this.#nowMs();
    return Array.from({ length: 60 }, (_, index) => this.event(60 - index, nowMs - index * 240_000));
  }

  event(id: number, timeMs: number): EventView {
    const symbol = this.rows[id % 40]!.symbol;
    const isBad = id % 7 === 0;
    return {
      id,
      timeMs,
      severity: isBad ? 'warning' : 'info',
      code: isBad ? 'engine.stop.restored' : 'engine.position.opened',
      symbol,
      message: isBad ? `The stop of ${symbol} was missing and was put back.` : `Entered ${symbol}.`,
      detail: { price: 1.5 },
    };
  }

  #firstRow(index: number): CoinRow {
    const name = KNOWN[index] ?? `C${String(index).padStart(3, '0')}`;
    const rsi = 12 + 76 * this.#rng.next();
    const candles = index % 5 === 0 ? 90 + this.#rng.integer(100) : 300;
    const trend = (['up', 'down', 'neutral'] as const)[this.#rng.integer(3)]!;
    const bare = {
      symbol: `${name}USDT`,
      timeframe: '6h',
      status: 'trading' as const,
      price: 10 ** (4.8 - 8 * this.#rng.next()),
      change24hPct: 6 * this.#rng.normal(),
      turnover24h: 10 ** (9.6 - 4 * (index / COINS)),
      rsi,
      trend,
      mature: candles >= 200,
      candles,
      candleOpenTimeMs: Math.floor(this.#nowMs() / SIX_HOURS_MS) * SIX_HOURS_MS,
      inPosition: null,
    };
    return { ...bare, ...this.#signalOf(rsi, bare) };
  }

  #signalOf(rsi: number, row: { mature: boolean; trend: CoinRow['trend'] }) {
    const { rsiLongMax, rsiShortMin } = this.settings.signal;
    if (rsi > rsiLongMax && rsi < rsiShortMin) return { signal: 'wait' as const, blockers: [] };
    const signal = rsi <= rsiLongMax ? ('enter-long' as const) : ('enter-short' as const);
    const blockers: string[] = [];
    if (!row.mature) blockers.push('filter.maturity.too-young');
    if (signal === 'enter-long' && row.trend === 'down') blockers.push('filter.trend.down');
    return { signal, blockers };
  }

  #position(symbol: string, direction: 'long' | 'short', { stop }: { stop: boolean }): PositionRow {
    const entry = this.rows.find((row) => row.symbol === symbol)?.price ?? 1;
    const stopPrice = (entry * (direction === 'long' ? 0.85 : 1.15)).toFixed(5);
    return this.#withPrice({
      id: symbol,
      symbol,
      direction,
      state: 'open',
      timeframe: '6h',
      quantity: (10 / entry).toFixed(5),
      entryPrice: entry.toFixed(5),
      price: entry,
      stopPrice,
      stopKind: 'initial',
      takeProfitPrice: null,
      bestProfitPct: 0,
      breakEvenPrice: null,
      trailing: null,
      rsiExitWaiting: false,
      exchangeStopPrice: stop ? stopPrice : null,
      stopConfirmedMs: stop ? this.#nowMs() - 4000 : null,
      unprotectedSinceMs: stop ? null : this.#nowMs() - 4000,
      unprotectedMs: 400,
      pnlUsdt: 0,
      pnlPct: 0,
      leverage: 1,
      openedMs: this.#nowMs() - 7_500_000,
      entryRsi: 24.8,
      entryTrend: 'down',
      closingReason: null,
      doubt: null,
      ladder: null,
    });
  }

  #withPrice(position: PositionRow): PositionRow {
    const price = this.rows.find((row) => row.symbol === position.symbol)?.price ?? null;
    if (price === null || position.entryPrice === null) return position;
    const sign = position.direction === 'long' ? 1 : -1;
    const pnlPct = sign * (price / Number(position.entryPrice) - 1) * 100;
    return { ...position, price, pnlPct, pnlUsdt: pnlPct / 10 };
  }

  #trade(index: number, closedMs: number): TradeView {
    const gross = (2 * this.#rng.normal()).toFixed(4);
    return {
      id: `T${index}`,
      symbol: this.rows[index]!.symbol,
      direction: index % 3 === 0 ? 'short' : 'long',
      timeframe: '6h',
      quantity: '12.5',
      entryPrice: '0.8012',
      exitPrice: '0.8144',
      grossPnl: gross,
      fees: '0.0111',
      funding: index % 5 === 0 ? null : '-0.0042',
      tradedPnl: gross,
      pnl: index % 5 === 0 ? null : gross,
      openedMs: closedMs - 5_400_000,
      closedMs,
      entryTrend: 'down',
      entryRsi: 25.1,
      exitReason: index % 4 === 0 ? 'stop-loss' : 'rsi-exit',
      unprotectedMs: index === 0 ? null : 300 + index,
    };
  }
}
