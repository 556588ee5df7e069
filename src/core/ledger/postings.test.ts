import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import { MOVEMENT_KINDS, type Movement } from '../domain/movement.ts';
import { balancesOf, openingPostings, type Posting, postingsOf } from './postings.ts';

const amount = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }).map((units) => decimal(`${units}e-8`));
const part = fc.oneof(fc.constant(null), amount);
const movement: fc.Arbitrary<Movement> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom(...MOVEMENT_KINDS),
  word: fc.string(),
  timeMs: fc.nat(),
  instrumentId: fc.constant(null),
  fillId: fc.constant(null),
  change: amount,
  cashFlow: part,
  funding: part,
  fee: part,
  heldAfter: part,
});

function moved(changes: Partial<Movement>): Movement {
  const none = {
    instrumentId: null,
    fillId: null,
    cashFlow: null,
    funding: null,
    fee: null,
    heldAfter: null,
  };
  return { id: '1', kind: 'trade', word: 'TRADE', timeMs: 0, change: ZERO, ...none, ...changes };
}

function texts(postings: readonly Posting[]): readonly string[] {
  return postings.map(({ debit, credit, amount: money }) => `${debit} < ${credit} ${decimalText(money)}`);
}

describe('the postings of movements', () => {
  it('change the wallet by what the exchange says, and come to nothing together', () => {
    fc.assert(
      fc.property(amount, fc.array(movement), (opening, movements) => {
        const postings = [...openingPostings(opening), ...movements.flatMap(postingsOf)];
        const balances = balancesOf(postings);
        const wallet = movements.reduce((sum: Decimal, { change }) => sum.plus(change), opening);
        expect(decimalText(balances.get('wallet') ?? ZERO)).toBe(decimalText(wallet));
        const total = [...balances.values()].reduce((sum, each) => sum.plus(each), ZERO);
        expect(decimalText(total)).toBe('0');
        expect(postings.every(({ amount: money }) => money.greaterThan(0))).toBe(true);
      }),
    );
  });

  it('add up the same in any order, and on balances that were kept', () => {
    fc.assert(
      fc.property(fc.array(movement), fc.nat({ max: 20 }), (movements, at) => {
        const postings = movements.flatMap(postingsOf);
        const whole = balancesOf(postings.toReversed());
        const inParts = balancesOf(postings.slice(at), balancesOf(postings.slice(0, at)));
        for (const [account, balance] of whole) expect(inParts.get(account)?.equals(balance)).toBe(true);
      }),
    );
  });

  it('name where each part comes from', () => {
    const [change, cashFlow, fee] = ['7.5', '8', '0.5'].map(decimal);
    if (change === undefined) throw new Error('there are three');
    expect(texts(postingsOf(moved({ change, cashFlow: cashFlow ?? null, fee: fee ?? null })))).toEqual([
      'wallet < realised 8',
      'fees < wallet 0.5',
    ]);
    const paid = { change: decimal('-0.6'), cashFlow: ZERO, funding: decimal('-0.6'), fee: ZERO };
    expect(texts(postingsOf(moved({ kind: 'funding', ...paid })))).toEqual(['funding < wallet 0.6']);
    const rebate = { change: decimal('0.2'), cashFlow: ZERO, fee: decimal('-0.2') };
    expect(texts(postingsOf(moved(rebate)))).toEqual(['wallet < fees 0.2']);
  });

  it('book what the parts do not account for as unexplained, and all of what has no known reason', () => {
    const odd = { change: decimal('9'), cashFlow: decimal('8'), fee: ZERO };
    expect(texts(postingsOf(moved(odd)))).toEqual(['wallet < realised 8', 'wallet < unexplained 1']);
    const unknown = moved({ kind: 'unknown', change: decimal('-3'), fee: decimal('1') });
    expect(texts(postingsOf(unknown))).toEqual(['unexplained < wallet 3']);
  });
});
