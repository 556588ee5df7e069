import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Time } from '../../platform/time.ts';
import type { VenueRequest, VenueResponse } from '../request.ts';
import type { VenueAccount } from '../venue-account.ts';

const answerShape = z.looseObject({
  retCode: z.number(),
  retMsg: z.string(),
  result: z.looseObject({ list: z.array(z.record(z.string(), z.unknown())).optional() }),
});

/** What the venue answered a person. */
export type ClientAnswer = z.infer<typeof answerShape>;

/** Who asks, as the venue's limits count it. */
const ADDRESS = 'person';

/** Speaks to the venue by its own protocol with an account's own key, as a person with the exchange's app does. */
export class VenueClient {
  private readonly accounts: readonly VenueAccount[];
  private readonly clock: Pick<Time, 'nowMs'>;
  private readonly answer: (request: VenueRequest) => VenueResponse;

  constructor(options: {
    readonly accounts: readonly VenueAccount[];
    readonly clock: Pick<Time, 'nowMs'>;
    readonly answer: (request: VenueRequest) => VenueResponse;
  }) {
    this.accounts = options.accounts;
    this.clock = options.clock;
    this.answer = options.answer;
  }

  /** Accounts there are, by number. */
  uids(): readonly string[] {
    return [...new Set(this.accounts.map((account) => account.uid))];
  }

  get(uid: string, path: string, query: Readonly<Record<string, string>>): ClientAnswer {
    return this.ask(uid, { method: 'GET', path, query: new URLSearchParams(query).toString(), body: '' });
  }

  post(uid: string, path: string, body: Readonly<Record<string, unknown>>): ClientAnswer {
    return this.ask(uid, { method: 'POST', path, query: '', body: JSON.stringify(body) });
  }

  private ask(uid: string, request: Pick<VenueRequest, 'method' | 'path' | 'query' | 'body'>): ClientAnswer {
    const account = this.accounts.find((each) => each.uid === uid);
    if (account === undefined) return { retCode: -1, retMsg: `there is no account ${uid}`, result: {} };
    const timestamp = String(this.clock.nowMs());
    const signed = `${timestamp}${account.apiKey}5000${request.query}${request.body}`;
    const { body } = this.answer({
      ...request,
      address: ADDRESS,
      headers: {
        'x-bapi-api-key': account.apiKey,
        'x-bapi-timestamp': timestamp,
        'x-bapi-recv-window': '5000',
        'x-bapi-sign': createHmac('sha256', account.apiSecret).update(signed).digest('hex'),
      },
    });
    const read = parseJson(body);
    return read ?? { retCode: -1, retMsg: 'the venue answered no JSON', result: {} };
  }
}

function parseJson(text: string): ClientAnswer | null {
  try {
    return answerShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
