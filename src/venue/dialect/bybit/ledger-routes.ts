import { z } from 'zod';
import { type Decimal, ZERO } from '../../../core/base/decimal.ts';
import type { MatchingFill } from '../../../core/matching/account-state.ts';
import type { Posting } from '../../../core/matching/ledger.ts';
import { textInput, timeInput, wholeNumber } from './input.ts';
import { page } from './page.ts';
import { parameterError, type Reply, refused, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { TRANSACTION_TYPES, type Transaction, transactionRow, transactionType } from './transaction-row.ts';
import { baseCoin, CATEGORIES, CATEGORY, moneyText, SETTLE_COIN } from './words.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

const logInput = z.object({
  accountType: textInput,
  category: z.enum([...CATEGORIES, '']).nullish(),
  currency: textInput,
  baseCoin: textInput,
  type: textInput,
  transSubType: textInput,
  startTime: timeInput,
  endTime: timeInput,
  limit: wholeNumber({ min: 1, max: 50, usual: 20 }),
  cursor: textInput,
});

const withdrawalInput = z.object({ coinName: z.string().min(1) });
const balanceInput = z.object({ accountType: z.string(), coin: textInput, memberId: textInput });

/** The endpoints that tell where the money went, and what of it may leave. */
export const ledgerRoutes: readonly PrivateRoute[] = [
  {
    method: 'GET',
    path: '/v5/account/transaction-log',
    access: 'private',
    perSecond: 25,
    answer: parsed(logInput, (input, call: PrivateCall) => transactionLog(input, call)),
  },
  {
    method: 'GET',
    path: '/v5/account/withdrawal',
    access: 'private',
    perSecond: 50,
    answer: parsed(withdrawalInput, (input, call: PrivateCall) => withdrawal(input, call)),
  },
  {
    method: 'GET',
    path: '/v5/asset/transfer/query-account-coins-balance',
    access: 'private',
    perSecond: 5,
    answer: parsed(balanceInput, (input, call: PrivateCall) => coinBalances(input, call)),
  },
];

/** Newest first; without a window the last 24 hours. */
function transactionLog(input: z.output<typeof logInput>, call: PrivateCall): Reply {
  if (input.accountType !== '' && input.accountType !== 'UNIFIED') {
    return refused(10001, 'accountType only support UNIFIED.');
  }
  if (input.type !== '' && !TRANSACTION_TYPES.has(input.type)) return parameterError('type is invalid');
  const window = windowOf(input, call.floor.nowMs());
  if (window === null) {
    return refused(10001, 'The time range between startTime and endTime cannot exceed 7 days');
  }
  const wanted = transactions(call, window).filter((each) => isWanted(each, input));
  const { rows, nextPageCursor } = page(wanted.toReversed(), input, (each) =>
    String(each.postings[0].sequence),
  );
  return result({ list: rows.map(transactionRow), nextPageCursor });
}

interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Postings of the same fill are one movement. Oldest first; what is older than the window is not looked at. */
function transactions(call: PrivateCall, { fromMs, untilMs }: Window): Transaction[] {
  const { account } = call.caller;
  const postings = account.ledger.postings();
  const inWindow = postings.slice(postings.findLastIndex((each) => each.timeMs < fromMs) + 1);
  const fills = new Map<string, MatchingFill>();
  for (const fill of inWindow.length === 0 ? [] : account.fills()) {
    if (fill.timeMs < fromMs) break;
    fills.set(fill.fillId, fill);
  }
  const groups: [Posting, ...Posting[]][] = [];
  for (const posting of inWindow.filter((each) => each.timeMs <= untilMs)) {
    const open = groups.at(-1);
    if (open !== undefined && posting.fillId !== null && open[0].fillId === posting.fillId)
      open.push(posting);
    else groups.push([posting]);
  }
  return groups.map((group) => {
    const { fillId, instrumentId } = group[0];
    return {
      postings: group,
      fill: fillId === null ? null : (fills.get(fillId) ?? null),
      instrument: instrumentId === null ? null : call.floor.instrumentOf(instrumentId),
    };
  });
}

function isWanted(transaction: Transaction, input: z.output<typeof logInput>): boolean {
  const { fill, instrument } = transaction;
  const category = input.category ?? '';
  if (category !== '' && (category !== CATEGORY || fill === null)) return false;
  if (input.currency !== '' && input.currency !== SETTLE_COIN) return false;
  if (input.transSubType !== '') return false;
  const isCoin = input.baseCoin === '' || (instrument !== null && baseCoin(instrument) === input.baseCoin);
  return isCoin && (input.type === '' || transactionType(transaction) === input.type);
}

/** Null when it is longer than seven days. */
function windowOf(
  input: { readonly startTime: number | null; readonly endTime: number | null },
  nowMs: number,
): Window | null {
  const { startTime, endTime } = input;
  const untilMs = endTime ?? (startTime === null ? nowMs : startTime + DAY_MS);
  const fromMs = startTime ?? untilMs - DAY_MS;
  return untilMs - fromMs > WEEK_MS ? null : { fromMs, untilMs };
}

function withdrawal(input: z.output<typeof withdrawalInput>, call: PrivateCall): Reply {
  const coins = input.coinName.split(',');
  const amountOf = (coin: string | undefined): Decimal =>
    coin === SETTLE_COIN ? call.caller.account.withdrawable() : ZERO;
  return result({
    availableWithdrawal: moneyText(amountOf(coins[0])),
    availableWithdrawalMap: Object.fromEntries(coins.map((coin) => [coin, moneyText(amountOf(coin))])),
  });
}

function coinBalances(input: z.output<typeof balanceInput>, call: PrivateCall): Reply {
  const { account } = call.caller;
  const isHere = input.accountType === 'UNIFIED' && (input.coin === '' || input.coin.includes(SETTLE_COIN));
  const row = {
    coin: SETTLE_COIN,
    walletBalance: moneyText(account.ledger.balance),
    transferBalance: moneyText(account.withdrawable()),
    bonus: '',
  };
  return result({
    memberId: account.uid,
    accountType: input.accountType,
    balance: isHere ? [row] : [],
  });
}
