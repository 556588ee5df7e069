import { z } from 'zod';
import type { ChannelLink, ChannelSession } from '../../request.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { VenueAccount } from '../../venue-account.ts';
import type { Credentials } from './credentials.ts';
import type { EndpointUse } from './rate-gate.ts';
import { envelope, type Reply, refused } from './reply.ts';
import type { BybitRest } from './rest.ts';
import { Silence } from './silence.ts';

/** Operations and the endpoints that do the same. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['order.create', '/v5/order/create'],
  ['order.amend', '/v5/order/amend'],
  ['order.cancel', '/v5/order/cancel'],
  ['order.create-batch', '/v5/order/create-batch'],
  ['order.amend-batch', '/v5/order/amend-batch'],
  ['order.cancel-batch', '/v5/order/cancel-batch'],
]);
const REQUEST_ID_LETTERS_MAX = 36;
/** Requests of a connection whose ids are remembered. */
const REQUEST_IDS_KEPT = 10_000;
const DEFAULT_WINDOW_MS = 5000;
const AHEAD_MS = 1000;

const frameShape = z.looseObject({
  op: z.string(),
  reqId: z.string().max(REQUEST_ID_LETTERS_MAX).optional(),
  header: z.record(z.string(), z.unknown()).optional(),
  args: z.array(z.unknown()).optional(),
});
type TradeFrame = z.output<typeof frameShape>;

interface Trader {
  readonly link: ChannelLink;
  readonly connectionId: string;
  readonly requestIds: Set<string>;
  account: VenueAccount | null;
}

interface StreamAnswer {
  readonly reply: Reply;
  readonly use: EndpointUse | null;
}

/** `/v5/trade`: orders by stream. Login first; an answer says accepted, what became of it comes by push. */
export class TradeHub {
  private readonly floor: TradingFloor;
  private readonly credentials: Credentials;
  private readonly rest: BybitRest;
  private connections = 0;

  constructor(floor: TradingFloor, credentials: Credentials, rest: BybitRest) {
    this.floor = floor;
    this.credentials = credentials;
    this.rest = rest;
  }

  open(link: ChannelLink): ChannelSession {
    this.connections += 1;
    const connectionId = `trade-${this.connections}`;
    const trader: Trader = { link, connectionId, requestIds: new Set(), account: null };
    const silence = new Silence(this.floor.time, () => link.close('nothing heard for 10 minutes'));
    return {
      receive: (text) => {
        silence.heard();
        this.receive(trader, text);
      },
      closed: () => silence.stop(),
    };
  }

  private receive(trader: Trader, text: string): void {
    const frame = parseTradeFrame(text);
    if (frame === null) {
      this.tell(trader, { op: '' }, { reply: refused(10001, 'Params Error'), use: null });
    } else if (frame.op === 'ping') {
      const pong = { retCode: 0, retMsg: 'OK', op: 'pong', data: [String(this.floor.nowMs())] };
      trader.link.send(JSON.stringify({ ...pong, connId: trader.connectionId }));
    } else if (frame.op === 'auth') {
      this.login(trader, frame);
    } else {
      this.tell(trader, frame, this.answer(trader, frame));
    }
  }

  private login(trader: Trader, frame: TradeFrame): void {
    const [apiKey, expires, signature] = frame.args ?? [];
    const isSound = typeof apiKey === 'string' && typeof signature === 'string';
    const account = isSound
      ? this.credentials.verifyStream({
          apiKey,
          expiresMs: Number(expires),
          expiresText: String(expires),
          signature,
          address: trader.link.address ?? '',
          nowMs: this.floor.nowMs(),
        })
      : null;
    trader.account = account ?? trader.account;
    const [retCode, retMsg] = account === null ? [10004, 'Invalid sign'] : [0, 'OK'];
    const requestId = frame.reqId === undefined ? {} : { reqId: frame.reqId };
    trader.link.send(
      JSON.stringify({ ...requestId, retCode, retMsg, op: 'auth', connId: trader.connectionId }),
    );
  }

  private answer(trader: Trader, frame: TradeFrame): StreamAnswer {
    const refusal = this.refusal(trader, frame);
    const path = OPERATIONS.get(frame.op);
    const { account } = trader;
    if (refusal !== null || path === undefined || account === null) {
      return { reply: refusal ?? refused(10404, 'op type is not found'), use: null };
    }
    if (frame.reqId !== undefined) remember(trader.requestIds, frame.reqId);
    return this.rest.answerStream(account, path, frame.args?.[0]);
  }

  /** Null when the frame may be carried out. */
  private refusal(trader: Trader, frame: TradeFrame): Reply | null {
    if (trader.account === null) return refused(10003, 'Request not authorized');
    if (!OPERATIONS.has(frame.op)) return refused(10404, 'op type is not found');
    if (frame.reqId !== undefined && trader.requestIds.has(frame.reqId)) {
      return refused(20006, 'reqId is duplicated');
    }
    const timestampMs = Number(frame.header?.['X-BAPI-TIMESTAMP'] ?? Number.NaN);
    const windowMs = Number(frame.header?.['X-BAPI-RECV-WINDOW'] ?? DEFAULT_WINDOW_MS);
    const nowMs = this.floor.nowMs();
    const isTimely = nowMs - windowMs <= timestampMs && timestampMs < nowMs + AHEAD_MS;
    if (!isTimely) return refused(10002, 'invalid request, please check your timestamp or recv_window param');
    const terms = this.floor.keys.termsOf(trader.account.apiKey);
    const isAllowed = terms?.permissions.includes('trade') === true;
    return isAllowed ? null : refused(10005, 'Permission denied, please check your API key permissions.');
  }

  private tell(trader: Trader, frame: Pick<TradeFrame, 'op' | 'reqId'>, { reply, use }: StreamAnswer): void {
    const { retCode, retMsg, result, retExtInfo } = JSON.parse(envelope(reply, this.floor.nowMs()));
    const limits =
      use === null
        ? {}
        : {
            'X-Bapi-Limit': String(use.limit),
            'X-Bapi-Limit-Status': String(use.remaining),
            'X-Bapi-Limit-Reset-Timestamp': String(use.resetMs),
          };
    const requestId = frame.reqId === undefined ? {} : { reqId: frame.reqId };
    trader.link.send(
      JSON.stringify({
        ...requestId,
        retCode,
        retMsg,
        op: frame.op,
        data: result,
        retExtInfo,
        header: { ...limits, Traceid: trader.connectionId, Timenow: String(this.floor.nowMs()) },
        connId: trader.connectionId,
      }),
    );
  }
}

function parseTradeFrame(text: string): TradeFrame | null {
  try {
    return frameShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The oldest id makes room: a connection may live long. */
function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  const oldest = ids.values().next();
  if (ids.size > REQUEST_IDS_KEPT && oldest.done !== true) ids.delete(oldest.value);
}
