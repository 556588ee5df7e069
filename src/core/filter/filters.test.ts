import { describe, expect, it } from 'vitest';
import {
  context,
  facts,
  filterSettings,
  NEWEST_OPEN_MS,
  signal,
} from '../../../test/scenario/entry-makers.ts';
import { BTC, CANDLE_MS, instrument } from '../../../test/scenario/story.ts';
import { coolDown } from './cool-down.ts';
import { dataFreshness } from './data-freshness.ts';
import { entriesAllowed } from './entries-allowed.ts';
import { instrumentStatus } from './instrument-status.ts';
import { isMature, maturity } from './maturity.ts';
import { quarantine } from './quarantine.ts';
import { scope } from './scope.ts';
import { tradingSwitch } from './trading-switch.ts';
import { trend } from './trend.ts';

const CLOSE_MS = NEWEST_OPEN_MS + CANDLE_MS;

describe('trading switch and permission', () => {
  it('vetoes while trading is switched off', () => {
    const off = context({ settings: filterSettings({ tradingEnabled: false }) });
    expect(tradingSwitch(off).code).toBe('filter.trading-switch.off');
  });

  it('repeats the reason of the wiring', () => {
    const halted = context({ entriesAllowed: { allowed: false, reason: 'halted by ann' } });
    expect(entriesAllowed(halted)).toMatchObject({ kind: 'veto', value: 'halted by ann' });
  });
});

describe('scope', () => {
  const lists = { whitelist: ['BTCUSDT'], blacklist: ['BTCUSDT'] };
  it.each([
    ['all', {}, 'filter.scope.pass'],
    ['all', { blacklist: ['BTCUSDT'] }, 'filter.scope.blacklisted'],
    ['all', lists, 'filter.scope.blacklisted'],
    ['whitelist', {}, 'filter.scope.not-whitelisted'],
    ['whitelist', { whitelist: ['BTCUSDT'] }, 'filter.scope.pass'],
    ['whitelist', lists, 'filter.scope.blacklisted'],
    ['blacklist', { whitelist: ['ETHUSDT'] }, 'filter.scope.pass'],
    ['blacklist', { blacklist: ['BTCUSDT'] }, 'filter.scope.blacklisted'],
  ] as const)('judges scope %s with %j as %s', (name, changes, code) => {
    const settings = filterSettings({ scope: name, ...changes } as Parameters<typeof filterSettings>[0]);
    expect(scope(context({ settings })).code).toBe(code);
  });
});

describe('instrument status', () => {
  it('vetoes what is not traded and what will soon not be', () => {
    const closed = context({ instrument: instrument(BTC, { status: 'delivering' }) });
    expect(instrumentStatus(closed).code).toBe('filter.instrument.not-trading');
    const leaving = context({ instrument: instrument(BTC, { deliveryTimeMs: CLOSE_MS + 7 }) });
    expect(instrumentStatus(leaving)).toMatchObject({ code: 'filter.instrument.delisting', value: 7 });
  });
});

describe('data freshness', () => {
  it.each([
    ['a lost feed', { feedLost: 'silent for 60 s' }, 'filter.data.feed-lost'],
    ['no candle', { newestOpenTimeMs: null, held: 0 }, 'filter.data.too-few'],
    ['99 candles', { held: 99 }, 'filter.data.too-few'],
    ['100 candles', { held: 100 }, 'filter.data.pass'],
    ['a gap', { gap: true }, 'filter.data.gap'],
  ] as const)('judges %s as it must', (_, changes, code) => {
    expect(dataFreshness(context({ candles: facts(changes) })).code).toBe(code);
  });

  it.each([
    [-5_001, 'filter.data.unclosed', -1],
    [-5_000, 'filter.data.pass', CANDLE_MS + 10_000],
    [0, 'filter.data.pass', CANDLE_MS + 5_000],
    [CANDLE_MS + 5_000, 'filter.data.pass', 0],
    [CANDLE_MS + 5_001, 'filter.data.stale', -1],
  ])('judges a candle %i ms past its close as %s', (ageMs, code, margin) => {
    expect(dataFreshness(context({ timeMs: CLOSE_MS + ageMs }))).toMatchObject({
      code,
      value: ageMs,
      margin,
    });
  });
});

describe('trend', () => {
  it.each([
    ['enter-long', 'down', 'filter.trend.down'],
    ['enter-long', 'up', 'filter.trend.pass'],
    ['enter-long', null, 'filter.trend.unknown'],
    ['enter-short', 'up', 'filter.trend.up'],
    ['enter-short', 'down', 'filter.trend.pass'],
    ['enter-short', null, 'filter.trend.unknown'],
    ['wait', 'down', 'filter.trend.pass'],
  ] as const)('judges %s in trend %s as %s when both are avoided', (kind, reading, code) => {
    const settings = filterSettings({ avoidDownTrend: true, avoidUpTrend: true });
    expect(trend(context({ settings, signal: signal({ kind, trend: reading }) })).code).toBe(code);
  });

  it('passes everything while nothing is avoided', () => {
    expect(trend(context({ signal: signal({ trend: 'down' }) }))).toMatchObject({
      kind: 'pass',
      value: 'down',
    });
  });
});

describe('maturity', () => {
  it.each([
    [{ shown: 199 }, 'filter.maturity.too-young', -1],
    [{ shown: 200 }, 'filter.maturity.pass', 0],
    [{ rsiMin: 35 }, 'filter.maturity.pass', 40],
    [{ rsiMin: 36 }, 'filter.maturity.low-unseen', -1],
    [{ rsiMax: 65 }, 'filter.maturity.pass', 40],
    [{ rsiMax: 64 }, 'filter.maturity.high-unseen', -1],
    [{ rsiMin: null, rsiMax: null }, 'filter.maturity.low-unseen', null],
  ])('judges %j as %s', (changes, code, margin) => {
    expect(maturity(context({ candles: facts(changes) }))).toMatchObject({ code, margin });
  });

  it('says whether an instrument is mature even while the filter is off', () => {
    const settings = filterSettings({ maturityEnabled: false });
    expect(maturity(context({ settings, candles: facts({ shown: 1 }) })).code).toBe('filter.maturity.off');
    expect(isMature(facts({ shown: 1 }), settings)).toBe(false);
    expect(isMature(facts(), settings)).toBe(true);
  });
});

describe('cool-down', () => {
  it('vetoes until its end, and not at its end', () => {
    expect(coolDown(context({ coolDownUntilMs: CLOSE_MS + 3 }))).toMatchObject({
      kind: 'veto',
      value: 3,
      margin: -3,
    });
    expect(coolDown(context({ coolDownUntilMs: CLOSE_MS }))).toMatchObject({ kind: 'pass', value: 0 });
  });

  it('never passes a time that is no number', () => {
    expect(coolDown(context({ coolDownUntilMs: Number.NaN })).kind).toBe('veto');
    expect(quarantine(context({ timeMs: Number.NaN })).kind).toBe('veto');
  });
});
