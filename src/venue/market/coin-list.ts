import { type Rng, rng, seedOf } from '../../core/base/rng.ts';
import { type Coin, KNOWN_COINS } from './known-coins.ts';

const STARTS = ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z', 'br', 'kr', 'st', 'tr'];
const VOWELS = ['a', 'e', 'i', 'o', 'u'];
const ENDS = ['', '', '', 'x', 'n', 'r', 's', 'k', 'l', 'm'];
/** One generated coin in 40 is so cheap that a thousand of it make one traded unit. */
const MULTIPLIED_SHARE = 1 / 40;
const SMALL_SHARE = 0.35;

/** `count` coins, the known ones first, then invented ones with names one can pronounce; none twice. */
export function coinList(seed: number, count: number): readonly Coin[] {
  const coins = KNOWN_COINS.slice(0, count);
  const taken = new Set(coins.map((coin) => coin.exchangeBase));
  const random = rng(seedOf(seed, 'coins'));
  while (coins.length < count) {
    const name = inventedName(random);
    const coin = inventedCoin(name, random);
    if (taken.has(name)) continue;
    taken.add(name);
    coins.push(coin);
  }
  return coins;
}

function inventedCoin(name: string, random: Rng): Coin {
  const multiplied = random.next() < MULTIPLIED_SHARE;
  const magnitude = -2.7 + 3.6 * random.next();
  return {
    exchangeBase: multiplied ? `1000${name}` : name,
    anchorPrice: Number((10 ** magnitude).toPrecision(3)),
    tier: random.next() < SMALL_SHARE ? 'small' : 'tiny',
  };
}

function inventedName(random: Rng): string {
  const syllables = 1 + random.integer(2);
  let name = '';
  for (let i = 0; i < syllables; i += 1) name += pick(STARTS, random) + pick(VOWELS, random);
  const ended = name + pick(ENDS, random);
  const long = ended.length < 3 ? ended + pick(STARTS, random) + pick(VOWELS, random) : ended;
  return long.toUpperCase();
}

function pick(list: readonly string[], random: Rng): string {
  return list[random.integer(list.length)] ?? '';
}
