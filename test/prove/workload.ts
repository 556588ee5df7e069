import { setTimeout as pause } from 'node:timers/promises';
import type { Rng } from '../../src/core/base/rng.ts';
import type { Pair } from './processes.ts';

/** Value of one entry in every workload, USDT: above the smallest order of three rungs and of a partial exit. */
export const ENTRY_USDT = 150;
/** A market order fills away from the price its size was computed at; a demo coin moves this much in a second or two. */
export const ENTRY_SLIPPAGE_RATE = 0.05;
const PAUSE_MS = 5;
const CLOSE_RATE = 0.5;

/** Everything happens at once: tight levels that move with every price, partial exits, positions closed at a touch. */
const RESTLESS = {
  risk: {
    positionNotionalUsdt: ENTRY_USDT,
    positionsMax: 50,
    exposurePctMax: 500,
    dailyLossPctMax: 50,
  },
  filter: {
    rsiTimeEnabled: false,
    exitScamEnabled: false,
    rsiRecheckEnabled: false,
    lossReentryEnabled: false,
    spreadPctMax: null,
    correlationPositionsMax: null,
    maturityEnabled: false,
    quarantineEnabled: false,
  },
  exit: {
    stopLossPct: 2,
    takeProfitPct: 3,
    breakEvenTriggerPct: 0.5,
    trailingActivationPct: 0.3,
    trailingDistancePct: 0.2,
    trailingTakePct: 0.1,
    trailingUpdateMs: 0,
    partialTakeProfits: [{ profitPct: 0.3, sharePct: 40 }],
  },
};

const LADDER = [
  { offsetPct: 0, weight: 1 },
  { offsetPct: 0.1, weight: 1 },
  { offsetPct: 0.5, weight: 1 },
];

/** The quiet kind: positions that nothing ends but a person. */
const CALM_EXITS = {
  stopLossPct: 20,
  takeProfitPct: null,
  breakEvenTriggerPct: null,
  trailingActivationPct: null,
  partialTakeProfits: [],
  rsiExitLongWithTrend: 99,
  rsiExitLongAgainstTrend: 99,
  rsiExitShortWithTrend: 1,
  rsiExitShortAgainstTrend: 1,
};

/** Makes the bots service restless, or calm; throws when it refuses the settings. */
export async function configure(pair: Pair, exits: 'restless' | 'calm' = 'restless'): Promise<void> {
  const settings = exits === 'restless' ? RESTLESS : { ...RESTLESS, exit: CALM_EXITS };
  await pair.order('PATCH', '/api/auto-bot/config?reason=prove', settings);
}

/** The coins of the market, as the bots service knows them; empty when it does not answer. */
export async function coinsOf(pair: Pair): Promise<readonly string[]> {
  const answer = await pair.api('GET', '/api/coins');
  const rows = Array.isArray(answer?.['rows']) ? answer['rows'] : [];
  return rows.map(({ symbol }) => String(symbol));
}

/** What the next entries are made of: another leverage, so that it has to be set, and one order or a ladder. */
export async function vary(pair: Pair, random: Rng): Promise<void> {
  const entryMethod = random.next() < 0.4 ? 'ladder' : 'market';
  await pair.api('PATCH', '/api/auto-bot/config?reason=prove', {
    risk: { leverage: 1 + Math.floor(random.next() * 4) },
    entry: { entryMethod, rungs: LADDER },
  });
}

/** Enters and leaves at random until told to stop; an answer that does not come is nothing to it. */
export async function trade(
  pair: Pair,
  { coins, random, until }: { coins: readonly string[]; random: Rng; until: () => boolean },
): Promise<void> {
  while (!until()) {
    const coin = coins[Math.floor(random.next() * coins.length)] ?? '';
    const direction = random.next() < 0.5 ? 'long' : 'short';
    if (random.next() < CLOSE_RATE)
      await pair.api('POST', `/api/positions/${coin}/close`, { reason: 'prove' });
    else await pair.api('POST', `/api/bots/${coin}/enter`, { direction, force: true, reason: 'prove' });
    await pause(PAUSE_MS);
  }
}
