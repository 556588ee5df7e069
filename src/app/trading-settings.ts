import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { applyPatch } from '../core/engine/effective-settings.ts';
import { searchedPatch, withSearchedPairs } from '../core/engine/searched-pairs.ts';
import type { InstrumentPatch } from '../core/engine/settings.ts';
import type { InstrumentPatches } from '../core/engine/settings-document.ts';
import type { SignalSettings } from '../core/signal/settings.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { findInstrumentId } from './coin-board.ts';
import { type OptimalEmaOptions, OptimalEmaService } from './optimal-ema-service.ts';
import { SettingsDesk } from './settings-desk.ts';
import type { VersionedSettings } from './settings-history.ts';
import { SettingsService } from './settings-service.ts';
import type { TradingService } from './trading-service.ts';

const NOTHING_SET: InstrumentPatch = {};
const PAIRS_REASON = 'averages of instruments, as searches found them to be better';

interface TradingSettingsParts {
  readonly trading: TradingService;
  readonly store: Store;
  readonly time: Time;
  readonly current: VersionedSettings;
}

/** What sets how a running bots service trades: people and, below what they set for one coin, searches. */
export interface TradingSettingsDesks {
  readonly settings: SettingsDesk;
  readonly optimalEma: OptimalEmaService;
}

/** The settings of a running bots service: a change is stored, then put in force between two decisions. */
export function tradingSettings(parts: TradingSettingsParts): TradingSettingsDesks {
  const { trading, store, time } = parts;
  const optimalEma: OptimalEmaService = new OptimalEmaService({
    ...readingsOf(trading),
    log: store.emaSearches,
    time,
    signalOf: (id) => signalOf(service.current(), id),
    onPairs: async () => {
      if (layered.isOld(service.current())) await service.renew(PAIRS_REASON);
    },
  });
  const layered = new SearchedLayer(parts, optimalEma);
  const service = new SettingsService({
    store,
    nowMs: () => time.nowMs(),
    current: parts.current,
    bots: () => trading.engine.bots(),
    listed: () => listedOf(trading),
    equity: () => trading.engine.accountAtClose().equity,
    putInForce: (settings, by) => layered.putInForce(settings, by),
  });
  const settings = new SettingsDesk({
    service,
    find: (symbol) => findInstrumentId(trading, symbol),
    hasBot: (id) => trading.engine.bots().some((bot) => bot.instrumentId === id),
    botPatch: (id) => botPatchOf(trading, id),
    searchedPatch: (id) => layered.patchOf(service.current(), id),
    configureBot: (instrumentId, patch, { author, reason }) =>
      trading.command({ kind: 'configure-bot', instrumentId, settings: patch }, author, reason),
  });
  return { settings, optimalEma };
}

/** Puts what searches found below what people set for single instruments, and remembers what is in force of it. */
class SearchedLayer {
  private readonly trading: TradingService;
  private readonly optimalEma: OptimalEmaService;
  private inForce: string;

  constructor({ trading, current }: TradingSettingsParts, optimalEma: OptimalEmaService) {
    this.trading = trading;
    this.optimalEma = optimalEma;
    // Trading starts with what people set alone: what searches found comes with the first run of the search.
    this.inForce = textOf(current.instruments);
  }

  /** True when what searches found, or a bot's own lengths, have changed since it was put in force. */
  isOld(settings: VersionedSettings): boolean {
    return textOf(this.merge(settings)) !== this.inForce;
  }

  putInForce(settings: VersionedSettings, { author, reason }: { author: string; reason: string }) {
    const instruments = this.merge(settings);
    const command = { kind: 'configure', settings: settings.settings, instruments } as const;
    const answer = this.trading.command({ ...command, version: settings.version }, author, reason);
    if (answer.accepted) this.inForce = textOf(instruments);
    return answer;
  }

  /** What a search sets for one instrument. */
  patchOf({ settings, instruments }: VersionedSettings, id: InstrumentId): InstrumentPatch {
    const instrument = instruments.get(id) ?? NOTHING_SET;
    const layers = { settings, instrument, bot: botPatchOf(this.trading, id) };
    return searchedPatch(this.optimalEma.pairs().get(id), layers);
  }

  private merge({ settings, instruments }: VersionedSettings): InstrumentPatches {
    const layers = { settings, instruments, bots: this.trading.engine.bots() };
    return withSearchedPairs(layers, this.optimalEma.pairs());
  }
}

function textOf(instruments: InstrumentPatches): string {
  return JSON.stringify([...instruments].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function botPatchOf({ engine }: TradingService, id: InstrumentId): InstrumentPatch {
  return engine.bots().find((bot) => bot.instrumentId === id)?.settings ?? NOTHING_SET;
}

/** As people set it for an instrument: bots change while a result stays, so they are left out. */
function signalOf({ settings, instruments }: VersionedSettings, id: InstrumentId): SignalSettings {
  const patch = instruments.get(id);
  if (patch?.signal === undefined) return settings.signal;
  const own = applyPatch(settings, patch);
  return own.ok ? own.value.signal : settings.signal;
}

function listedOf({ engine }: TradingService): readonly Instrument[] {
  return engine.instrumentFacts().flatMap(({ instrumentId }) => engine.instrument(instrumentId) ?? []);
}

type Readings = Pick<OptimalEmaOptions, 'timeframe' | 'instruments' | 'newestMs' | 'history' | 'mayRead'>;

function readingsOf(trading: TradingService): Readings {
  const { engine, market } = trading;
  return {
    timeframe: () => engine.settings().timeframe,
    instruments: () => engine.instrumentFacts().map(({ instrumentId }) => instrumentId),
    newestMs: (id) => engine.candles(id)?.lastOpenTimeMs ?? null,
    history: async (id, untilMs) => {
      const reading = await market.longHistory(id, engine.settings().timeframe, untilMs);
      return reading.kind === 'known' ? reading.value : null;
    },
    mayRead: () => trading.mode().mode === 'ready',
  };
}
