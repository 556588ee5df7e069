import { describe, expect, it } from 'vitest';
import { instrumentIdOf, wholeName } from './typed-name.ts';

describe('a typed name', () => {
  it.each([
    ['btc', 'BTCUSDT'],
    ['BTC', 'BTCUSDT'],
    [' BTCUSDT ', 'BTCUSDT'],
    ['BTC/USDT', 'BTCUSDT'],
    ['eth-usdt', 'ETHUSDT'],
    ['BTCUSDC', 'BTCUSDC'],
    ['1000pepe', '1000PEPEUSDT'],
    // The coin itself, not a quote without a coin.
    ['usdc', 'USDCUSDT'],
  ])('%j means %s', (typed, id) => {
    expect(instrumentIdOf(typed)).toBe(id);
  });

  it.each(['', '  ', '<b>', '../etc', 'BTC USDT', 'Ж', 'A'.repeat(41)])('%j is none', (typed) => {
    expect(instrumentIdOf(typed)).toBeNull();
  });

  it('that is whole stays as it is', () => {
    for (const typed of ['btc', 'BTC/USDT', 'usdt', ''])
      expect(wholeName(wholeName(typed))).toBe(wholeName(typed));
  });
});
