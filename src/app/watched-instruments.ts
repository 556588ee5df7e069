import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Engine } from '../core/engine/engine.ts';

/** Instruments whose every price tick matters: positions, bots, and entry signals of now. */
export function watchedInstruments(engine: Engine): readonly InstrumentId[] {
  const watched = new Set<InstrumentId>();
  for (const position of engine.positions()) watched.add(position.instrumentId);
  for (const bot of engine.bots()) watched.add(bot.instrumentId);
  for (const row of engine.scanRows()) if (row.signal !== 'wait') watched.add(row.instrumentId);
  return [...watched];
}
