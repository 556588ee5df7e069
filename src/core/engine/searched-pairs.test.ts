import { expect, it } from 'vitest';
import type { InstrumentId } from '../domain/instrument.ts';
import { effectiveSettings } from './effective-settings.ts';
import { ownSettings } from './own-settings.ts';
import { searchedPatch, withSearchedPairs } from './searched-pairs.ts';
import { DEFAULT_TRADING_SETTINGS, type InstrumentPatch } from './settings.ts';

const BTC = 'BTCUSDT' as InstrumentId;
const SOL = 'SOLUSDT' as InstrumentId;
const settings = DEFAULT_TRADING_SETTINGS;
const pair = { shortLength: 21, longLength: 55 };
const searched = { signal: { trendEmaShortLength: 21, trendEmaLongLength: 55 } };

it('a searched pair sets both lengths of its instrument and no other', () => {
  const layers = { settings, instruments: new Map(), bots: [] };
  expect([...withSearchedPairs(layers, new Map([[BTC, pair]]))]).toEqual([[BTC, searched]]);
});

it('what a person set for the instrument stays beside the searched pair', () => {
  const instruments = new Map<InstrumentId, InstrumentPatch>([[BTC, { signal: { rsiLongMax: 25 } }]]);
  const merged = withSearchedPairs({ settings, instruments, bots: [] }, new Map([[BTC, pair]]));
  expect(merged.get(BTC)).toEqual({ signal: { ...searched.signal, rsiLongMax: 25 } });
});

it.each([
  ['one length of the instrument', { instrument: { signal: { trendEmaLongLength: 300 } }, bot: {} }],
  ['one length of the bot', { instrument: {}, bot: { signal: { trendEmaShortLength: 9 } } }],
  ['no search for the instrument', { instrument: { signal: { trendEmaSearched: false } }, bot: {} }],
])('%s, set by a person, keeps the searched pair out', (_case, layers) => {
  expect(searchedPatch(pair, { settings, ...layers })).toEqual({});
});

it('without search for all, one instrument may still have its own', () => {
  const off = { ...settings, signal: { ...settings.signal, trendEmaSearched: false } };
  expect(searchedPatch(pair, { settings: off, instrument: {}, bot: {} })).toEqual({});
  const on = { signal: { trendEmaSearched: true } };
  expect(searchedPatch(pair, { settings: off, instrument: on, bot: {} })).toEqual(searched);
});

it('a bot whose one length would contradict the searched pair still fits', () => {
  const bots = [{ instrumentId: BTC, settings: { signal: { trendEmaShortLength: 150 } } }];
  const instruments = withSearchedPairs(
    { settings, instruments: new Map(), bots },
    new Map([
      [BTC, pair],
      [SOL, pair],
    ]),
  );
  const own = ownSettings({ settings, instruments, bots });
  expect(own.ok && own.value.get(BTC)?.signal).toMatchObject({
    trendEmaShortLength: 150,
    trendEmaLongLength: 200,
  });
  expect(own.ok && own.value.get(SOL)?.signal).toMatchObject({
    trendEmaShortLength: 21,
    trendEmaLongLength: 55,
  });
});

it('effective settings name the search as where the lengths come from', () => {
  const global = { signal: { trendEmaShortLength: 40 } };
  const effective = effectiveSettings({
    global,
    search: searched,
    instrument: { signal: { rsiLongMax: 25 } },
  });
  expect(effective.ok && effective.value.settings.signal.trendEmaShortLength).toBe(21);
  expect(effective.ok && effective.value.origins).toMatchObject({
    'signal.trendEmaShortLength': 'search',
    'signal.trendEmaLongLength': 'search',
    'signal.rsiLongMax': 'instrument',
  });
});
