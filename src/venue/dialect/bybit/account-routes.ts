import { z } from 'zod';
import type { MarginMode } from '../../../core/matching/account-state.ts';
import { categoryInput, textInput } from './input.ts';
import { keyRow } from './key-row.ts';
import { parameterError, type Reply, refused, refusedBy, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { walletRow } from './wallet-row.ts';
import { CATEGORY, moneyText, SETTLE_COIN } from './words.ts';

const MARGIN_MODES: Readonly<Record<MarginMode, string>> = {
  cross: 'REGULAR_MARGIN',
  isolated: 'ISOLATED_MARGIN',
};
/** Portfolio margin asks for more equity than that. */
const PORTFOLIO_EQUITY_MIN = 1000;

const walletInput = z.object({ accountType: z.string(), coin: textInput });
const feeInput = z.object({ category: categoryInput, symbol: textInput });
const marginModeInput = z.object({
  setMarginMode: z.enum(['ISOLATED_MARGIN', 'REGULAR_MARGIN', 'PORTFOLIO_MARGIN']),
});

/** The endpoints of an account. */
export function accountRoutes(): readonly PrivateRoute[] {
  return [
    {
      method: 'GET',
      path: '/v5/account/wallet-balance',
      access: 'private',
      perSecond: 50,
      answer: parsed(walletInput, (input, call: PrivateCall) => wallet(input, call)),
    },
    {
      method: 'GET',
      path: '/v5/account/info',
      access: 'private',
      perSecond: 50,
      answer: (call) => result(account(MARGIN_MODES[call.caller.account.marginMode])),
    },
    {
      method: 'GET',
      path: '/v5/account/fee-rate',
      access: 'private',
      perSecond: 10,
      answer: parsed(feeInput, (input, call: PrivateCall) => feeRate(input, call)),
    },
    {
      method: 'POST',
      path: '/v5/account/set-margin-mode',
      access: 'private',
      perSecond: 5,
      answer: parsed(marginModeInput, (input, call: PrivateCall) => setMarginMode(input, call)),
    },
    {
      method: 'GET',
      path: '/v5/user/query-api',
      access: 'private',
      perSecond: 10,
      answer: (call) => keyFacts(call),
    },
    {
      method: 'GET',
      path: '/v5/asset/coin/query-info',
      access: 'private',
      perSecond: 5,
      answer: () => result({ rows: [] }),
    },
  ];
}

function wallet(input: z.output<typeof walletInput>, call: PrivateCall): Reply {
  if (input.accountType !== 'UNIFIED') return refused(10001, 'accountType only support UNIFIED.');
  const row = walletRow(call.caller.account);
  const wanted = input.coin.split(',').filter((coin) => coin !== '');
  const isOurs = wanted.length === 0 || wanted.includes(SETTLE_COIN);
  return result({ list: [isOurs ? row : { ...row, coin: [] }] });
}

/** Portfolio margin is not to be had here; a switch that would liquidate is refused. */
function setMarginMode(input: z.output<typeof marginModeInput>, call: PrivateCall): Reply {
  if (input.setMarginMode === 'PORTFOLIO_MARGIN') {
    const reasonMsg = `Equity needs to be equal to or greater than ${PORTFOLIO_EQUITY_MIN} USDC`;
    return refusedSwitch([{ reasonCode: '3400000', reasonMsg }]);
  }
  const mode = input.setMarginMode === 'ISOLATED_MARGIN' ? 'isolated' : 'cross';
  const set = call.floor.act(call.caller.account, (account) => account.setMarginMode(mode));
  if (set.ok) return result({ reasons: [] });
  if (set.error.kind !== 'margin-mode-refused') return refusedBy(set.error);
  return refusedSwitch([{ reasonCode: '3400001', reasonMsg: 'Margin of open positions is not enough' }]);
}

function refusedSwitch(reasons: readonly Record<string, string>[]): Reply {
  return { kind: 'refused', retCode: 3_400_045, retMsg: 'Set margin mode failed', result: { reasons } };
}

function keyFacts(call: PrivateCall): Reply {
  const terms = call.floor.keys.termsOf(call.caller.apiKey);
  return terms === null ? refused(10003, 'API key is invalid.') : result(keyRow(call, terms));
}

function account(marginMode: string): Record<string, unknown> {
  return {
    marginMode,
    updatedTime: '0',
    unifiedMarginStatus: 4,
    dcpStatus: 'OFF',
    timeWindow: 10,
    smpGroup: 0,
    isMasterTrader: false,
    spotHedgingStatus: 'OFF',
  };
}

function feeRate(input: z.output<typeof feeInput>, call: PrivateCall): Reply {
  if (input.category !== CATEGORY) return result({ category: input.category, list: [] });
  const listed = [...call.floor.instruments().keys()];
  const symbols = input.symbol === '' ? listed : listed.filter((symbol) => symbol === input.symbol);
  if (input.symbol !== '' && symbols.length === 0) return parameterError('symbol invalid');
  const { taker, maker } = call.caller.account.feeRates;
  const rates = { takerFeeRate: moneyText(taker), makerFeeRate: moneyText(maker), baseCoin: '' };
  return result({ category: input.category, list: symbols.map((symbol) => ({ symbol, ...rates })) });
}
