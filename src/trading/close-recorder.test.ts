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
import type { CloseRecord } from '../core/engine/close-record.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { CloseLog } from '../store/store.ts';
import { CloseRecorder } from './close-recorder.ts';

/** An engine with a signal on BTC and none on ETH, one candle before the close that is recorded. */
class Desk {
  readonly story = new Story();
  readonly saved: CloseRecord[] = [];
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
