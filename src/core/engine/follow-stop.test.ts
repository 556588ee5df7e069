import { describe, expect, it } from 'vitest';
import { BTC, holding, instrument } from '../../../test/scenario/story.ts';
import { ensure } from '../base/assert.ts';
import { decimal } from '../base/decimal.ts';
import type { Decision } from './decision.ts';
import { followStop } from './follow-stop.ts';
import { InstrumentMarket } from './instrument-market.ts';
import { readSnapshot } from './snapshot-read.ts';

/** What is left of the stop of a long at 100, stopped at `stopPrice`, after a rule has wanted it at `wanted`. */
function stopAfter(stopPrice: string, wanted: number) {
  const state = readSnapshot(holding().engine.snapshot());
  const { signal } = state.settings;
  const market = new InstrumentMarket(instrument(BTC), state.settings.timeframe, signal);
  market.lastPrice = 140;
  market.markPrice = 140;
  state.markets.set(market.instrument.id, market);
  const position = ensure([...state.positions.values()][0], 'A position is held.');
  position.stopPrice = decimal(stopPrice);
  const out: Decision[] = [];
  followStop(state, position, { price: wanted, kind: 'trailing' }, out);
  return { stopPrice: position.stopPrice.toFixed(), asked: out.length };
}

describe('the stop that rules want, where it is written', () => {
  it('is taken when it is tighter, and asked for at the exchange', () => {
    expect(stopAfter('120', 130)).toEqual({ stopPrice: '130', asked: 1 });
  });

  it('never loosens the one that stands, whoever set it', () => {
    expect(stopAfter('133', 130)).toEqual({ stopPrice: '133', asked: 0 });
    expect(stopAfter('130', 130)).toEqual({ stopPrice: '130', asked: 0 });
  });
});
