import { describe, expect, it } from 'vitest';
import { signedHeaders, streamSignature } from './signing.ts';

const CREDENTIALS = { apiKey: 'testkey', secret: 'testsecret' };

/** Computed apart from this code from the scheme of the API guide; ccxt and bybit-api sign the same texts equally. */
describe('Bybit signatures', () => {
  it('signs the raw query of a read', () => {
    const headers = signedHeaders(CREDENTIALS, 1700000000000, 'category=linear&settleCoin=USDT');
    expect(headers).toEqual({
      'X-BAPI-API-KEY': 'testkey',
      'X-BAPI-TIMESTAMP': '1700000000000',
      'X-BAPI-RECV-WINDOW': '5000',
      'X-BAPI-SIGN': 'a81f5536f55e5c748e179a26ff5bfa56e957740ec7c59616ff942a944a58a69d',
    });
  });

  it('signs the raw body of a write', () => {
    const body =
      '{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.01","price":"100","timeInForce":"GTC","orderLinkId":"abc"}';
    expect(signedHeaders(CREDENTIALS, 1700000000000, body)['X-BAPI-SIGN']).toBe(
      'a22a1eaf84972d191140d804a0305502a2923083808e5bd6a7669221ccdb7fad',
    );
  });

  it('signs the login of the private stream', () => {
    expect(streamSignature(CREDENTIALS, 1700000000000)).toBe(
      '64ea204643e548a1723959592ed1afb01f1043a3b0d36cc6e7bdd8053971fbc3',
    );
  });
});
