/** How much an instrument is followed and exchanged. */
export type CoinTier = 'major' | 'large' | 'small' | 'tiny' | 'stable';

/** A coin of the synthetic market before it becomes an instrument. */
export interface Coin {
  /** As Bybit spells the traded unit: `SHIB1000`, `1000PEPE`. */
  readonly exchangeBase: string;
  /** Price of the traded unit about which the market wanders. */
  readonly anchorPrice: number;
  readonly tier: CoinTier;
}

/** Name and price of the traded unit, by tier. The prices are only a plausible order of magnitude. */
const KNOWN: readonly (readonly [CoinTier, string])[] = [
  ['major', 'BTC 95000|ETH 3300'],
  [
    'large',
    'SOL 190|XRP 2.4|DOGE 0.35|BNB 690|ADA 0.95|AVAX 38|LINK 22|SUI 4.1|TRX 0.24|LTC 105|DOT 7.2|TON 5.4',
  ],
  ['large', 'BCH 440|NEAR 5.1|APT 9.2|UNI 13.5|FIL 5.2|ARB 0.78|OP 1.9|INJ 21|ATOM 6.6|HBAR 0.29|AAVE 310'],
  [
    'small',
    '1000PEPE 0.0182|SHIB1000 0.0218|WIF 1.85|1000BONK 0.031|1000FLOKI 0.175|ORDI 22|TIA 5.1|SEI 0.42|JUP 0.85',
  ],
  [
    'small',
    'ENA 0.93|ONDO 1.35|WLD 2.2|LDO 1.8|FET 1.32|RENDER 7.1|TAO 470|STX 1.6|IMX 1.4|GALA 0.036|SAND 0.55',
  ],
  [
    'small',
    '10000SATS 0.0026|1000000MOG 1.9|1000LUNC 0.11|1000XEC 0.034|1INCH 0.38|API3 1.6|C98 0.16|SPX6900 1.1',
  ],
  ['small', 'CFX 0.15|DYDX 1.4|GMT 0.14|MASK 2.8|ZEN 24|AR 16|PYTH 0.37|JTO 3|PENDLE 4.9|CKB 0.014|ALT 0.1'],
  ['stable', 'USDC 1|USDE 1'],
];

/** Names most people have heard of, the largest first. */
export const KNOWN_COINS: readonly Coin[] = KNOWN.flatMap(([tier, row]) =>
  row.split('|').map((entry) => {
    const [exchangeBase = '', price] = entry.split(' ');
    return { exchangeBase, anchorPrice: Number(price), tier };
  }),
);
