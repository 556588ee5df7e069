import { describe, expect, it } from 'vitest';
import { ALL_CARDS } from './cards/all-cards.ts';
import { onStage } from './cards/stage.ts';

describe('the cards of the venue', () => {
  it('have a number each', () => {
    expect(new Set(ALL_CARDS.map((card) => card.number)).size).toBe(ALL_CARDS.length);
  });

  it.each(ALL_CARDS)('$number $client: $title', async ({ play, stage }) => {
    await onStage(stage ?? {}, play);
  });
});
