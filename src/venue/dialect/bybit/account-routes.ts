import { z } from 'zod';
import { categoryInput, textInput } from './input.ts';
import { parameterError, type Reply, refused, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { walletRow } from './wallet-row.ts';
import { CATEGORY, moneyText, SETTLE_COIN } from './words.ts';

const REGULAR_MARGIN = 'REGULAR_MARGIN';

const walletInput = z.object({ accountType: z.string(), coin: textInput });
const feeInput = z.object({ category: categoryInput, symbol: textInput });
const marginModeInput = z.object({
  setMarginMode: z.enum(['ISOLATED_MARGIN', 'REGULAR_MARGIN', 'PORTFOLIO_MARGIN']),
});

/**
 * The endpoints of an account. The margin mode asked for is kept and shown; margin itself is always
 * computed across the account.
 */
export function accountRoutes(): readonly PrivateRoute[] {
  const marginModes = new Map<string, string>();
  const answerMarginMode = parsed(marginModeInput, (input, call: PrivateCall) => {
    marginModes.set(call.caller.account.uid, input.setMarginMode);
    return result({ reasons: [] });
  });
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
      answer: (call) => result(account(marginModes.get(call.caller.account.uid) ?? REGULAR_MARGIN)),
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
      answer: answerMarginMode,
    },
    {
      method: 'GET',
      path: '/v5/user/query-api',
      access: 'private',
      perSecond: 10,
      answer: (call) => result(keyRow(call)),
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

/** A key that may trade contracts and nothing else; it never expires and is bound to no address. */
function keyRow(call: PrivateCall): Record<string, unknown> {
  const uid = Number(call.caller.account.uid);
  return {
    id: call.caller.account.uid,
    note: 'venue',
    apiKey: call.caller.apiKey,
    readOnly: 0,
    secret: '',
    permissions: {
      ContractTrade: ['Order', 'Position'],
      Spot: [],
      Wallet: [],
      Options: [],
      Derivatives: ['DerivativesTrade'],
      CopyTrading: [],
      BlockTrade: [],
      Exchange: [],
      NFT: [],
      Affiliate: [],
      Earn: [],
      FiatP2P: [],
      FiatConvertBroker: [],
      FiatGlobalPay: [],
      FiatBitPay: [],
      BitCard: [],
      ByXPost: [],
    },
    ips: ['*'],
    type: 1,
    deadlineDay: -2,
    expiredAt: '1970-01-01T00:00:00Z',
    createdAt: '1970-01-01T00:00:00Z',
    unified: 0,
    uta: 1,
    userID: Number.isSafeInteger(uid) ? uid : 0,
    inviterID: 0,
    vipLevel: 'No VIP',
    mktMakerLevel: '0',
    affiliateID: 0,
    rsaPublicKey: '',
    isMaster: true,
    parentUid: '0',
    kycLevel: 'LEVEL_DEFAULT',
    kycRegion: '',
    userIDInt64: call.caller.account.uid,
    inviterIDInt64: '0',
    affiliateIDInt64: '0',
  };
}
