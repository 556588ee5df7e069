import { type Decimal, ZERO } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import type { ExecutionKind, MatchingFill } from '../../../core/matching/account-state.ts';
import type { Posting, PostingKind } from '../../../core/matching/ledger.ts';
import { CATEGORY, moneyText, priceText, quantityText, SETTLE_COIN, SIDES, toMoney } from './words.ts';

/** What moved money once: the postings of one fill, or one without any. */
export interface Transaction {
  readonly postings: readonly [Posting, ...Posting[]];
  readonly fill: MatchingFill | null;
  readonly instrument: Instrument | null;
}

const OF_FILL: Readonly<Record<ExecutionKind, string>> = {
  trade: 'TRADE',
  funding: 'SETTLEMENT',
  liquidation: 'LIQUIDATION',
  deleveraging: 'ADL',
  delivery: 'DELIVERY',
};

const OF_POSTING: Readonly<Record<PostingKind, string>> = {
  deposit: 'TRANSFER_IN',
  withdrawal: 'TRANSFER_OUT',
  'transfer-in': 'TRANSFER_IN',
  'transfer-out': 'TRANSFER_OUT',
  bonus: 'BONUS',
  'fee-refund': 'FEE_REFUND',
  insurance: 'LIQUIDATION',
  'realised-pnl': 'TRADE',
  fee: 'TRADE',
  funding: 'SETTLEMENT',
};

/** Every word `type` may be asked for. */
export const TRANSACTION_TYPES: ReadonlySet<string> = new Set([
  ...Object.values(OF_FILL),
  ...Object.values(OF_POSTING),
]);

/** Bybit's word for what happened. A liquidation by the book is a trade to it, under another name. */
export function transactionType({ postings, fill }: Transaction): string {
  if (fill === null) return OF_POSTING[postings[0].kind];
  return fill.order?.origin === 'liquidation' ? OF_FILL.liquidation : OF_FILL[fill.execution];
}

/**
 * A movement of money as `account/transaction-log` lists it: change = cash flow + funding - fee, and the changes add up to
 * the balance as it is told, whose last place is not the last of ours. The cash flow bears what that rounds.
 */
export function transactionRow(transaction: Transaction): Record<string, unknown> {
  const { postings, fill, instrument } = transaction;
  const last = postings[postings.length - 1] ?? postings[0];
  const sumOf = (concerns: (kind: PostingKind) => boolean): Decimal =>
    toMoney(postings.reduce((sum, each) => (concerns(each.kind) ? sum.plus(each.amount) : sum), ZERO));
  const before = postings[0].balanceAfter.minus(postings[0].amount);
  const change = toMoney(last.balanceAfter).minus(toMoney(before));
  const funding = sumOf((kind) => kind === 'funding');
  const fee = sumOf((kind) => kind === 'fee').negated();
  return {
    id: `${last.sequence}`,
    symbol: instrument?.exchangeSymbol ?? '',
    side: sideOf(fill),
    funding: fill?.execution === 'funding' ? moneyText(funding) : '',
    orderLinkId: fill?.order?.clientOrderId ?? '',
    orderId: fill?.order?.orderId ?? '',
    fee: moneyText(fee),
    change: moneyText(change),
    cashFlow: moneyText(change.minus(funding).plus(fee)),
    transactionTime: String(last.timeMs),
    type: transactionType(transaction),
    transSubType: '',
    feeRate: fill === null ? '' : moneyText(feeRate(fill)),
    bonusChange: postings[0].kind === 'bonus' ? moneyText(change) : '',
    ...sizes(fill, instrument),
    cashBalance: moneyText(last.balanceAfter),
    currency: SETTLE_COIN,
    category: fill === null ? '' : CATEGORY,
    tradeId: fill?.fillId ?? '',
    extraFees: '',
  };
}

/** Of funding the side is the position's: a buyer pays a positive rate. */
function sideOf(fill: MatchingFill | null): string {
  if (fill === null) return 'None';
  if (fill.execution !== 'funding') return SIDES[fill.side];
  return fill.heldAfter.isNegative() ? SIDES.sell : SIDES.buy;
}

function feeRate(fill: MatchingFill): Decimal {
  const isShort = fill.execution === 'funding' && fill.heldAfter.isNegative();
  return isShort ? fill.feeRate.negated() : fill.feeRate;
}

function sizes(fill: MatchingFill | null, instrument: Instrument | null): Record<string, string> {
  if (fill === null || instrument === null) return { size: '0', qty: '', tradePrice: '' };
  return {
    size: quantityText(fill.heldAfter, instrument),
    qty: quantityText(fill.quantity, instrument),
    tradePrice: priceText(fill.price, instrument),
  };
}
