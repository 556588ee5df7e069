import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Engine } from '../core/engine/engine.ts';

/** Instruments whose every price tick matters: positions, bots, and entry signals of now. */
export function watchedInstruments(engine: Engine): readonly InstrumentId[] {
  const watched = new Set<InstrumentId>();
  for (const position of engine.positions()) watched.add(position.instrumentId);
  for (const bot of engine.bots()) watched.add(bot.instrumentId);
  for (const instrumentId of engine.entrySignals()) watched.add(instrumentId);
  return [...watched];
}
