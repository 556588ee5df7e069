import { z } from 'zod';
import { type Decimal, decimal, minDecimal } from '../../core/base/decimal.ts';
import type { TradingAccount } from '../../core/matching/trading-account.ts';
import { FEE_TIERS } from '../fee-tier.ts';
import type { KeyPermission, KeyTerms } from '../key-terms.ts';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind } from './fault.ts';
import { durationOr, numberInput, symbolInput } from './fault-input.ts';

const uid = z.string().optional();
/** Eight places. */
const WALLET_UNITS = 100_000_000;
const MONEY_MAX = 1_000_000_000;
const RIGHTS: Readonly<Record<'nothing' | 'read' | 'trade' | 'withdraw', readonly KeyPermission[]>> = {
  nothing: [],
  read: ['read'],
  trade: ['read', 'trade'],
  withdraw: ['read', 'trade', 'withdraw'],
};
const LEVELS = FEE_TIERS.map((tier) => tier.level);
/** Done at once, and over. */
const DONE: FaultHooks = { lastsMs: 0 };

/** What the exchange's own people do to accounts and keys: money, rights, fees, deleveraging. */
export const officeFaults: readonly FaultKind[] = [
  faultKind({
    name: 'money-moves',
    purpose: 'Money comes to an account or leaves it without a trade.',
    params: z.strictObject({
      uid,
      kind: z.enum(['deposit', 'withdrawal', 'transfer-in', 'transfer-out', 'bonus', 'fee-refund']),
      amount: numberInput({ min: 0, max: MONEY_MAX, usual: 100 }),
    }),
    hooks: ({ uid: who, kind, amount }, site) => {
      const leaves = kind === 'withdrawal' || kind === 'transfer-out';
      return forAccounts(who, site, `${kind} ${amount}`, (account) => {
        const asked = decimal(amount);
        const given = leaves ? minusOf(account, asked) : asked;
        account.transfer(kind, given);
      });
    },
  }),
  faultKind({
    name: 'key-rights',
    purpose: 'A key may do less, or more, than before; at the end it is as it was.',
    params: z.strictObject({ uid, may: z.enum(['nothing', 'read', 'trade', 'withdraw']).default('read') }),
    hooks: ({ uid: who, may }, site) =>
      withKeys(who, site, may, (terms) => ({ ...terms, permissions: RIGHTS[may] })),
  }),
  faultKind({
    name: 'key-expires',
    purpose: 'A key expires after a while; at the end it works again.',
    params: z.strictObject({ uid, in: durationOr(0) }),
    hooks: ({ uid: who, in: inMs }, site) => {
      const expiresMs = site.clock.nowMs() + inMs;
      return withKeys(who, site, `in ${inMs} ms`, (terms) => ({ ...terms, expiresMs }));
    },
  }),
  faultKind({
    name: 'key-bound',
    purpose: 'A key works from one address only; at the end from where it did before.',
    params: z.strictObject({ uid, ip: z.string().default('203.0.113.1') }),
    hooks: ({ uid: who, ip }, site) => withKeys(who, site, ip, (terms) => ({ ...terms, ips: [ip] })),
  }),
  faultKind({
    name: 'key-deleted',
    purpose: 'A key is deleted; at the end it is there again.',
    params: z.strictObject({ uid }),
    hooks: ({ uid: who }, site) => withKeys(who, site, 'deleted', () => null),
  }),
  faultKind({
    name: 'fee-level',
    purpose: 'An account gets another fee tier.',
    params: z.strictObject({
      uid,
      level: z.string().refine((level) => LEVELS.includes(level), `takes one of: ${LEVELS.join(', ')}`),
    }),
    hooks: ({ uid: who, level }, site) =>
      forAccounts(who, site, level, (account) => site.floor.fees.promise(account, level)),
  }),
  faultKind({
    name: 'deleveraging',
    purpose: 'Positions are closed by the exchange at the mark price, against somebody who went bankrupt.',
    params: z.strictObject({
      uid,
      symbol: symbolInput,
      share: numberInput({ min: 0.01, max: 1, usual: 1 }),
    }),
    hooks: ({ uid: who, symbol, share }, site) =>
      forAccounts(who, site, `${symbol} ${share}`, (account) => deleverage(account, { symbol, share }, site)),
  }),
  faultKind({
    name: 'insurance-short',
    purpose: 'The insurance fund has only so much left: what it cannot pay is deleveraged.',
    params: z.strictObject({ left: numberInput({ min: 0, max: MONEY_MAX, usual: 0 }) }),
    hooks: ({ left }, site) => {
      site.strike(`${left} left`);
      const { fund } = site.floor;
      fund.receive(decimal(left).minus(fund.balance));
      return DONE;
    },
  }),
];

/** Not more than may leave, in whole units of the last place that wallets move. */
function minusOf(account: TradingAccount, asked: Decimal): Decimal {
  const leaving = minDecimal(asked, account.withdrawable());
  return leaving.times(WALLET_UNITS).floor().dividedBy(WALLET_UNITS).negated();
}

function forAccounts(
  who: string | undefined,
  site: FaultSite,
  detail: string,
  act: (account: TradingAccount) => void,
): FaultHooks {
  for (const account of site.floor.accounts()) {
    if (who !== undefined && account.uid !== who) continue;
    if (site.strike(`${account.uid} ${detail}`)) site.floor.act(account, act);
  }
  return DONE;
}

function withKeys(
  who: string | undefined,
  site: FaultSite,
  detail: string,
  change: (terms: KeyTerms) => KeyTerms | null,
): FaultHooks {
  const { keys } = site.floor;
  const before = keys.keysOf(who ?? null).map((apiKey) => ({ apiKey, terms: keys.termsOf(apiKey) }));
  for (const { apiKey, terms } of before) {
    if (terms !== null && site.strike(detail)) keys.change(apiKey, change(terms));
  }
  return {
    end: () => {
      for (const { apiKey, terms } of before) keys.change(apiKey, terms);
    },
  };
}

function deleverage(
  account: TradingAccount,
  { symbol, share }: { readonly symbol: string; readonly share: number },
  site: FaultSite,
): void {
  for (const position of account.openPositions()) {
    const instrument = site.floor.instrumentOf(position.instrumentId);
    const book = site.floor.book(position.instrumentId);
    if (instrument === null || book === null) continue;
    if (symbol !== '' && instrument.exchangeSymbol !== symbol) continue;
    const steps = position.quantity.times(share).dividedBy(instrument.quantityStep).ceil();
    const quantity = steps.times(instrument.quantityStep);
    account.deleverage(position, { book, quantity, price: book.markPrice });
  }
}
