import { resolve } from 'node:path';
import { secureHex } from '../platform/random.ts';
import type { AppConfig } from './config.ts';
import { type DemoMarket, openDemoBooks, type WantedMarket } from './demo-books.ts';

/** What a start says of its market. */
export interface DemoStart {
  readonly replay: string | null;
  /** Timeframe to trade; null for the demo's own. */
  readonly timeframe: string | null;
  readonly seed: number | null;
  readonly instruments: number | null;
  readonly scenario: string | null;
  readonly freshDemo: boolean;
}

/** The demo account of this start, and how its services are told of it. */
export interface StartedDemo {
  readonly account: string;
  /** True when it was there before. */
  readonly goesOn: boolean;
  readonly venueSwitches: readonly string[];
  /** For the settings; null leaves them as they are. */
  readonly timeframe: string | null;
}

/** At which a minute of the synthetic market moves like six hours, so that there is something to see. */
const DEMO_TIMEFRAME = '1m';
const INSTRUMENTS_USUAL = 600;
const SEED_BYTES = 3;

/**
 * Finds the demo account the home has, or opens one. A scenario and a replay are played from their beginning: each start
 * of them has an account of its own, and a replay's books are kept only so that a venue that dies can come back.
 * Throws as `openDemoBooks` does.
 */
export function startedDemo(config: AppConfig, start: DemoStart): StartedDemo {
  const timeframe = start.timeframe ?? DEMO_TIMEFRAME;
  if (start.scenario !== null) {
    const account = `demo-${secureHex(4)}`;
    return { account, goesOn: false, venueSwitches: ['--scenario', start.scenario], timeframe };
  }
  const { opening, isFresh, close } = openDemoBooks(config.home, {
    wanted: wantedMarket(start, timeframe),
    usual: usualMarket(timeframe),
    fresh: start.freshDemo || start.replay !== null,
    account: null,
  });
  close();
  return {
    account: opening.account,
    goesOn: !isFresh,
    venueSwitches: ['--account', opening.account, ...marketSwitches(opening.market)],
    timeframe: isFresh ? timeframe : start.timeframe,
  };
}

function wantedMarket({ seed, instruments, replay }: DemoStart, timeframe: string): WantedMarket {
  return {
    ...(seed === null ? {} : { seed }),
    ...(replay === null && instruments !== null ? { instruments } : {}),
    ...(replay === null ? {} : { timeframe, instruments: 0 }),
    contracts: '',
    replay: replay === null ? '' : resolve(replay),
  };
}

/** The scale is the account's for as long as it lives: another timeframe is traded on the same market. */
function usualMarket(timeframe: string): DemoMarket {
  return {
    seed: Number.parseInt(secureHex(SEED_BYTES), 16),
    scale: timeframe === DEMO_TIMEFRAME ? 'demo' : 'real',
    instruments: INSTRUMENTS_USUAL,
    contracts: '',
    replay: '',
    timeframe: '',
  };
}

function marketSwitches({ seed, replay, timeframe }: DemoMarket): readonly string[] {
  return ['--seed', String(seed), ...(replay === '' ? [] : ['--replay', replay, '--timeframe', timeframe])];
}
