import { heldMarket } from '../backtest/filter-worth/held-market.ts';
import { soloTrade } from '../backtest/filter-worth/solo-trade.ts';
import { backtestOptionsSchema } from '../backtest/options.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { TradingSettings } from '../core/engine/settings.ts';
import type { FilterWorthApi } from '../http/filter-worth-api.ts';
import { sha256Hex } from '../platform/random.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { FilterWorthService, filterWorthJob } from './filter-worth-service.ts';
import { productFacts } from './product-facts.ts';
import { tradedPortfolio } from './traded-portfolio.ts';
import type { TradingService } from './trading-service.ts';

const OPTIONS = backtestOptionsSchema.parse({});
/** An account with less could not enter, and nothing would be learned. */
const MONEY_MIN_USDT = 10;

/** Judges the entry filters of a running bots service in the background, and shows what came of it. */
export function filterWorthDesk(parts: {
  readonly trading: TradingService;
  readonly store: Store;
  readonly time: Time;
}): FilterWorthApi {
  const { trading, store, time } = parts;
  const { engine } = trading;
  const service = new FilterWorthService({
    decisions: store,
    log: store.filterWorths,
    time,
    timeframe: () => engine.settings().timeframe,
    settingsVersion: () => engine.accountAtClose().settingsVersion,
    settingsHash: hashesOf((id) => engine.settings(id)),
    portfolio: () => tradedPortfolio({ engine, store, equityUsdt: equityOf(engine) }),
    price: (candidate) => {
      const { instrumentId, timeMs } = candidate;
      const [instrument, series] = [engine.instrument(instrumentId), engine.candles(instrumentId)];
      const market = instrument === null || series === null ? null : heldMarket(instrument, series);
      const held = market?.instruments[0]?.recorded;
      // A signal of which the candles are no longer, or not yet again, held.
      if (market === null || held === undefined || timeMs <= held.firstOpenMs) return null;
      const request = {
        market,
        settings: engine.settings(instrumentId),
        instruments: new Map(),
        options: { ...OPTIONS, equityUsdt: equityOf(engine) },
        fromMs: null,
        toMs: null,
        engineVersion: productFacts.version,
      };
      return soloTrade(request, candidate);
    },
  });
  trading.scheduler.add(filterWorthJob(service));
  return {
    newest: async () => {
      const { filters, ...worth } = await service.newest();
      return { ...worth, filters: [...filters] };
    },
  };
}

function equityOf(engine: Engine): number {
  return Math.max(engine.accountAtClose().equity ?? OPTIONS.equityUsdt, MONEY_MIN_USDT);
}

/** Settings are asked for often and are mostly the same object: each is hashed once. */
function hashesOf(settings: (id: InstrumentId) => TradingSettings): (id: InstrumentId) => string {
  const known = new WeakMap<TradingSettings, string>();
  return (id) => {
    const own = settings(id);
    const hash = known.get(own) ?? sha256Hex(JSON.stringify([productFacts.version, own])).slice(0, 16);
    known.set(own, hash);
    return hash;
  };
}
