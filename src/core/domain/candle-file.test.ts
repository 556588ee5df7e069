import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CANDLE_FILE_HEADER, type CandleFileFault, parseCandleFile } from './candle-file.ts';

const HOUR = 3_600_000;

function text(...rows: readonly string[]): string {
  return `${[CANDLE_FILE_HEADER, ...rows].join('\n')}\n`;
}

function row(hour: number, rest = '1.5,1.75,1.25,1.6,10'): string {
  return `${hour * HOUR},${rest}`;
}

function faultOf(content: string): CandleFileFault | null {
  const parsed = parseCandleFile(content);
  return parsed.ok ? null : parsed.error;
}

describe('parseCandleFile', () => {
  it('reads rows by column and finds timeframe and decimals', () => {
    const parsed = parseCandleFile(text(row(5), row(6, '1.6,2,1.001,1.5,0.25'), row(7)));
    expect(parsed).toMatchObject({
      ok: true,
      value: { timeframe: '1h', firstOpenMs: 5 * HOUR, count: 3, priceDecimals: 3, volumeDecimals: 2 },
    });
    if (!parsed.ok) return;
    expect([...parsed.value.high]).toEqual([1.75, 2, 1.75]);
    expect([...parsed.value.volume]).toEqual([10, 0.25, 10]);
  });

  it('takes line ends of both kinds and empty lines at the end', () => {
    expect(faultOf(text(row(1), row(2)).replaceAll('\n', '\r\n'))).toBeNull();
    expect(faultOf(`${text(row(1), row(2))}\n\n`)).toBeNull();
  });

  it.each([
    ['a wrong header', `time,open\n${row(1)}\n${row(2)}`, 'wrong-header', 1],
    ['an empty file', '', 'wrong-header', 1],
    ['a single row', text(row(1)), 'too-few-rows', 2],
    ['a missing field', text(row(1), `${2 * HOUR},1,1,1,1`, row(3)), 'broken-row', 3],
    ['an empty line between rows', text(row(1), row(2), '', row(3)), 'broken-row', 4],
    ['words for numbers', text(row(1), row(2), row(3, 'x,1.75,1.25,1.6,10')), 'broken-row', 4],
    ['an exponent', text(row(1), row(2), row(3, '1e3,1.75,1.25,1.6,10')), 'broken-row', 4],
    ['a high below the close', text(row(1), row(2), row(3, '1,1.1,1,1.2,1')), 'broken-row', 4],
    ['a price of zero', text(row(1), row(2), row(3, '0,1.1,0,1,1')), 'broken-row', 4],
    ['a row twice', text(row(1), row(2), row(2)), 'duplicate', 4],
    ['the first row twice', text(row(1), row(1)), 'duplicate', 3],
    ['a row out of order', text(row(3), row(4), row(5), row(3)), 'unsorted', 5],
    ['a hole between the first two rows', text(row(4), row(6), row(7)), 'timeframe', 4],
    ['rows in falling order', text(row(3), row(2)), 'unsorted', 3],
    ['a hole', text(row(1), row(2), row(5)), 'gap', 4],
    ['a distance that is no timeframe', text(row(1), row(8)), 'timeframe', 3],
    [
      'a start beside the full hour',
      text(`${HOUR + 1},1,1,1,1,1`, `${2 * HOUR + 1},1,1,1,1,1`),
      'timeframe',
      2,
    ],
  ])('refuses %s and names the line', (_, content, kind, line) => {
    expect(faultOf(content)).toMatchObject({ kind, line });
  });

  it('says how many candles a hole lacks', () => {
    expect(faultOf(text(row(1), row(2), row(5)))?.detail).toContain('2 candles');
  });

  it('gives back every number that was written', () => {
    const price = fc.integer({ min: 1, max: 1e9 }).map((ticks) => ticks / 1000);
    const rows = fc.array(fc.tuple(price, price, price, price), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(rows, (list) => {
        const candles = list.map(([a, b, c, d]) => ({
          open: a,
          close: b,
          high: Math.max(a, b, c, d),
          low: Math.min(a, b, c, d),
        }));
        const lines = candles.map(({ open, high, low, close }, i) =>
          row(i, `${open},${high},${low},${close},0`),
        );
        const parsed = parseCandleFile(text(...lines));
        expect(parsed.ok).toBe(true);
        if (!parsed.ok) return;
        expect([...parsed.value.open]).toEqual(candles.map(({ open }) => open));
        expect([...parsed.value.low]).toEqual(candles.map(({ low }) => low));
        expect([...parsed.value.close]).toEqual(candles.map(({ close }) => close));
      }),
    );
  });
});
