import type { KeyPermission, KeyTerms } from '../../key-terms.ts';
import type { PrivateCall } from './route.ts';

const DAY_MS = 86_400_000;
/** How Bybit writes a key that never ends. */
const NEVER = { deadlineDay: -2, expiredAt: '1970-01-01T00:00:00Z' } as const;

/** The key that asks, as `user/query-api` shows it. */
export function keyRow(call: PrivateCall, terms: KeyTerms): Record<string, unknown> {
  const { account, apiKey } = call.caller;
  const uid = Number(account.uid);
  return {
    id: account.uid,
    note: 'venue',
    apiKey,
    readOnly: Number(!terms.permissions.includes('trade') && !terms.permissions.includes('withdraw')),
    secret: '',
    permissions: permissions(terms.permissions),
    ips: terms.ips.length === 0 ? ['*'] : terms.ips,
    type: 1,
    ...deadline(terms.expiresMs, call.floor.nowMs()),
    createdAt: '1970-01-01T00:00:00Z',
    unified: 0,
    uta: 1,
    userID: Number.isSafeInteger(uid) ? uid : 0,
    inviterID: 0,
    vipLevel: call.floor.fees.tierOf(account.uid).level,
    mktMakerLevel: '0',
    affiliateID: 0,
    rsaPublicKey: '',
    isMaster: true,
    parentUid: '0',
    kycLevel: 'LEVEL_DEFAULT',
    kycRegion: '',
    userIDInt64: account.uid,
    inviterIDInt64: '0',
    affiliateIDInt64: '0',
  };
}

function permissions(granted: readonly KeyPermission[]): Record<string, readonly string[]> {
  const trades = granted.includes('trade') || granted.includes('read');
  return {
    ContractTrade: trades ? ['Order', 'Position'] : [],
    Spot: [],
    Wallet: granted.includes('withdraw') ? ['AccountTransfer', 'Withdraw'] : [],
    Options: [],
    Derivatives: trades ? ['DerivativesTrade'] : [],
    CopyTrading: [],
    BlockTrade: [],
    Exchange: [],
    NFT: [],
    Affiliate: [],
    Earn: [],
    FiatP2P: [],
    FiatBybitPay: [],
    FiatConvertBroker: [],
    FiatGlobalPay: [],
    FiatBitPay: [],
    BitCard: [],
    ByXPost: [],
  };
}

function deadline(
  expiresMs: number | null,
  nowMs: number,
): { readonly deadlineDay: number; readonly expiredAt: string } {
  if (expiresMs === null) return NEVER;
  const expiredAt = `${new Date(expiresMs).toISOString().slice(0, 19)}Z`;
  return { deadlineDay: Math.max(0, Math.ceil((expiresMs - nowMs) / DAY_MS)), expiredAt };
}
