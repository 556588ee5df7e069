import type { InstrumentId } from '../src/core/domain/instrument.ts';
import { Engine } from '../src/core/engine/engine.ts';
import { tradingSettingsSchema } from '../src/core/engine/settings.ts';
import { byTime, syntheticCloses } from './market.ts';
import { candleAt, introduce } from './scripted-engine.ts';

/** Candles before the fall, enough for every filter. */
export const WARM_UP = 300;

/** An engine that holds nothing and lets enter what falls, after a calm sky over all instruments. */
export function quietEngine(ids: readonly InstrumentId[]): Engine {
  // A candle that falls out of a calm sky, on a market without volume, is just what these keep out.
  const kept = { rsiTimeEnabled: false, exitScamEnabled: false, rsiRecheckEnabled: false };
  const filter = { ...kept, liquidityTurnoverMinUsdt: null };
  const settings = tradingSettingsSchema.parse({ filter, risk: { positionsMax: 1, leverage: 1 } });
  const engine = new Engine({ settings, settingsVersion: 0 });
  introduce(engine, ids);
  const closes = byTime(syntheticCloses(ids.length, WARM_UP));
  for (let row = 0; row < WARM_UP; row += 1) {
    for (const [index, id] of ids.entries())
      engine.step(candleAt(id, row, closes[row * ids.length + index] ?? 1));
  }
  return engine;
}
