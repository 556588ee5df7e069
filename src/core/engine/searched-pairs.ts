import type { InstrumentId } from '../domain/instrument.ts';
import { mergePatches } from './effective-settings.ts';
import type { LayeredSettings } from './own-settings.ts';
import type { InstrumentPatch, TradingSettings } from './settings.ts';
import type { InstrumentPatches } from './settings-document.ts';

/** Lengths of two averages that a search found to be better for an instrument than the ones of all. */
export interface SearchedPair {
  readonly shortLength: number;
  readonly longLength: number;
}

/** Pairs by instrument; one that is left out has none. */
export type SearchedPairs = ReadonlyMap<InstrumentId, SearchedPair>;

/** What people set for one instrument, and below it for all. */
export interface LayersOfInstrument {
  /** Defaults and global patch. */
  readonly settings: TradingSettings;
  readonly instrument: InstrumentPatch;
  readonly bot: InstrumentPatch;
}

/**
 * What a searched pair sets for its instrument: a layer above the global one and below what a person sets for the
 * instrument or its bot. Both lengths or none: empty where a person set either of them there, or wants no search.
 */
export function searchedPatch(
  pair: SearchedPair | undefined,
  { settings, instrument, bot }: LayersOfInstrument,
): InstrumentPatch {
  const own = mergePatches(instrument, bot).signal ?? {};
  const wanted = own.trendEmaSearched ?? settings.signal.trendEmaSearched;
  const set = own.trendEmaShortLength !== undefined || own.trendEmaLongLength !== undefined;
  if (pair === undefined || !wanted || set) return {};
  return { signal: { trendEmaShortLength: pair.shortLength, trendEmaLongLength: pair.longLength } };
}

/** What people set for instruments, over what searches found for them. */
export function withSearchedPairs(layers: LayeredSettings, pairs: SearchedPairs): InstrumentPatches {
  const bots = new Map([...layers.bots].map(({ instrumentId, settings }) => [instrumentId, settings]));
  const merged = new Map(layers.instruments);
  for (const [id, pair] of pairs) {
    const instrument = layers.instruments.get(id) ?? {};
    const searched = searchedPatch(pair, {
      settings: layers.settings,
      instrument,
      bot: bots.get(id) ?? {},
    });
    if (searched.signal !== undefined) merged.set(id, mergePatches(searched, instrument));
  }
  return merged;
}
