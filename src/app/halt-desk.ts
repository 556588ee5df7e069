import type { Actor } from '../http/caller.ts';
import type { HaltApi } from '../http/halt-api.ts';
import type { Time } from '../platform/time.ts';
import type { TradingService } from './trading-service.ts';

/** The kill switch of a running bots service. */
export class HaltDesk implements HaltApi {
  private readonly trading: TradingService;
  private readonly time: Time;

  constructor(parts: { readonly trading: TradingService; readonly time: Time }) {
    this.trading = parts.trading;
    this.time = parts.time;
  }

  async halt(actor: Actor, reason: string): Promise<string> {
    const latching = this.trading.halt.press({ sinceMs: this.time.nowMs(), by: actor.name, reason });
    this.trading.noteHalt();
    const outlives = await latching;
    const { reason: stands } = this.trading.mode();
    const word =
      this.trading.halt.reading()?.clearMs === null ? ' Resting entries are being taken back.' : '';
    const weak = outlives
      ? ''
      : ' It could not be written to the home folder yet: it holds while this service runs, and is written as soon as it can be.';
    return `${stands}${word}${weak}`;
  }
}
