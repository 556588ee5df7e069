import type { z } from 'zod';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { type Reply, refused } from './reply.ts';

/** Who asks: the account of the key, and the key itself. */
interface Caller {
  readonly account: TradingAccount;
  readonly apiKey: string;
}

/** A request that has passed the gate. `input` is the query's fields, or the parsed JSON body. */
export interface PublicCall {
  readonly floor: TradingFloor;
  readonly input: unknown;
}

export interface PrivateCall extends PublicCall {
  readonly caller: Caller;
  /** Of a request that counts for several: how many of them this second still lets through. */
  readonly granted: number;
}

interface RouteBase {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

/** An endpoint anyone may call; limited by IP only. */
export interface PublicRoute extends RouteBase {
  readonly access: 'public';
  readonly answer: (call: PublicCall) => Reply;
}

/** An endpoint of an account; limited per account and second too. */
export interface PrivateRoute extends RouteBase {
  readonly access: 'private';
  readonly perSecond: number;
  /** For how many the input counts; 1 when absent. */
  readonly cost?: (input: unknown) => number;
  readonly answer: (call: PrivateCall) => Reply;
}

export type Route = PublicRoute | PrivateRoute;

/** Parses the input by the schema, then answers; what does not parse is a parameter error. */
export function parsed<S extends z.ZodType, C extends PublicCall>(
  schema: S,
  answer: (input: z.output<S>, call: C) => Reply,
): (call: C) => Reply {
  return (call) => {
    const read = schema.safeParse(call.input);
    if (read.success) return answer(read.data, call);
    const issue = read.error.issues[0];
    return refused(10001, `params error: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is malformed'}`);
  };
}
