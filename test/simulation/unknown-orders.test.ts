import { describe, expect, it } from 'vitest';
import { LOSSES, ORDERS, runLosses, TURNS } from './unknown-orders.ts';

const RUNS = ORDERS.flatMap((kind) => TURNS.map((turn) => [kind, turn] as const));

describe('a placement that is lost on its way', () => {
  it('is tried in some hundred ways', () => expect(RUNS.length * LOSSES.length).toBeGreaterThan(200));

  it.each(RUNS)(
    'of an %s is neither doubled nor forgotten, and is found out in time: %s',
    async (kind, turn) => {
      const { faults, unclear } = await runLosses(kind, turn);
      expect(faults).toEqual([]);
      expect(unclear).toBeGreaterThan(LOSSES.length / 4);
    },
  );
});
