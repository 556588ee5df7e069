import { z } from 'zod';
import type { PositionIndex } from '../../../core/matching/matching-order.ts';
import type { MatchingPosition } from '../../../core/matching/matching-position.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import { categoryInput, decimalInput, findInstrument, textInput, wholeNumber } from './input.ts';
import { page } from './page.ts';
import { positionRow } from './position-row.ts';
import { parameterError, type Reply, refused, refusedBy, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { CATEGORY, SETTLE_COIN } from './words.ts';

const listInput = z.object({
  category: categoryInput,
  symbol: textInput,
  settleCoin: textInput,
  limit: wholeNumber({ min: 1, max: 200, usual: 20 }),
  cursor: textInput,
});

const leverageInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  buyLeverage: decimalInput,
  sellLeverage: decimalInput,
});

const modeInput = z.object({
  category: z.literal(CATEGORY),
  symbol: textInput,
  coin: textInput,
  mode: z.union([z.literal(0), z.literal(3)]),
});

export const positionRoutes: readonly PrivateRoute[] = [
  {
    method: 'GET',
    path: '/v5/position/list',
    access: 'private',
    perSecond: 50,
    answer: parsed(listInput, (input, call: PrivateCall) => positions(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/position/set-leverage',
    access: 'private',
    perSecond: 10,
    answer: parsed(leverageInput, (input, call: PrivateCall) => setLeverage(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/position/switch-mode',
    access: 'private',
    perSecond: 10,
    answer: parsed(modeInput, (input, call: PrivateCall) => switchMode(input, call)),
  },
];

/** By symbol: rows even when flat, two in hedge mode. By coin: open positions only. */
function positions(input: z.output<typeof listInput>, call: PrivateCall): Reply {
  const { floor, caller } = call;
  const { category } = input;
  if (category !== CATEGORY) return result({ list: [], nextPageCursor: '', category });
  if (input.symbol === '' && input.settleCoin === '') {
    return refused(10001, 'params error: symbol or settleCoin is required');
  }
  const instrument = findInstrument(floor, input.symbol);
  if (input.symbol !== '' && instrument === null) return parameterError('symbol invalid');
  const all =
    instrument === null
      ? openPositions(caller.account, input.settleCoin)
      : positionIndexes(caller.account, instrument.id).map((positionIndex) =>
          caller.account.position({ instrumentId: instrument.id, positionIndex }),
        );
  const { rows, nextPageCursor } = page(all, input, (each) => `${each.instrumentId}_${each.positionIndex}`);
  const list = rows.map((position) => {
    const listed = floor.instrumentOf(position.instrumentId);
    return listed === null ? null : positionRow({ floor, account: caller.account }, position, listed);
  });
  return result({ list: list.filter((row) => row !== null), nextPageCursor, category });
}

function openPositions(account: TradingAccount, settleCoin: string): readonly MatchingPosition[] {
  return settleCoin === SETTLE_COIN ? account.openPositions() : [];
}

function positionIndexes(
  account: TradingAccount,
  instrumentId: MatchingPosition['instrumentId'],
): readonly PositionIndex[] {
  return account.isHedged(instrumentId) ? [1, 2] : [0];
}

function setLeverage(input: z.output<typeof leverageInput>, call: PrivateCall): Reply {
  const instrument = findInstrument(call.floor, input.symbol);
  if (instrument === null) return parameterError(`symbol invalid ${input.symbol}`);
  if (!input.buyLeverage.equals(input.sellLeverage)) {
    return parameterError('buy leverage must be equal to sell leverage in cross margin');
  }
  const set = call.floor.act(call.caller.account, (account) =>
    account.setLeverage(instrument.id, input.buyLeverage),
  );
  return set.ok ? result({}) : refusedBy(set.error);
}

function switchMode(input: z.output<typeof modeInput>, call: PrivateCall): Reply {
  const instrument = findInstrument(call.floor, input.symbol);
  if (input.symbol !== '' && instrument === null) return parameterError(`symbol invalid ${input.symbol}`);
  if (input.symbol === '' && input.coin !== SETTLE_COIN) return parameterError('symbol or coin is required');
  const set = call.floor.act(call.caller.account, (account) =>
    account.setHedged(instrument?.id ?? null, input.mode === 3),
  );
  return set.ok ? result({}) : refusedBy(set.error);
}
