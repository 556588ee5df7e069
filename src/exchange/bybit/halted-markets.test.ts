import { expect, it } from 'vitest';
import { type InstrumentId, parseInstrumentId } from '../../core/domain/instrument.ts';
import { VirtualTime } from '../../platform/virtual-time.ts';
import { HaltedMarkets } from './halted-markets.ts';

function id(text: string): InstrumentId {
  const parsed = parseInstrumentId(text);
  if (parsed === null) throw new Error(`${text} is no instrument`);
  return parsed;
}

const REFUSED = (code: string) => ({ kind: 'rejected', code, detail: '' }) as const;
const ACCEPTED = { kind: 'accepted', exchangeOrderId: 'x' } as const;

function setUp() {
  const time = new VirtualTime(1_800_000_000_000);
  return { time, markets: new HaltedMarkets(time) };
}

it.each(['entry', 'exit'] as const)(
  'an %s on a closed market goes out once in half a minute',
  async (kind) => {
    const { time, markets } = setUp();
    const order = { kind, instrumentId: id('BTCUSDT') };
    let sent = 0;
    for (let second = 0; second < 300; second += 1) {
      if (markets.bar(order) === null) {
        sent += 1;
        markets.note(order, REFUSED('110066'));
      }
      await time.advance(1_000);
    }
    expect(sent).toBe(10);
    expect(markets.fault()).toBeNull();
    expect(markets.bar({ ...order, instrumentId: id('ETHUSDT') })).toBeNull();
  },
);

it('a market that takes only what reduces takes every exit, and no word from one opens it to entries', () => {
  const { markets } = setUp();
  const instrumentId = id('BTCUSDT');
  markets.note({ kind: 'entry', instrumentId }, REFUSED('110023'));
  expect(markets.bar({ kind: 'exit', instrumentId })).toBeNull();
  markets.note({ kind: 'exit', instrumentId }, ACCEPTED);
  expect(markets.bar({ kind: 'entry', instrumentId })).toContain('110023');
});

it('three of them are the exchange: entries wait everywhere, one finds out, and an answer opens all', async () => {
  const { time, markets } = setUp();
  for (const name of ['AUSDT', 'BUSDT', 'CUSDT']) {
    expect(markets.fault()).toBeNull();
    markets.note({ kind: 'entry', instrumentId: id(name) }, REFUSED('110074'));
  }
  expect(markets.fault()).toContain('AUSDT, BUSDT, CUSDT');
  const other = { kind: 'entry', instrumentId: id('DUSDT') } as const;
  expect(markets.bar(other)).toContain('no orders');
  expect(markets.bar({ ...other, kind: 'exit' })).toBeNull();
  await time.advance(30_000);
  expect(markets.fault()).toBeNull();
  expect(markets.bar(other)).toBeNull();
  expect(markets.bar({ ...other, instrumentId: id('EUSDT') })).toContain('no orders');
  markets.note(other, ACCEPTED);
  expect(markets.bar({ ...other, instrumentId: id('EUSDT') })).toBeNull();
});

it('an exit waits for what an exit was refused with, never for the word on an entry', () => {
  const { markets } = setUp();
  const instrumentId = id('BTCUSDT');
  markets.note({ kind: 'entry', instrumentId }, REFUSED('110063'));
  const exit = { kind: 'exit', instrumentId } as const;
  expect(markets.bar(exit)).toBeNull();
  markets.note(exit, REFUSED('110063'));
  expect(markets.bar(exit)).toContain('110063');
});

it.each([
  ['did not leave', { kind: 'not-sent', detail: 'overdue' }],
  ['got another answer', REFUSED('110007')],
] as const)('an exit that was to find out and %s holds back none after it', async (_, outcome) => {
  const { time, markets } = setUp();
  const exit = { kind: 'exit', instrumentId: id('BTCUSDT') } as const;
  markets.note(exit, REFUSED('110066'));
  await time.advance(30_000);
  expect(markets.bar(exit)).toBeNull();
  markets.note(exit, outcome);
  expect(markets.bar(exit)).toBeNull();
});

it('an entry that was to find out and did not leave has found out nothing: the next one does', async () => {
  const { time, markets } = setUp();
  const entry = { kind: 'entry', instrumentId: id('AUSDT') } as const;
  for (const name of ['AUSDT', 'BUSDT', 'CUSDT'])
    markets.note({ kind: 'entry', instrumentId: id(name) }, REFUSED('110074'));
  await time.advance(30_000);
  expect(markets.bar(entry)).toBeNull();
  markets.note(entry, { kind: 'not-sent', detail: 'it was decided too long ago' });
  expect(markets.bar(entry)).toBeNull();
  expect(markets.bar({ ...entry, instrumentId: id('DUSDT') })).toContain('no orders');
});

it('other refusals close no market', () => {
  const { markets } = setUp();
  const order = { kind: 'entry', instrumentId: id('BTCUSDT') } as const;
  markets.note(order, REFUSED('110007'));
  expect(markets.bar(order)).toBeNull();
});
