import { describe, expect, it } from 'vitest';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  ETH,
  HISTORY_LENGTH,
  instrument,
  Story,
  waves,
} from '../../test/scenario/story.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { CloseRecord, JudgedAtClose } from '../core/engine/close-record.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import { ENTRY_FILTERS } from '../core/filter/entry-filters.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { CloseLog } from '../store/store.ts';
import { CloseRecorder } from './close-recorder.ts';

/** An engine with a signal on BTC and none on ETH, one candle before the close that is recorded. */
class Desk {
  readonly story = new Story();
  readonly saved: CloseRecord<JudgedAtClose>[] = [];
  readonly reports: string[] = [];
  readonly time: VirtualTime;
  readonly recorder: CloseRecorder;
  failures = 0;
  private readonly closes = new Map([
    [BTC, waves(HISTORY_LENGTH + 1, 'trough')],
    [ETH, waves(HISTORY_LENGTH + 11, 'trough').slice(0, HISTORY_LENGTH + 1)],
  ]);

  constructor() {
    this.story.begin(instrument(BTC), instrument(ETH));
    for (const [id, closes] of this.closes) this.story.candles(id, closes.slice(0, -1));
    this.story.command({ kind: 'enable-auto-bot' });
    this.time = new VirtualTime(this.story.nowMs);
    const closes: Pick<CloseLog, 'save'> = {
      save: async (record) => {
        if (this.failures > 0) {
          this.failures -= 1;
          throw new Error('disk full');
        }
        this.saved.push(record);
      },
    };
    const report = (message: string) => this.reports.push(message);
    this.recorder = new CloseRecorder({
      engine: this.story.engine,
      closes: closes as CloseLog,
      time: this.time,
      report,
    });
  }

  candle(id: InstrumentId): void {
    const candle = candlesOf(this.closes.get(id) ?? []).at(-1);
    if (candle === undefined) throw new Error('A made series has candles.');
    this.step({
      kind: 'candle-closed',
      instrumentId: id,
      timeframe: '6h',
      candle,
      timeMs: this.time.nowMs(),
    });
  }

  /** The candle after that, which moved price by a factor. */
  next(id: InstrumentId, factor: number): void {
    const closes = this.closes.get(id) ?? [];
    this.closes.set(id, [...closes, (closes.at(-1) ?? 1) * factor]);
    this.candle(id);
  }

  async pass(): Promise<void> {
    this.step({ kind: 'timer', name: 'entry-pass', timeMs: this.time.nowMs() });
    await this.time.advance(10);
  }

  private step(event: EngineEvent): void {
    const decisions: readonly Decision[] = this.story.engine.step(event);
    this.recorder.onStep(1, event, decisions);
  }
}

async function begun(): Promise<Desk> {
  const desk = new Desk();
  await desk.time.advance(CANDLE_MS);
  desk.story.wait(CANDLE_MS).account();
  return desk;
}

describe('the record of a close', () => {
  it('has every instrument, the quiet one too, after the pass that follows the last candle waited for', async () => {
    const desk = await begun();
    desk.candle(BTC);
    await desk.time.advance(400);
    desk.candle(ETH);
    await desk.pass();
    expect(desk.saved).toEqual([]);
    await desk.time.advance(5_000);
    await desk.pass();
    expect(desk.saved).toHaveLength(1);
    const [record] = desk.saved;
    expect(record?.closeTimeMs).toBe(desk.story.nowMs);
    expect(record?.account).toMatchObject({
      autoBotEnabled: true,
      slotsMax: 5,
      slotsUsed: 1,
      equity: 10_000,
    });
    expect(record?.instruments).toMatchObject([
      { instrumentId: 'BTCUSDT', signal: 'enter-long', outcome: 'ordered', rank: 1, dataAgeMs: 400 },
      { instrumentId: 'ETHUSDT', signal: 'wait', outcome: 'no-signal', dataAgeMs: 400, blockers: [] },
    ]);
  });

  it('has every filter of every instrument with its numbers, and why one was not asked', async () => {
    const desk = await begun();
    desk.candle(BTC);
    desk.candle(ETH);
    await desk.time.advance(5_000);
    await desk.pass();
    for (const { judged } of desk.saved[0]?.instruments ?? []) {
      expect(judged.verdicts.map(({ filter }) => filter)).toEqual(ENTRY_FILTERS.map(({ name }) => name));
      expect(judged.indicators.atrPct).toBeGreaterThan(0);
    }
    const quiet = desk.saved[0]?.instruments.find(({ instrumentId }) => instrumentId === ETH);
    const verdictOf = (name: string) => quiet?.judged.verdicts.find(({ filter }) => filter === name);
    // Nearer to the lower level, so it is judged as a long would be.
    expect(quiet?.judged.direction).toBe(Number(quiet?.rsi) < 50 ? 'long' : 'short');
    const { value, threshold, margin } = verdictOf('maturity') ?? {};
    expect(margin).toBe(Number(value) - Number(threshold));
    const blocker = quiet?.judged.verdicts.find(({ kind }) => kind === 'veto');
    expect(blocker).toBeDefined();
    expect(verdictOf('correlation')).toMatchObject({
      kind: 'skipped',
      code: 'filter.chain.not-evaluated',
      value: blocker?.code,
    });
  });

  it('keeps the indicators of its own close when the next candle has come', async () => {
    const desk = await begun();
    desk.story.command({ kind: 'disable-auto-bot' });
    desk.candle(BTC);
    await desk.time.advance(6_000);
    await desk.pass();
    const [first] = desk.saved;
    desk.story.command({ kind: 'enable-auto-bot' });
    await desk.pass();
    desk.next(BTC, 1.5);
    await desk.recorder.flush();
    const amended = desk.saved.filter(({ closeTimeMs }) => closeTimeMs === first?.closeTimeMs).at(-1);
    expect([first, amended].map((record) => record?.instruments[0]?.outcome)).toEqual([
      'candidate',
      'ordered',
    ]);
    expect(amended?.instruments[0]?.judged.indicators).toEqual(first?.instruments[0]?.judged.indicators);
  });

  it('is amended by a candle that comes late, and not again when nothing more happens', async () => {
    const desk = await begun();
    desk.candle(BTC);
    await desk.time.advance(6_000);
    await desk.pass();
    expect(desk.saved.at(-1)?.instruments[1]).toMatchObject({ instrumentId: 'ETHUSDT' });
    expect(desk.saved.at(-1)?.instruments[1]?.dataAgeMs).toBeGreaterThanOrEqual(CANDLE_MS);
    await desk.time.advance(1_000);
    desk.candle(ETH);
    await desk.pass();
    expect(desk.saved).toHaveLength(1);
    await desk.time.advance(20_000);
    await desk.pass();
    await desk.time.advance(60_000);
    await desk.pass();
    expect(desk.saved).toHaveLength(2);
    expect(desk.saved.at(-1)?.instruments[1]?.dataAgeMs).toBeLessThan(10_000);
  });

  it('is saved again when the store failed, and the failure is told', async () => {
    const desk = await begun();
    desk.failures = 1;
    desk.candle(BTC);
    await desk.time.advance(6_000);
    await desk.pass();
    expect([desk.saved.length, desk.reports.length]).toEqual([0, 1]);
    await desk.time.advance(20_000);
    await desk.pass();
    expect(desk.saved.at(-1)?.instruments).toHaveLength(2);
  });

  it('is saved at the end although nothing was due yet', async () => {
    const desk = await begun();
    desk.candle(BTC);
    desk.candle(ETH);
    await desk.recorder.flush();
    expect(desk.saved.at(-1)?.instruments).toHaveLength(2);
  });
});
