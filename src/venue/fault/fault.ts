import type { z } from 'zod';
import { err, ok, type Result } from '../../core/base/result.ts';
import type { Rng } from '../../core/base/rng.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import type { Time } from '../../platform/time.ts';
import type { Quote } from '../market/market-source.ts';
import type { VenueRequest, VenueResponse } from '../request.ts';
import type { TradingFloor } from '../trading-floor.ts';
import { unknownName } from './known-names.ts';
import type { OpenChannels } from './open-channels.ts';
import type { PriceBends } from './price-bend.ts';
import type { VenueClient } from './venue-client.ts';
import type { VenueClock } from './venue-clock.ts';

/** What a fault may do to one request. What is absent is left as it is. */
export interface RequestStrike {
  /** Never reaches the venue; or late, when nobody waits any more; or twice, and the second answer is given. */
  readonly request?: 'lost' | 'twice' | { readonly afterMs: number };
  /** Somebody else answers: the venue never hears of it. */
  readonly instead?: VenueResponse;
  /** Another path than was asked for. The signature does not cover it. */
  readonly path?: string;
  /** Done when the request has arrived, before the venue answers. */
  readonly before?: () => void;
  /** What becomes of the venue's answer. */
  readonly reply?: (response: VenueResponse) => VenueResponse;
  /** What happens to the answer on its way. */
  readonly transit?: 'lost' | 'reset' | 'twice' | { readonly afterMs: number };
}

/** A message to a client, about to leave. */
export interface Push {
  /** Of the channel: a fault may keep something for each. */
  readonly channelId: number;
  readonly path: string;
  /** Empty for an answer to the client's own frame. */
  readonly topic: string;
  readonly text: string;
}

/** What leaves instead of a message, in this order; nothing when it is empty. */
export type Pushed = readonly { readonly text: string; readonly afterMs: number }[];

/** Where a fault takes hold. Hooks are asked only while the fault is active; null means: not this time. */
export interface FaultHooks {
  readonly onRequest?: (request: VenueRequest) => RequestStrike | null;
  readonly onPush?: (push: Push) => Pushed | null;
  /** A client wants to open a channel; a text refuses it. */
  readonly onOpen?: (path: string) => string | null;
  readonly onQuote?: (quote: Quote, instrument: Instrument) => Quote;
  /** Null: the instrument is not listed. */
  readonly onInstrument?: (instrument: Instrument) => Instrument | null;
  /** True while quotes of instruments change although the market stands still. */
  readonly movesPrices?: () => boolean;
  /** An order the venue accepts and then rejects. */
  readonly rejectsLate?: () => boolean;
  /** Called once a market step. */
  readonly onStep?: () => void;
  /** The fault is over by itself so long after it began. */
  readonly lastsMs?: number;
  /** The fault is over. */
  readonly end?: () => void;
}

/** What a fault has at hand. */
export interface FaultSite {
  readonly floor: TradingFloor;
  /** The true time; the venue's own clock may be wrong. */
  readonly time: Time;
  readonly clock: VenueClock;
  readonly dice: Rng;
  readonly channels: OpenChannels;
  readonly bends: PriceBends;
  /** Speaks to the venue by its own protocol, as a person at the account does. */
  readonly client: VenueClient;
  /** Counts and logs that the fault did something. False: it has done enough, leave it. */
  readonly strike: (detail: string) => boolean;
}

/** A way to misbehave: its name, its parameters, and what it does. */
export interface FaultKind {
  readonly name: string;
  /** One sentence for people. */
  readonly purpose: string;
  readonly params: z.ZodType;
  /** The error names the parameter and what it takes. */
  readonly open: (input: unknown, site: FaultSite) => Result<FaultHooks, string>;
}

/** Ties parameters and deed of a fault together, so that the deed sees them parsed. */
export function faultKind<S extends z.ZodType>(kind: {
  readonly name: string;
  readonly purpose: string;
  readonly params: S;
  readonly hooks: (params: z.output<S>, site: FaultSite) => FaultHooks;
}): FaultKind {
  const { name, purpose, params, hooks } = kind;
  return {
    name,
    purpose,
    params,
    open: (input, site) => {
      const parsed = params.safeParse(input);
      if (!parsed.success) return err(`${name}: ${firstIssue(parsed.error)}`);
      const unknown = unknownName(parsed.data, site.floor);
      return unknown === null ? ok(hooks(parsed.data, site)) : err(`${name}: ${unknown}`);
    },
  };
}

/** The first thing wrong, with the parameter it is about. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'cannot be used'}`;
}
