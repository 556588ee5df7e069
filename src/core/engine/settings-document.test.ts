import { describe, expect, it } from 'vitest';
import { SETTINGS_PRESETS } from './presets.ts';
import { DEFAULT_TRADING_SETTINGS } from './settings.ts';
import { checkDocument, diffDocuments, EMPTY_DOCUMENT, parseSettingsDocument } from './settings-document.ts';

describe('a settings document', () => {
  it('of which nobody set anything holds the defaults', () => {
    const parsed = parseSettingsDocument({ global: {} });
    expect(parsed.ok && parsed.value).toEqual({
      document: EMPTY_DOCUMENT,
      settings: DEFAULT_TRADING_SETTINGS,
      instruments: new Map(),
    });
  });

  it('is read from whole settings as the global patch of what differs from the defaults', () => {
    const whole = { ...DEFAULT_TRADING_SETTINGS, timeframe: '1m', risk: { leverage: 3, positionsMax: 5 } };
    const parsed = parseSettingsDocument(JSON.parse(JSON.stringify(whole)));
    expect(parsed.ok && parsed.value.document).toEqual({
      global: { timeframe: '1m', risk: { leverage: 3 } },
      instruments: {},
    });
  });

  it('takes the marks of an exported file, and no others', () => {
    const file = { format: 'infobot-settings', formatVersion: 1, ...EMPTY_DOCUMENT };
    expect(parseSettingsDocument(file).ok).toBe(true);
    expect(parseSettingsDocument({ ...file, format: 'else' }).ok).toBe(false);
    expect(parseSettingsDocument({ ...file, more: 1 }).ok).toBe(false);
  });

  it.each([
    [{ global: { risk: { leverage: 99 } } }, 'risk.leverage'],
    [
      { global: {}, instruments: { BTCUSDT: { risk: { leverage: 99 } } } },
      'instruments.BTCUSDT.risk.leverage',
    ],
    [{ global: {}, instruments: { BTCUSDT: { timeframe: '1h' } } }, 'instruments.BTCUSDT.timeframe'],
    [{ global: {}, instruments: { 'btc/usdt': { risk: { leverage: 2 } } } }, 'instruments.btc/usdt'],
    [{ timeframe: '7h' }, 'timeframe'],
    ['text', ''],
    [null, ''],
  ])('is refused whole: %j', (value, path) => {
    const parsed = parseSettingsDocument(value);
    expect(parsed.ok ? null : parsed.error[0]?.path).toBe(path);
  });

  it('keeps no coin that sets nothing', () => {
    const parsed = parseSettingsDocument({ global: {}, instruments: { BTCUSDT: { risk: {} } } });
    expect(parsed.ok && parsed.value.document).toEqual(EMPTY_DOCUMENT);
  });

  it('differs from another key by key, and a key may be set on one side only', () => {
    const before = {
      global: { exit: { takeProfitPct: null }, risk: { leverage: 2 } },
      instruments: { BTCUSDT: { risk: { leverage: 3 } } },
    };
    const after = {
      global: { filter: { whitelist: ['AAAUSDT'] }, risk: { leverage: 2 } },
      instruments: { ETHUSDT: { exit: { stopLossPct: 5 } } },
    };
    expect(diffDocuments(before, after)).toEqual([
      { path: 'exit.takeProfitPct', before: null },
      { path: 'filter.whitelist', after: ['AAAUSDT'] },
      { path: 'instruments.BTCUSDT.risk.leverage', before: 3 },
      { path: 'instruments.ETHUSDT.exit.stopLossPct', after: 5 },
    ]);
    expect(diffDocuments(before, before)).toEqual([]);
  });
});

describe('the presets', () => {
  it.each(SETTINGS_PRESETS.map((preset) => [preset.name, preset] as const))(
    '%s fits over the defaults',
    (_name, preset) => {
      expect(checkDocument({ global: preset.patch, instruments: {} }).ok).toBe(true);
    },
  );

  it('grow bolder from the first to the last', () => {
    const positions = SETTINGS_PRESETS.map(({ patch }) => patch.risk?.positionsMax);
    const thresholds = SETTINGS_PRESETS.map(({ patch }) => [
      patch.signal?.rsiLongMax,
      patch.signal?.rsiShortMin,
    ]);
    expect(positions).toEqual([3, 5, 10]);
    expect(thresholds).toEqual([
      [25, 75],
      [29, 71],
      [30, 70],
    ]);
    expect(SETTINGS_PRESETS.map(({ patch }) => patch.exit?.stopLossPct)).toEqual([20, 15, 10]);
  });
});
