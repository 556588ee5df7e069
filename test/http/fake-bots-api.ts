import type { AutoBotState } from '../../src/api/auto-bot.ts';
import type { CoinList, CoinRow, DecisionView } from '../../src/api/coin.ts';
import type { Risk } from '../../src/api/risk.ts';
import type { Status, Worker } from '../../src/api/status.ts';
import { DEFAULT_TRADING_SETTINGS } from '../../src/core/engine/settings.ts';
import type {
  ApiCommand,
  BotsApi,
  CommandResult,
  DecisionRequest,
  StreamMessage,
} from '../../src/http/bots-api.ts';
import type { Actor, PageRequest } from '../../src/http/caller.ts';
import { FakeDecisionLog } from './fake-decision-log.ts';
import { FakeIntents } from './fake-intents.ts';
import { FakeLedger } from './fake-ledger.ts';
import { FakeOptimalEma } from './fake-optimal-ema.ts';
import { FakeReconciliation } from './fake-reconciliation.ts';
import { FakeSettings } from './fake-settings.ts';
import { FILTER_WORTH } from './filter-worth.ts';

export const START_MS = 1_760_000_000_000;

/** A service that holds nothing. */
const RISK: Risk = {
  timeMs: START_MS,
  mode: 'ready',
  modeReason: 'All is fresh.',
  accountAgeMs: 900,
  unresolvedOrders: 0,
  limits: [{ name: 'positions', value: '0', limit: '5', unit: '' }],
  gate: { obstacle: null, limits: [], refused: [] },
  protection: { obstacle: null, positions: [], closed: { count: 0, p50Ms: null, p99Ms: null, maxMs: null } },
};

interface Sent {
  readonly command: ApiCommand;
  readonly actor: Actor;
  readonly reason: string;
}

/** A bots service of plain values: it records commands and lets the test say what they answer. */
export class FakeBotsApi implements BotsApi {
  readonly sent: Sent[] = [];
  readonly workerRuns: { readonly name: string; readonly actor: Actor; readonly reason: string }[] = [];
  readonly pages: PageRequest[] = [];
  readonly listeners = new Map<(message: StreamMessage) => void, readonly string[]>();
  /** What the next commands answer; a function may also throw or take its time. */
  answer: () => CommandResult | Promise<CommandResult> = () => ({ ok: true, message: 'done' });
  version = 1;
  listsBuilt = 0;
  readiness = { ready: true, reason: '' };
  readonly settings = new FakeSettings();
  readonly decisionLog = new FakeDecisionLog();
  readonly filterWorth = { newest: async () => FILTER_WORTH };
  readonly intents = new FakeIntents();
  readonly ledger = new FakeLedger();
  readonly optimalEma = new FakeOptimalEma();
  readonly reconciliation = new FakeReconciliation();
  readonly halts: { readonly actor: Actor; readonly reason: string }[] = [];
  readonly halt = {
    halt: async (actor: Actor, reason: string) => {
      this.halts.push({ actor, reason });
      return 'Trading is halted.';
    },
  };
  readonly risk = { risk: async () => RISK, metrics: async () => 'infobot_unresolved_orders 0\n' };
  readonly rows: readonly CoinRow[];

  constructor(rows: readonly CoinRow[] = [coinRow('BTCUSDT'), coinRow('ETHUSDT')]) {
    this.rows = rows;
  }

  status(): Status {
    return STATUS;
  }

  ready(): { ready: boolean; reason: string } {
    return this.readiness;
  }

  coinsVersion(): number {
    return this.version;
  }

  coins(): CoinList {
    this.listsBuilt += 1;
    const total = this.rows.length;
    return {
      version: this.version,
      timeMs: START_MS,
      timeframe: '6h',
      progress: { ready: total, failed: 0, total },
      rows: [...this.rows],
    };
  }

  coin(symbol: string): CoinRow | null {
    const name = symbol.toUpperCase();
    return this.rows.find((row) => row.symbol === name || row.symbol === `${name}USDT`) ?? null;
  }

  candles(symbol: string, limit: number): ReturnType<BotsApi['candles']> {
    const row = this.coin(symbol);
    if (row === null) return null;
    const candle = { openTimeMs: START_MS, open: 1, high: 2, low: 1, close: 2, volume: 5 };
    return { symbol: row.symbol, timeframe: '6h', candles: Array.from({ length: limit }, () => candle) };
  }

  rsi(symbol: string, limit: number): ReturnType<BotsApi['rsi']> {
    const row = this.coin(symbol);
    if (row === null) return null;
    const point = { openTimeMs: START_MS, rsi: null };
    return {
      symbol: row.symbol,
      timeframe: '6h',
      length: 14,
      points: Array.from({ length: limit }, () => point),
    };
  }

  async decision(symbol: string, historyLimit: number): ReturnType<BotsApi['decision']> {
    const row = this.coin(symbol);
    if (row === null) return null;
    const now = { ...DECISION, symbol: row.symbol };
    return { now, indicators: null, history: Array.from({ length: historyLimit }, () => now), closes: [] };
  }

  bots(): ReturnType<BotsApi['bots']> {
    return [
      {
        id: 'BTCUSDT',
        symbol: 'BTCUSDT',
        origin: 'manual',
        pauseReason: null,
        single: false,
        status: 'running',
        direction: null,
        createdMs: START_MS,
        settings: {},
      },
    ];
  }

  positions(): ReturnType<BotsApi['positions']> {
    return { asOfMs: START_MS, rows: [], foreign: [] };
  }

  async trades(page: PageRequest): ReturnType<BotsApi['trades']> {
    this.pages.push(page);
    if (page.cursor === 'foreign') return null;
    return { rows: [], nextCursor: 'next' };
  }

  async events(page: PageRequest): ReturnType<BotsApi['events']> {
    this.pages.push(page);
    return { rows: [], nextCursor: null };
  }

  async decisions(page: DecisionRequest): ReturnType<BotsApi['decisions']> {
    this.pages.push(page);
    return { rows: [DECISION], nextCursor: null };
  }

  autoBot(): AutoBotState {
    return AUTO_BOT;
  }

  config(): ReturnType<BotsApi['config']> {
    return { version: this.settings.version(), config: DEFAULT_TRADING_SETTINGS };
  }

  async command(command: ApiCommand, actor: Actor, reason: string): Promise<CommandResult> {
    this.sent.push({ command, actor, reason });
    return this.answer();
  }

  workers(): ReturnType<BotsApi['workers']> {
    return [];
  }

  async runWorker(name: string, actor: Actor, reason: string): ReturnType<BotsApi['runWorker']> {
    this.workerRuns.push({ name, actor, reason });
    return name === 'prune' ? { started: true, worker: WORKER } : null;
  }

  subscribe(topics: readonly string[], listener: (message: StreamMessage) => void): () => void {
    this.listeners.set(listener, topics);
    if (topics.includes('status')) listener({ topic: 'status', json: '{"state":"now"}' });
    return () => this.listeners.delete(listener);
  }

  /** Something happened: every subscriber of the topic hears it. */
  emit(message: StreamMessage): void {
    for (const [listener, topics] of this.listeners) if (topics.includes(message.topic)) listener(message);
  }
}

const WORKER: Worker = {
  name: 'prune',
  intervalMs: 3_600_000,
  running: false,
  lastStartMs: START_MS,
  lastDurationMs: 12,
  lastError: null,
  nextRunMs: START_MS + 3_600_000,
  runs: 1,
  overlapsSkipped: 0,
  timeouts: 0,
};

/** A row of the scan table; `index` makes rows differ. */
export function coinRow(symbol: string, index = 0): CoinRow {
  return {
    symbol,
    timeframe: '6h',
    status: 'trading',
    price: 100 + index * 1.37,
    change24hPct: ((index * 7) % 23) - 11.5,
    turnover24h: 1_000_000 + index * 7919,
    rsi: 20 + ((index * 13) % 60) + 0.123,
    trend: 'neutral',
    signal: 'wait',
    blockers: ['filter.maturity.too-young'],
    mature: false,
    candles: 120,
    candleOpenTimeMs: START_MS,
    inPosition: null,
  };
}

const DECISION: DecisionView = {
  symbol: 'BTCUSDT',
  timeframe: '6h',
  timeMs: START_MS,
  outcome: 'no-signal',
  signal: { kind: 'wait', candleOpenTimeMs: START_MS, close: 1, rsi: 50, trend: 'neutral', depth: null },
  signalReadings: null,
  forced: false,
  dataAgeMs: 10,
  verdicts: [],
  rank: null,
  slotsFree: 5,
  refusal: null,
  clientOrderId: null,
};

const AUTO_BOT: AutoBotState = {
  enabled: false,
  changed: null,
  slots: { max: 5, used: 0 },
  entriesAllowed: { allowed: true, reason: '' },
  configVersion: 3,
};

const STATUS: Status = {
  service: 'bots',
  version: '0.1.0',
  startedMs: START_MS,
  timeMs: START_MS,
  place: 'demo',
  exchange: 'bybit',
  timeframe: '6h',
  notice: null,
  mode: 'ready',
  modeReason: '',
  modeSinceMs: START_MS,
  modeReasons: [],
  halt: null,
  account: null,
  market: { instruments: 2, ready: 2, failed: 0, streamUp: true, lastMessageAgeMs: 5 },
  rate: { usedInWindow: 0, limitPerWindow: 100, windowMs: 5000, waiting: 0, bannedUntilMs: null },
  orders: { unresolved: 0, surprises: 0, lastSurpriseMs: null, frozen: [] },
  counters: {},
};
