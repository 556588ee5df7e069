import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../platform/virtual-time.ts';
import { createVenue } from '../venue.ts';
import { playScenario } from './play-scenario.ts';
import { readScenario, scenarioFaultText } from './read-scenario.ts';
import { findScenario, shippedScenarios } from './scenario-library.ts';
import { scenarioMarket } from './scenario-market.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HEAD = 'name: made\npurpose: A test.\nlength: 5m\n';

function faultsOf(text: string): readonly string[] {
  const read = readScenario(text);
  return read.ok ? [] : scenarioFaultText('made.yaml', read.error).split('\n');
}

describe('a scenario file', () => {
  it('is read with defaults, and times as milliseconds', () => {
    const read = readScenario(
      `${HEAD}events:\n  - { at: 1m30s, fault: wick, pct: -20 }\n  - { at: 2m, end: wick }\n`,
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        name: 'made',
        length: 300_000,
        seed: 1,
        market: { synthetic: { instruments: 40, scale: 'demo' } },
        events: [
          { at: 90_000, fault: 'wick', pct: -20 },
          { at: 120_000, end: 'wick' },
        ],
      },
    });
  });

  it('is told of every mistake by line and path', () => {
    const text =
      `${HEAD}market:\n  synthetic: { seed: 1, coins: 5 }\nevents:\n` +
      '  - { at: soon, fault: wick }\n' +
      '  - { at: 1m, fault: wock }\n' +
      '  - at: 2m\n    fault: reply-lost\n    rate: 3\n' +
      '  - { at: 2m, fault: price-move, symbol: btc }\n' +
      'colour: red\n';
    const faults = faultsOf(text);
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^made\.yaml:5: market/),
        expect.stringMatching(/^made\.yaml:7: events\.0\.at: takes a duration/),
        expect.stringMatching(/^made\.yaml:8: events\.1\.fault: there is no fault "wock"/),
        expect.stringMatching(/^made\.yaml:11: events\.2\.rate: takes a number from 0 to 1/),
        expect.stringMatching(/^made\.yaml:12: events\.3\.symbol: takes a symbol/),
        expect.stringMatching(/colour/),
      ]),
    );
  });

  it('is told of an event that never comes and of an end without a beginning', () => {
    const text =
      `${HEAD}events:\n` +
      '  - { at: 5m, fault: wick }\n' +
      '  - { at: 6m, fault: wick }\n' +
      '  - { at: 5m, end: wick }\n' +
      '  - { at: 4m, end: wick }\n' +
      '  - { at: 5m, end: wock }\n';
    expect(faultsOf(text)).toEqual([
      'made.yaml:6: events.1.at: lies after the end of the scenario',
      'made.yaml:8: events.3.end: no event before it begins a fault "wick"',
      'made.yaml:9: events.4.end: no event before it begins a fault "wock"',
    ]);
  });

  it.each([
    ['no YAML', 'name: [1', /^made\.yaml:\d+: /],
    ['a key twice', `${HEAD}name: again\n`, /^made\.yaml:4: .*unique/],
    ['aliases', `${HEAD}events: &a [{ at: 1m, end: wick }]\nmarket: *a\n`, /alias/i],
    ['nothing', '', /^made\.yaml:1: /],
    ['a list', '- 1\n', /^made\.yaml:1: /],
  ])('is refused when it is %s', (_what, text, words) => {
    expect(faultsOf(text).join('\n')).toMatch(words);
  });

  it('is found by name among the shipped ones, or as a file', async () => {
    const names = await shippedScenarios();
    expect(names.length).toBeGreaterThanOrEqual(20);
    for (const name of names) {
      const found = await findScenario(name);
      expect(found.ok ? found.value.scenario.name : found.error).toBe(name);
    }
    const nobody = await findScenario('no-such-scenario');
    expect(nobody.ok ? '' : nobody.error).toContain('flash-crash');
    const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
    const file = join(folder, 'own.yaml');
    writeFileSync(file, `${HEAD}events:\n  - { at: 1m, fault: wock }\n`);
    const own = await findScenario(file);
    expect(own.ok ? '' : own.error).toBe(`${file}:5: events.0.fault: there is no fault "wock"`);
    rmSync(folder, { recursive: true });
  });
});

describe('a scenario that plays', () => {
  const bars =
    'market:\n  bars:\n    candles:\n      AAAUSDT:\n        - 100.0 110.0 90.0 105.0 1000\n        - 105.0 120.0 104.0 118.0 2000\n';

  async function played(text: string) {
    const read = readScenario(HEAD + text);
    if (!read.ok) throw new Error(scenarioFaultText('made.yaml', read.error));
    const time = new VirtualTime(START_MS);
    const market = await scenarioMarket(read.value.market, { startMs: START_MS, file: '/tmp/made.yaml' });
    const account = { apiKey: 'k', apiSecret: 's', uid: '1', walletUsdt: 1000 };
    const venue = createVenue({ market, time, accounts: [account], seed: 1 });
    venue.start();
    const deeds: string[] = [];
    const stop = playScenario({
      scenario: read.value,
      venue,
      time,
      tell: ({ timeMs, deed }) => deeds.push(`${timeMs - START_MS} ${deed}`),
    });
    return { deeds, market, stop, time, venue };
  }

  it('begins and ends faults at their times', async () => {
    const { deeds, time, venue } = await played(
      'events:\n  - { at: 10s, fault: reply-lost }\n  - { at: 20s, end: reply-lost }\n',
    );
    await time.advance(15_000);
    expect(venue.faults.report().active).toMatchObject([{ name: 'reply-lost' }]);
    await time.advance(10_000);
    expect(venue.faults.report().active).toEqual([]);
    expect(deeds).toEqual(['10000 reply-lost began', '20000 reply-lost ended (1)']);
  });

  it('does nothing any more when it is stopped', async () => {
    const { deeds, stop, time } = await played('events:\n  - { at: 10s, fault: reply-lost }\n');
    stop();
    await time.advance(60_000);
    expect(deeds).toEqual([]);
  });

  it('plays candles written by hand, behind a past', async () => {
    const { market, time } = await played(bars);
    await time.advance(119_000);
    const id = market.instruments()[0]!.id;
    const range = { instrumentId: id, timeframe: '1m', startMs: null, endMs: null, limit: 400 } as const;
    const candles = market.candles(range) ?? [];
    expect(candles).toHaveLength(400);
    expect(candles.at(-2)).toMatchObject({ open: 100, high: 110, low: 90, close: 105, volume: 1000 });
    expect(candles.at(-1)).toMatchObject({ open: 105, openTimeMs: START_MS + 60_000 });
    for (const { close } of candles.slice(0, -2)) expect(Math.abs(close - 100)).toBeLessThan(0.2);
  });
});
