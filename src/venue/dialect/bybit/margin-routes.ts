import { z } from 'zod';
import { parseDecimal } from '../../../core/base/decimal.ts';
import { entryPrice } from '../../../core/matching/matching-position.ts';
import type { PositionKey } from '../../../core/matching/trading-account.ts';
import { findInstrument, positionIndexInput } from './input.ts';
import { positionRow } from './position-row.ts';
import { parameterError, type Reply, refused, refusedBy, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { CATEGORY } from './words.ts';

/** Below zero takes margin back. */
const signedInput = z.string().transform((text, context) => {
  const value = parseDecimal(text);
  if (value !== null && !value.isZero()) return value;
  context.addIssue({ code: 'custom', message: 'is not a number other than zero' });
  return z.NEVER;
});

const addInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  margin: signedInput,
  positionIdx: positionIndexInput,
});

const autoInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  autoAddMargin: z.union([z.literal(0), z.literal(1)]),
  positionIdx: positionIndexInput,
});

const confirmInput = z.object({ category: z.literal(CATEGORY), symbol: z.string() });

/** The fields of a position that `position/add-margin` answers with. */
const ADDED_FIELDS = [
  'symbol',
  'positionIdx',
  'riskId',
  'riskLimitValue',
  'size',
  'positionValue',
  'avgPrice',
  'liqPrice',
  'bustPrice',
  'markPrice',
  'leverage',
  'autoAddMargin',
  'positionStatus',
  'positionIM',
  'positionMM',
  'unrealisedPnl',
  'cumRealisedPnl',
  'stopLoss',
  'takeProfit',
  'trailingStop',
  'createdTime',
  'updatedTime',
] as const;

/** The endpoints of isolated margin. */
export const marginRoutes: readonly PrivateRoute[] = [
  {
    method: 'POST',
    path: '/v5/position/add-margin',
    access: 'private',
    perSecond: 10,
    answer: parsed(addInput, (input, call: PrivateCall) => addMargin(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/position/set-auto-add-margin',
    access: 'private',
    perSecond: 10,
    answer: parsed(autoInput, (input, call: PrivateCall) => setAutoAdd(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/position/switch-isolated',
    access: 'private',
    perSecond: 10,
    answer: () => refused(100_028, 'The API cannot be accessed by unified account users.'),
  },
  {
    method: 'POST',
    path: '/v5/position/confirm-pending-mmr',
    access: 'private',
    perSecond: 10,
    answer: parsed(confirmInput, (input, call: PrivateCall) =>
      findInstrument(call.floor, input.symbol) === null ? unknown(input.symbol) : result({}),
    ),
  },
];

function addMargin(input: z.output<typeof addInput>, call: PrivateCall): Reply {
  const key = keyOf(input, call);
  if (key === null) return unknown(input.symbol);
  const added = call.floor.act(call.caller.account, (account) => account.addMargin(key, input.margin));
  if (!added.ok) return refusedBy(added.error);
  const instrument = call.floor.instrumentOf(key.instrumentId);
  const position = call.caller.account.position(key);
  if (instrument === null || entryPrice(position) === null) return unknown(input.symbol);
  const row = positionRow({ floor: call.floor, account: call.caller.account }, position, instrument);
  const fields = ADDED_FIELDS.map((field) => [field, row[field]] as const);
  return result({ category: CATEGORY, ...Object.fromEntries(fields) });
}

function setAutoAdd(input: z.output<typeof autoInput>, call: PrivateCall): Reply {
  const key = keyOf(input, call);
  if (key === null) return unknown(input.symbol);
  const { account } = call.caller;
  if (account.marginMode === 'cross') {
    return refused(110_076, 'Only isolated mode can set auto-add-margin');
  }
  const set = call.floor.act(account, (each) => each.setAddsCollateral(key, input.autoAddMargin === 1));
  return set.ok ? result({}) : refusedBy(set.error);
}

function keyOf(
  input: { readonly symbol: string; readonly positionIdx: 0 | 1 | 2 },
  call: PrivateCall,
): PositionKey | null {
  const instrument = findInstrument(call.floor, input.symbol);
  return instrument === null ? null : { instrumentId: instrument.id, positionIndex: input.positionIdx };
}

function unknown(symbol: string): Reply {
  return parameterError(`symbol invalid ${symbol}`);
}
