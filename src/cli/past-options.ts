import { type Command, InvalidArgumentError } from 'commander';
import type { PastAnswer, PastFault, PastWish } from '../app/past-request.ts';
import { productFacts } from '../app/product-facts.ts';
import { numberWithin, oneOf, wholeNumber } from './options.ts';

/** What a command about recorded candles takes. */
export interface PastFlags {
  readonly timeframe?: string;
  readonly from?: number;
  readonly to?: number;
  readonly config?: string;
  readonly funding?: string;
  readonly symbols?: readonly string[];
  readonly equity?: number;
  readonly feeTaker?: number;
  readonly feeMaker?: number;
  readonly slippage?: number;
  readonly path?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Adds what every command about recorded candles takes. */
export function addPastOptions(command: Command): Command {
  return command
    .option(
      '--timeframe <timeframe>',
      'timeframe of decisions; the recorded one unless set',
      oneOf(productFacts.timeframes),
    )
    .option('--from <time>', 'first candle to decide on, e.g. 2025-01-01; earlier ones are history', moment)
    .option('--to <time>', 'end, e.g. 2025-07-01', moment)
    .option('--config <file>', 'JSON file of trading settings; what it leaves out is the default')
    .option('--funding <folder>', 'folder of funding files (SYMBOL.csv.gz: fundingTime,fundingRate)')
    .option('--symbols <list>', 'only these, e.g. BTCUSDT,SOLUSDT', symbols)
    .option('--equity <usdt>', 'money at the start, USDT (default 10000)', numberWithin(10, 1e9))
    .option(
      '--fee-taker <pct>',
      'fee of a market order, % of its notional (default 0.055)',
      numberWithin(0, 1),
    )
    .option(
      '--fee-maker <pct>',
      'fee of a resting order, % of its notional (default 0.02)',
      numberWithin(-0.1, 1),
    )
    .option(
      '--slippage <bps>',
      'how much worse market orders fill, basis points (default 2)',
      numberWithin(0, 500),
    )
    .option(
      '--path <order>',
      `which extreme of a candle comes first: ${productFacts.pathOrders.join(', ')}`,
      oneOf(productFacts.pathOrders),
    )
    .option('--seed <number>', 'of the dice of a seeded path', wholeNumber(4_294_967_295))
    .option('--out <file>', 'write the whole result as JSON')
    .option('--json', 'print the whole result as JSON');
}

/** Says what came of it: as JSON, as lines, or what went wrong: exit code 2 for what cannot be meant, else 1. */
export function sayAnswer(
  answer:
    | { readonly ok: true; readonly value: PastAnswer }
    | { readonly ok: false; readonly error: PastFault },
  asJson: boolean,
): void {
  clearProgress();
  if (!answer.ok) {
    console.error(answer.error.detail);
    process.exitCode = answer.error.kind === 'usage' ? 2 : 1;
  } else if (asJson) console.log(answer.value.json);
  else for (const line of answer.value.lines) console.log(line);
}

/** What the flags ask for. */
export function wishOf(folder: string, flags: PastFlags): PastWish {
  const given = {
    equityUsdt: flags.equity,
    feeTakerRate: rateOf(flags.feeTaker),
    feeMakerRate: rateOf(flags.feeMaker),
    slippageBps: flags.slippage,
    path: flags.path,
    seed: flags.seed,
  };
  return {
    folder,
    timeframe: flags.timeframe ?? null,
    fromMs: flags.from ?? null,
    toMs: flags.to ?? null,
    configFile: flags.config ?? null,
    fundingFolder: flags.funding ?? null,
    place: { environment: process.env, workingFolder: process.cwd() },
    symbols: flags.symbols ?? null,
    options: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    outFile: flags.out ?? null,
    onProgress: showProgress,
  };
}

function rateOf(pct: number | undefined): number | undefined {
  return pct === undefined ? undefined : pct / 100;
}

/** A day or a moment, UTC. */
function moment(text: string): number {
  const timeMs = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs))
    throw new InvalidArgumentError('It takes a day such as 2025-01-01, or 2025-01-01T06:00Z.');
  return timeMs;
}

function symbols(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim().toUpperCase());
  if (names.some((name) => !/^[A-Z0-9]{2,40}$/.test(name))) {
    throw new InvalidArgumentError('It takes names such as BTCUSDT,SOLUSDT.');
  }
  return names;
}

let shown = '';

/** One line that overwrites itself, on a terminal only: a file gets none of it. */
function showProgress(phase: string, share: number): void {
  if (process.stderr.isTTY !== true) return;
  const text = `${phase} ${Math.floor(share * 100)} %`;
  if (text === shown) return;
  shown = text;
  process.stderr.write(`\r${text.padEnd(20)}`);
}

function clearProgress(): void {
  if (shown !== '') process.stderr.write(`\r${' '.repeat(20)}\r`);
  shown = '';
}
