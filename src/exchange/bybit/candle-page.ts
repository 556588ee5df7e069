import { err, ok, type Result } from '../../core/base/result.ts';
import { candlePage, PLAIN_NUMBER, parse } from './schema.ts';

/** Start, open, high, low, close, volume: the cells of a row that are read. Turnover follows and is not. */
export const CELLS = 6;

/** One answer of the candle endpoint: numbers as they were written, neither sound nor in order yet. */
export class CandlePage {
  readonly symbol: string;
  /** Row after row, `CELLS` each. */
  readonly cells: Float64Array;

  constructor(symbol: string, cells: Float64Array) {
    this.symbol = symbol;
    this.cells = cells;
  }
}

/** The page in the `result` of an answer, whether it was scanned already or is JSON. The error names the field. */
export function candlePageFrom(result: unknown): Result<CandlePage, string> {
  if (result instanceof CandlePage) return ok(result);
  const page = parse(candlePage, result);
  if (!page.ok) return page;
  const cells: number[] = [];
  for (const [index, row] of page.value.list.entries()) {
    if (!addCells(row, cells)) return err(`list.${index}: not a candle`);
  }
  return ok(new CandlePage(page.value.symbol, Float64Array.from(cells)));
}

/** False for anything but a row of numbers written as text. */
function addCells(row: unknown, cells: number[]): boolean {
  if (!Array.isArray(row) || row.length < CELLS) return false;
  for (let i = 0; i < CELLS; i += 1) {
    const text: unknown = row[i];
    if (typeof text !== 'string' || !PLAIN_NUMBER.test(text)) return false;
    cells.push(Number(text));
  }
  return true;
}
