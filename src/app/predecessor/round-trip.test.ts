import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREDECESSOR, predecessorTexts } from '../../../test/fixture/predecessor-files.ts';
import { ensure } from '../../core/base/assert.ts';
import { parseInstrumentId } from '../../core/domain/instrument.ts';
import { effectiveSettings } from '../../core/engine/effective-settings.ts';
import { Engine } from '../../core/engine/engine.ts';
import { ownSettings } from '../../core/engine/own-settings.ts';
import {
  DEFAULT_TRADING_SETTINGS,
  type InstrumentPatch,
  type TradingSettings,
} from '../../core/engine/settings.ts';
import { checkDocument, EMPTY_DOCUMENT, type SettingsDocument } from '../../core/engine/settings-document.ts';
import { settingAt } from '../../core/engine/settings-fault.ts';
import type { TradingSnapshot } from '../../core/engine/snapshot.ts';
import { isFields } from './json-text.ts';
import { type OwnState, PREDECESSOR_FILES, planImport } from './plan-import.ts';
import { AUTO_BOT_RULES, SYSTEM_RULES } from './settings-table.ts';
import { writeFiles } from './write-files.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const FRESH: OwnState = {
  document: EMPTY_DOCUMENT,
  bots: [],
  botsBlocked: null,
  searches: [],
  nowMs: NOW_MS,
};

type Plan = ReturnType<typeof planImport>;

function tradingWith(bots: TradingSnapshot['bots']): TradingSnapshot {
  const engine = new Engine({ settings: DEFAULT_TRADING_SETTINGS, settingsVersion: 0 });
  return { ...engine.tradingSnapshot(), bots };
}

function exported({ document, bots, searches }: Pick<Plan, 'document' | 'bots' | 'searches'>) {
  const state = { document, trading: tradingWith([...bots]), close: null, searches, nowMs: NOW_MS };
  return writeFiles(state).files;
}

function imported(files: ReturnType<typeof exported>): Plan {
  return planImport(predecessorTexts(Object.fromEntries(files)), FRESH);
}

describe('an export of an import', () => {
  it.each(['system_config.json', 'auto_bot_config.json', 'individual_coin_settings.json'] as const)(
    'says in %s what the file said, for the keys both know',
    (file) => {
      const plan = planImport(predecessorTexts(), FRESH);
      expect(plan.lines.filter(({ kind }) => kind === 'refused')).toEqual([]);
      const untaken = plan.lines.filter((line) => line.file === file && line.kind === 'ignored');
      const ignored = new Set(untaken.map(({ place }) => place));
      const said = Object.entries(Object(PREDECESSOR[file])).filter(([key]) => !ignored.has(key));
      expect(said.length).toBeGreaterThan(1);
      expect(exported(plan).get(file)).toMatchObject(Object.fromEntries(said));
    },
  );

  it('has the bots and pairs of averages that were taken', () => {
    const files = exported(planImport(predecessorTexts(), FRESH));
    expect(files.get('bots_state.json')).toMatchObject({
      bots: {
        SOL: {
          id: 'SOL',
          symbol: 'SOL',
          status: 'paused',
          auto_managed: false,
          volume_mode: 'usdt',
          volume_value: 15,
          leverage: 3,
          created_at: '2025-10-15T10:00:00.000Z',
        },
      },
      version: '1.0',
    });
    expect(files.get('optimal_ema.json')).toEqual(PREDECESSOR['optimal_ema.json']);
  });

  it('turns Auto Bot on in no file', () => {
    expect(JSON.stringify([...exported(planImport(predecessorTexts(), FRESH))])).not.toContain(
      '"enabled":true',
    );
  });
});

/** What both know, as it holds: sizes of other modes and distances of what is off have no effect. */
function sharedView({ document, bots }: Pick<Plan, 'document' | 'bots'>) {
  const view = (instrument: InstrumentPatch, bot: InstrumentPatch) => {
    const effective = effectiveSettings({ global: document.global, instrument, bot });
    const settings = ensure(effective.ok ? effective.value.settings : null, 'a sound document');
    return sharedSettings(settings);
  };
  return {
    global: view({}, {}),
    coins: Object.fromEntries(
      Object.entries(document.instruments).map(([id, patch]) => [id, view(patch, {})]),
    ),
    bots: bots.map(({ instrumentId, settings }) => [
      instrumentId,
      view(document.instruments[instrumentId] ?? {}, settings),
    ]),
  };
}

const SHARED_PATHS = [...AUTO_BOT_RULES, ...SYSTEM_RULES].flatMap(({ paths }) => paths);
const SIZES = { notional: 'positionNotionalUsdt', equity: 'positionEquityPct', quantity: 'positionQuantity' };

function sharedSettings(settings: TradingSettings) {
  const { sizing } = settings.risk;
  const size = sizing === 'risk' ? '' : `risk.${SIZES[sizing]}`;
  const idle = Object.values(SIZES).map((key) => `risk.${key}`);
  return SHARED_PATHS.filter((path) => {
    if (path === 'exit.trailingDistancePct') return settings.exit.trailingActivationPct !== null;
    return path === size || !idle.includes(path);
  }).map((path) => [path, settingAt(settings, path)]);
}

const coin = fc
  .constantFrom('BTCUSDT', 'ETHUSDT', '1000PEPEUSDT', 'SOLUSDC', 'USDCUSDT')
  .map((name) => ensure(parseInstrumentId(name), 'a name'));

const patch = fc
  .record(
    {
      signal: fc.record(
        {
          rsiLongMax: fc.integer({ min: 1, max: 50 }),
          trendSharePct: fc.integer({ min: 50, max: 100 }),
          confirmEnabled: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      filter: fc.record(
        { avoidUpTrend: fc.boolean(), rsiTimeCandles: fc.integer({ min: 1, max: 48 }) },
        { requiredKeys: [] },
      ),
      risk: fc.record(
        {
          sizing: fc.constantFrom('notional', 'equity', 'quantity'),
          positionNotionalUsdt: fc.integer({ min: 1, max: 1000 }),
          positionEquityPct: fc.integer({ min: 1, max: 100 }),
          positionQuantity: fc.integer({ min: 1, max: 1000 }),
          leverage: fc.integer({ min: 1, max: 25 }),
        },
        { requiredKeys: ['positionQuantity'] },
      ),
      entry: fc.record(
        {
          entryMethod: fc.constantFrom('market', 'market', 'ladder'),
          rungs: fc
            .uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 })
            .map((offsets) =>
              offsets.sort((a, b) => a - b).map((offsetPct) => ({ offsetPct, weight: offsetPct + 1 })),
            ),
        },
        { requiredKeys: [] },
      ),
      exit: fc.record(
        {
          takeProfitPct: fc.option(fc.integer({ min: 1, max: 1000 })),
          trailingActivationPct: fc.option(fc.integer({ min: 51, max: 1000 })),
          trailingDistancePct: fc.integer({ min: 1, max: 50 }),
          breakEvenTriggerPct: fc.option(fc.integer({ min: 1, max: 1000 })),
          positionHoursMax: fc.option(fc.integer({ min: 1, max: 10_080 })),
          trailingUpdateMs: fc.integer({ min: 0, max: 60_000 }),
          rsiExitLongWithTrend: fc.integer({ min: 50, max: 99 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['risk'] },
  )
  .map((built) => built as InstrumentPatch);

/** Switches of confirmations are one for all there, so a coin or bot of ours cannot carry its own over. */
const ofOne = patch.map(({ signal = {}, ...groups }): InstrumentPatch => {
  const { confirmEnabled: _confirm, ...own } = signal;
  return { ...groups, signal: own };
});

const state = fc
  .record({
    global: patch,
    lists: fc.record({ whitelist: fc.uniqueArray(coin), blacklist: fc.uniqueArray(coin) }),
    positionsMax: fc.integer({ min: 1, max: 50 }),
    instruments: fc.uniqueArray(fc.tuple(coin, ofOne), { selector: ([id]) => id }),
    bots: fc.uniqueArray(fc.tuple(coin, ofOne), { selector: ([id]) => id }),
  })
  .map(({ global, lists, positionsMax, instruments, bots }) => {
    const document: SettingsDocument = {
      global: { ...global, filter: { ...global.filter, ...lists }, risk: { ...global.risk, positionsMax } },
      instruments: Object.fromEntries(instruments),
    };
    const own = bots.map(([instrumentId, settings]) => ({
      instrumentId,
      origin: 'manual' as const,
      paused: true,
      pauseReason: 'person' as const,
      single: false,
      direction: null,
      createdMs: NOW_MS - 1000,
      settings,
    }));
    return { document, bots: own, searches: [] };
  })
  .filter(isSound);

function isSound({ document, bots }: Pick<Plan, 'document' | 'bots'>): boolean {
  const checked = checkDocument(document);
  return checked.ok && ownSettings({ ...checked.value, bots }).ok;
}

describe('an import of an export', () => {
  it('gives back all that both know, whatever was set', () => {
    fc.assert(
      fc.property(state, (ours) => {
        const plan = imported(exported(ours));
        expect(plan.lines.filter(({ kind }) => kind === 'refused')).toEqual([]);
        expect(sharedView(plan)).toEqual(sharedView(ours));
        expect(plan.bots.map(({ settings: _settings, ...bot }) => bot)).toEqual(
          ours.bots.map(({ settings: _settings, ...bot }) => bot),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same export again', () => {
    fc.assert(
      fc.property(state, (ours) => {
        const first = exported(ours);
        expect(exported(imported(first))).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a file cut short', () => {
  const texts = [...predecessorTexts()];

  it('anywhere is reported and gives nothing, and the others stand', () => {
    const cut = fc
      .constantFrom(...texts)
      .chain(([file, text]) =>
        fc.integer({ min: 0, max: text.length - 1 }).map((end) => ({ file, text: text.slice(0, end) })),
      );
    fc.assert(
      fc.property(cut, ({ file, text }) => {
        const plan = planImport(new Map([...texts, [file, text]]), FRESH);
        const told = plan.lines.filter((line) => line.file === file);
        expect(told).toHaveLength(1);
        expect(told[0]?.kind).toBe('refused');
        const without = planImport(new Map(texts.filter(([name]) => name !== file)), FRESH);
        // An own file of Auto Bot's settings counts even when it is broken: the older ones beside are not taken for it.
        if (file !== 'auto_bot_config.json') expect(plan).toMatchObject(withoutLines(without));
        else expect(plan.document.global.risk).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('or with anything in it never throws, and what it gives is sound', () => {
    const anything = fc.constantFrom(...PREDECESSOR_FILES).chain((file) => {
      const keys = Object.keys(Object(PREDECESSOR[file]));
      const fields = fc.dictionary(fc.constantFrom(...keys, 'leverage', '__proto__'), fc.jsonValue());
      return fields.map((content) => new Map([...texts, [file, JSON.stringify(content)]]));
    });
    fc.assert(
      fc.property(anything, (files) => {
        const { document, lines, bots } = planImport(files, FRESH);
        expect(checkDocument(document).ok).toBe(true);
        expect(bots.every(({ paused, origin }) => paused && origin === 'manual')).toBe(true);
        expect(lines.every(({ detail }) => detail !== '')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function withoutLines({ lines: _lines, ...rest }: Plan): Omit<Plan, 'lines'> {
  return rest;
}

it('the table names no key and no setting twice in one file', () => {
  for (const rules of [AUTO_BOT_RULES, SYSTEM_RULES]) {
    const written = rules.flatMap((rule) => Object.keys(rule.write(DEFAULT_TRADING_SETTINGS)));
    expect(new Set(written).size).toBe(written.length - Number(rules === AUTO_BOT_RULES));
    const known = rules.flatMap(({ paths }) => paths);
    expect(known.filter((path) => settingAt(DEFAULT_TRADING_SETTINGS, path) === undefined)).toEqual([]);
  }
  expect(isFields(PREDECESSOR['bots_state.json'])).toBe(true);
});
