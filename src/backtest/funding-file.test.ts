import { describe, expect, it } from 'vitest';
import { parseFundingFile } from './funding-file.ts';

const HEADER = 'fundingTime,fundingRate';

describe('parseFundingFile', () => {
  it('reads payments, a late stamp as the full minute it was due', () => {
    const read = parseFundingFile(`${HEADER}\n1768233600000,0.0000465\n1768262400007,-0.00002245\n`);
    expect(read).toEqual({
      ok: true,
      value: [
        { timeMs: 1768233600000, rate: 0.0000465 },
        { timeMs: 1768262400000, rate: -0.00002245 },
      ],
    });
  });

  it.each([
    ['another header', 'time,rate\n1768233600000,0.1', 1],
    ['a rate that is none', `${HEADER}\n1768233600000,abc`, 2],
    ['a payment that is not later', `${HEADER}\n1768262400000,0.1\n1768233600000,0.1`, 3],
  ])('names the line of %s', (_, text, line) => {
    const read = parseFundingFile(text);
    expect(read.ok ? null : read.error.line).toBe(line);
  });
});
