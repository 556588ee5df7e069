import { describe, expect, it } from 'vitest';
import { findScenario, shippedScenarios } from '../../src/venue/scenario/scenario-library.ts';
import { runScenario } from './scenario-run.ts';

const names = await shippedScenarios();

describe('the shipped scenarios', { timeout: 60_000 }, () => {
  it('are twenty at least', () => {
    expect(names.length).toBeGreaterThanOrEqual(20);
    for (const name of [
      'flash-crash',
      'overnight-stop-refusal',
      'delisting-with-a-position',
      'ten-minute-outage',
    ])
      expect(names).toContain(name);
  });

  it.each(names)('%s loses no stop and doubles no order', async (name) => {
    const found = await findScenario(name);
    if (!found.ok) throw new Error(found.error);
    expect(found.value.scenario.name).toBe(name);
    const { breaches, entries, strikes } = await runScenario(found.value);
    expect(breaches).toEqual([]);
    expect(strikes).toBeGreaterThan(0);
    expect(entries).toBeGreaterThan(0);
  });
});
