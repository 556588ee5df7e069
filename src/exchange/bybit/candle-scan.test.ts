import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerFrom } from './answer.ts';
import { CandlePage, candlePageFrom } from './candle-page.ts';
import { type Scanned, scanCandlePage } from './candle-scan.ts';

const TIME_MS = 1_800_000_000_000;
const ROW = [String(TIME_MS), '10.5', '12', '9.25', '11', '0', '55.125'];

/** A body as the exchange writes it, fields in its order. */
function bodyOf(rows: readonly (readonly string[])[], timeMs = TIME_MS): string {
  const result = { symbol: 'BTCUSDT', category: 'linear', list: rows };
  return JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: timeMs });
}

/** What the general way makes of a body; null when it finds a fault. */
function readAsJson(body: string): Scanned | null {
  const answer = answerFrom({ kind: 'answered', status: 200, headers: {}, body }, '/v5/market/kline');
  if (answer.kind !== 'done') return null;
  const page = candlePageFrom(answer.result);
  return page.ok ? { result: page.value, timeMs: answer.timeMs } : null;
}

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((all) => all.join(''));
/** Mostly as long as prices are, at times longer than a number is exact. */
const numberText = fc
  .tuple(fc.oneof({ weight: 6, arbitrary: digits(7) }, digits(30)), fc.option(digits(12)))
  .map(([whole, decimals]) => (decimals === null ? whole : `${whole}.${decimals}`));
const row = fc.array(numberText, { minLength: 7, maxLength: 7 });
const page = fc.array(row, { maxLength: 12 });

const PIECES = [
  '"',
  '[',
  ']',
  '{',
  '}',
  ',',
  '.',
  '-',
  '+',
  'e',
  '0',
  '7',
  ' ',
  '\\',
  '\u0000',
  'é',
  '","',
  '],[',
];
const edit = fc.record({
  at: fc.nat(),
  drop: fc.nat(4),
  put: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES)),
});

function edited(body: string, { at, drop, put }: { at: number; drop: number; put: string }): string {
  const start = at % (body.length + 1);
  return body.slice(0, start) + put + body.slice(start + drop);
}

describe('the scan of a candle page', () => {
  it('reads every number of the usual body exactly as JSON does', () => {
    fc.assert(
      fc.property(page, (rows) => {
        const body = bodyOf(rows);
        const scanned = scanCandlePage(body);
        expect(scanned).not.toBeNull();
        expect(scanned).toEqual(readAsJson(body));
      }),
      { numRuns: 300 },
    );
  });

  it('never reads anything from a body in which JSON finds a fault or something else', () => {
    fc.assert(
      fc.property(page, fc.array(edit, { minLength: 1, maxLength: 3 }), (rows, edits) => {
        const body = edits.reduce(edited, bodyOf(rows));
        const scanned = scanCandlePage(body);
        if (scanned !== null) expect(scanned).toEqual(readAsJson(body));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads nothing from a body that was cut anywhere', () => {
    const body = bodyOf([ROW, ROW]);
    for (let length = 0; length < body.length; length += 1)
      expect(scanCandlePage(body.slice(0, length))).toBeNull();
  });

  it('reads the category before or after the symbol', () => {
    const result = { category: 'linear', symbol: 'BTCUSDT', list: [ROW] };
    const body = JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: TIME_MS });
    const cells = Float64Array.of(TIME_MS, 10.5, 12, 9.25, 11, 0);
    expect(scanCandlePage(body)).toEqual({ result: new CandlePage('BTCUSDT', cells), timeMs: TIME_MS });
  });

  it.each([
    ['a refusal', '{"retCode":10001,"retMsg":"no","result":{},"retExtInfo":{},"time":1800000000000}'],
    ['another category', bodyOf([]).replace('linear', 'inverse')],
    ['a row of six', bodyOf([[String(TIME_MS), '1', '1', '1', '1', '1']])],
    ['a number below zero', bodyOf([[String(TIME_MS), '-1', '1', '1', '1', '1', '1']])],
    ['an empty cell', bodyOf([[String(TIME_MS), '', '1', '1', '1', '1', '1']])],
    ['a time of another length', bodyOf([], 180_000_000_000)],
    ['a comma before the first row', bodyOf([]).replace('[]', '[,]')],
    ['no comma between rows', bodyOf([ROW, ROW]).replace('],[', '][')],
    ['a comma after the last row', bodyOf([ROW]).replace(']]', '],]')],
    ['a list that is not closed', bodyOf([ROW]).replace(']]', ']')],
    ['something after the end', `${bodyOf([])} `],
  ])('leaves %s to the general way', (_name, body) => {
    expect(scanCandlePage(body)).toBeNull();
  });
});
