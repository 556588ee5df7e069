import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CANDLE_FILE_HEADER, parseCandleFile } from './candle-file.ts';
import { readCandleColumns, scanCandleFile } from './candle-file-scan.ts';

const HOUR = 3_600_000;
const START = 490_000 * HOUR;

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function fileOf(rows: readonly string[]): string {
  return [CANDLE_FILE_HEADER, ...rows].join('\n');
}

/** Digits as files write them: leading and trailing zeros, up to 15 on each side of a point. */
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 15 });
const plainNumber = fc.oneof(
  digits,
  fc.tuple(digits, digits).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.double({ min: 1e-6, max: 1e14, noNaN: true }).map((value) => value.toFixed(12)),
);

/** A row whose candle is sound, each number written in a way of its own. */
const sortedRow = fc
  .tuple(plainNumber, plainNumber, plainNumber, plainNumber, plainNumber)
  .map(([a, b, c, d, volume]) => {
    const [low = '', x = '', y = '', high = ''] = [a, b, c, d].sort((p, q) => Number(p) - Number(q));
    return [x, high, low, y, volume].join(',');
  });

describe('scanCandleFile', () => {
  it('gives every number as Number gives it, and the columns of the general way', () => {
    const seen = { scanned: 0 };
    fc.assert(
      fc.property(fc.array(sortedRow, { minLength: 2, maxLength: 12 }), fc.boolean(), (rows, ended) => {
        const text = fileOf(rows.map((rest, i) => `${START + i * HOUR},${rest}`)) + (ended ? '\n' : '');
        const general = parseCandleFile(text);
        const scanned = scanCandleFile(bytesOf(text));
        expect(scanned).toEqual(general.ok ? general.value : null);
        if (scanned === null) return;
        seen.scanned += 1;
        const opens = rows.map((rest) => Number(rest.split(',')[0]));
        expect([...scanned.open]).toEqual(opens);
      }),
      { numRuns: 300 },
    );
    expect(seen.scanned, 'Most files are usual ones.').toBeGreaterThan(200);
  });

  it('takes nothing that the general way refuses, and tells the same of what it leaves', () => {
    const usual = fileOf([`${START},1.5,1.75,1.25,1.6,10`, `${START + HOUR},1.6,2,1.001,1.5,0.25`]);
    const edit = fc.record({
      at: fc.nat({ max: usual.length }),
      cut: fc.nat({ max: 3 }),
      put: fc.string({ unit: fc.constantFrom(...'0123456789.,-+eE \r\n\tx\u00a0\ufeff'), maxLength: 3 }),
    });
    fc.assert(
      fc.property(edit, ({ at, cut, put }) => {
        const text = usual.slice(0, at) + put + usual.slice(at + cut);
        const general = parseCandleFile(text);
        const scanned = scanCandleFile(bytesOf(text));
        if (scanned !== null) expect({ ok: true, value: scanned }).toEqual(general);
        expect(readCandleColumns(bytesOf(text), () => text)).toEqual(general);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a number of 17 digits', '9007199254740.993'],
    ['fifteen decimals', '0.123456789012345'],
    ['thirty digits', '123456789012345.123456789012345'],
  ])('reads %s as Number does', (_, number) => {
    const rows = [0, 1].map((i) => `${START + i * HOUR},${number},${number},${number},${number},${number}`);
    expect(scanCandleFile(bytesOf(fileOf(rows)))?.close[1]).toBe(Number(number));
  });

  it.each([
    ['line ends of two bytes', (text: string) => text.replaceAll('\n', '\r\n')],
    ['empty lines at the end', (text: string) => `${text}\n\n`],
    ['an open time with a point', (text: string) => text.replace(`${START},`, `${START}.0,`)],
  ])('leaves %s to the general way, which reads it', (_, change) => {
    const text = change(fileOf([`${START},1,1,1,1,0`, `${START + HOUR},1,1,1,1,0`]));
    expect(scanCandleFile(bytesOf(text))).toBeNull();
    expect(readCandleColumns(bytesOf(text), () => text)).toMatchObject({ ok: true, value: { count: 2 } });
  });
});
