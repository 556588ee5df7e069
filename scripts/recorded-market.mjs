// Writes docs/recorded-market.md: how often each filter vetoed and each exit fired when the recorded market is walked.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODES, codeMeaning } from '../src/core/domain/codes.ts';
import { EXIT_REASONS } from '../src/core/domain/order.ts';
import { NEVER_FIRED } from '../test/recorded/never-fired.ts';
import {
  RECORDED,
  recordedMarket,
  settingsOf,
  VARIANTS,
  walkRecorded,
} from '../test/recorded/recorded-walk.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dataFolder = process.env['INFOBOT_TEST_DATA'] ?? join(root, '../shared');
const PASSING = /\.(pass|off|not-evaluated|not-told|not-quoted)$/;

const walks = await walkAll();
const page = pageOf(walks);
writeFileSync(join(root, 'docs/recorded-market.md'), page);
console.log(page);

async function walkAll() {
  const done = [];
  for (const { name, folder } of RECORDED) {
    const market = await recordedMarket(dataFolder, folder);
    for (const variant of Object.keys(VARIANTS)) {
      const result = walkRecorded(market, settingsOf(market, variant));
      done.push({ name: `${name}, ${variant}`, column: `${market.timeframe} ${variant}`, result });
    }
  }
  return done;
}

function pageOf(done) {
  const vetoCodes = Object.keys(CODES).filter(
    (code) => code.startsWith('filter.') && (code === 'filter.trading-switch.off' || !PASSING.test(code)),
  );
  const vetoes = (code) =>
    done.map(({ result }) => result.vetoes.find((veto) => veto.code === code)?.count ?? 0);
  const exits = (reason) =>
    done.map(({ result }) => result.exits.find((exit) => exit.reason === reason)?.count ?? 0);
  const rules = [...new Set(done.flatMap(({ result }) => Object.keys(result.exitRules)))].sort();
  return [
    '# The recorded market, walked',
    '',
    '<!-- Made by scripts/recorded-market.mjs out of recorded candles; a change here is lost. -->',
    '',
    'Recorded candles of three exchanges’ markets through the engine that trades, with all its rules, fees and stops.',
    'Three sets of settings: as shipped; `strict`, every filter on; `exits`, every exit rule on with near levels.',
    'The result is no promise: these coins were alive when they were recorded, and a candle does not tell its inside.',
    '',
    ...table(
      ['', 'candles', 'trades', 'won %', 'profit factor', 'result USDT', 'max drawdown %'],
      done.map(figures),
    ),
    '',
    '## How often each filter vetoed',
    '',
    'Looks at an entry signal, one a candle and instrument; a look may be vetoed by several.',
    '',
    ...table(['code', ...done.map(({ column }) => column), ''], counted(vetoCodes, vetoes)),
    '',
    '## How often each exit fired',
    '',
    'Closed positions by what ended them.',
    '',
    ...table(['reason', ...done.map(({ column }) => column), ''], counted(EXIT_REASONS, exits)),
    '',
    'Exit rules that ordered an exit, partial ones included:',
    '',
    ...table(
      ['code', ...done.map(({ column }) => column), 'meaning'],
      rules.map((code) => [
        `\`${code}\``,
        ...done.map(({ result }) => result.exitRules[code] ?? 0),
        codeMeaning(code) ?? '',
      ]),
    ),
    '',
  ].join('\n');
}

function figures({ name, result }) {
  const { summary, market } = result;
  const { count, winRatePct, profitFactor } = summary.trades;
  return [
    name,
    market.candles,
    count,
    winRatePct?.toFixed(1) ?? '',
    profitFactor?.toFixed(2) ?? '',
    (Number(summary.equityEnd) - Number(summary.equityStart)).toFixed(2),
    (summary.drawdown?.pct ?? 0).toFixed(2),
  ];
}

/** A row of nothing but zeros says why, or that it is not explained: then this ends with 1. */
function counted(keys, countsOf) {
  return keys.map((key) => {
    const counts = countsOf(key);
    const silent = counts.every((count) => count === 0);
    const why = silent ? (NEVER_FIRED[key] ?? 'NOT EXPLAINED') : '';
    if (why === 'NOT EXPLAINED') process.exitCode = 1;
    return [`\`${key}\``, ...counts, why];
  });
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
