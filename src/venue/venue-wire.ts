import type { Time } from '../platform/time.ts';
import type { Push, RequestStrike } from './fault/fault.ts';
import type { FaultBoard } from './fault/fault-board.ts';
import type { OpenChannels } from './fault/open-channels.ts';
import type { ChannelLink, ChannelSession, Delivery, VenueRequest, VenueResponse } from './request.ts';
import type { WireLog } from './wire-log.ts';

/** What stands behind the wire: a dialect. */
export interface WireEnd {
  answer(request: VenueRequest): VenueResponse;
  /** A text says why there is no channel for this client now. */
  refusesChannel(path: string, address: string): string | null;
  openChannel(path: string, link: ChannelLink): ChannelSession | null;
}

interface WireOptions {
  readonly end: WireEnd;
  readonly board: FaultBoard;
  readonly log: WireLog;
  readonly channels: OpenChannels;
  readonly time: Time;
}

/** The last stretch of wire before the venue: everything is written down here, and here faults strike it. */
export class VenueWire {
  private readonly options: WireOptions;
  private exchanges = 0;

  constructor(options: WireOptions) {
    this.options = options;
  }

  /** Takes a request in; `deliver` is called once, now or later. */
  receive(request: VenueRequest, deliver: (delivery: Delivery) => void): void {
    this.exchanges += 1;
    const exchangeId = this.exchanges;
    const { board, log, time } = this.options;
    log.request(exchangeId, time.nowMs(), request);
    if (board.isQuiet) {
      deliver({ kind: 'reply', response: this.answer(exchangeId, request), copies: 1 });
      return;
    }
    const strikes = [...board.hooks('onRequest')]
      .map((hook) => hook(request))
      .filter((each) => each !== null);
    this.carry({ exchangeId, request: movedRequest(request, strikes), strikes, deliver });
  }

  /** Takes in what no fault may strike: a person who sits elsewhere. */
  answerPerson(request: VenueRequest): VenueResponse {
    this.exchanges += 1;
    this.options.log.request(this.exchanges, this.options.time.nowMs(), request);
    return this.answer(this.exchanges, request);
  }

  /** Null: come in. A text says why not. */
  refusesChannel(path: string, address: string): string | null {
    for (const hook of this.options.board.hooks('onOpen')) {
      const refusal = hook(path);
      if (refusal !== null) return refusal;
    }
    return this.options.end.refusesChannel(path, address);
  }

  /** Null when there is no channel at this path. */
  openChannel(path: string, link: ChannelLink): ChannelSession | null {
    this.exchanges += 1;
    const channelId = this.exchanges;
    const { channels, end, log, time } = this.options;
    const note = (kind: 'opened' | 'closed' | 'received' | 'sent', text: string): void =>
      log.write({ timeMs: time.nowMs(), kind, exchangeId: channelId, path, text });
    const send = (text: string): void => {
      note('sent', text);
      link.send(text);
    };
    const session = end.openChannel(path, {
      ...(link.address === undefined ? {} : { address: link.address }),
      send: (text) => this.push({ channelId, path, text }, send),
      close: (detail) => link.close(detail),
    });
    if (session === null) return null;
    note('opened', '');
    channels.add({ channelId, path, close: (detail) => link.close(detail) });
    return {
      receive: (text) => {
        note('received', text);
        session.receive(text);
      },
      closed: () => {
        note('closed', '');
        channels.remove(channelId);
        session.closed();
      },
    };
  }

  private carry(passage: Passage): void {
    const { exchangeId, request, strikes, deliver } = passage;
    const fate = strikes.find((each) => each.request !== undefined)?.request;
    if (fate === 'lost') {
      deliver({ kind: 'silence' });
    } else if (typeof fate === 'object') {
      deliver({ kind: 'reset', response: null });
      this.options.time.after(fate.afterMs, () => this.answer(exchangeId, request));
    } else {
      if (fate === 'twice') this.answer(exchangeId, request);
      this.bringBack(passage, this.struckAnswer(passage));
    }
  }

  private struckAnswer({ exchangeId, request, strikes }: Passage): VenueResponse {
    for (const strike of strikes) strike.before?.();
    const instead = strikes.find((each) => each.instead !== undefined)?.instead;
    const answered = instead ?? this.answer(exchangeId, request);
    return strikes.reduce((response, strike) => strike.reply?.(response) ?? response, answered);
  }

  private bringBack({ exchangeId, request, strikes, deliver }: Passage, response: VenueResponse): void {
    const { log, time } = this.options;
    const transit = strikes.find((each) => each.transit !== undefined)?.transit;
    const bring = (delivery: Delivery): void => {
      const text = delivery.kind === 'reply' ? `${response.status} ${response.body}` : delivery.kind;
      log.write({ timeMs: time.nowMs(), kind: 'fault', exchangeId, path: request.path, text });
      deliver(delivery);
    };
    if (transit === 'lost') bring({ kind: 'silence' });
    else if (transit === 'reset') bring({ kind: 'reset', response });
    else if (typeof transit === 'object')
      time.after(transit.afterMs, () => bring({ kind: 'reply', response, copies: 1 }));
    else if (strikes.length === 0) deliver({ kind: 'reply', response, copies: 1 });
    else bring({ kind: 'reply', response, copies: transit === 'twice' ? 2 : 1 });
  }

  private answer(exchangeId: number, request: VenueRequest): VenueResponse {
    const response = this.options.end.answer(request);
    this.options.log.reply(exchangeId, this.options.time.nowMs(), { path: request.path, response });
    return response;
  }

  /** A message passes the faults one after the other; each may hold it, change it or make more of it. */
  private push(told: Omit<Push, 'topic'>, send: (text: string) => void): void {
    const { board, time } = this.options;
    if (board.isQuiet) {
      send(told.text);
      return;
    }
    const topic = topicOf(told.text);
    let leaving: readonly { readonly text: string; readonly afterMs: number }[] = [
      { text: told.text, afterMs: 0 },
    ];
    for (const hook of board.hooks('onPush')) {
      leaving = leaving.flatMap((each) => {
        const pushed = hook({ ...told, topic, text: each.text }) ?? [{ text: each.text, afterMs: 0 }];
        return pushed.map(({ text, afterMs }) => ({ text, afterMs: afterMs + each.afterMs }));
      });
    }
    for (const { text, afterMs } of leaving) {
      if (afterMs === 0) send(text);
      else time.after(afterMs, () => send(text));
    }
  }
}

interface Passage {
  readonly exchangeId: number;
  readonly request: VenueRequest;
  readonly strikes: readonly RequestStrike[];
  readonly deliver: (delivery: Delivery) => void;
}

function movedRequest(request: VenueRequest, strikes: readonly RequestStrike[]): VenueRequest {
  const path = strikes.find((each) => each.path !== undefined)?.path;
  return path === undefined ? request : { ...request, path };
}

/** Both kinds of stream name their topic among the first words of a message. */
function topicOf(text: string): string {
  return /"topic":"([^"]+)"/.exec(text.slice(0, 200))?.[1] ?? '';
}
