// Writes docs/operating/migrate.md out of the table the import reads by; with --check, only compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEYS_NOT_TAKEN } from '../src/app/predecessor/keys-not-taken.ts';
import { AUTO_BOT_RULES, BOT_RULES, SYSTEM_RULES } from '../src/app/predecessor/settings-table.ts';

const page = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs/operating/migrate.md');

const INTRODUCTION = `# Coming from the Python InfoBot

<!-- Made from the import's own table by scripts/migrate-page.mjs; a change here is lost. -->

\`infobot legacy import DIR\` takes over what the InfoBot before this one kept in its JSON files;
\`infobot legacy export DIR\` writes them again.

\`\`\`
infobot legacy import ../old/data --dry-run    every key, what becomes of it and why; stores nothing
infobot legacy import ../old/data              the same, stored
infobot config rollback 3                      the settings before the import were version 3
infobot legacy export ./for-the-old-one        our state in its files
\`\`\`

1. Stop the old program, or let it no longer trade: two that trade one account enter twice.
2. Stop the bots service. An import is refused while it runs, for what the service holds in memory would overwrite it;
   \`--dry-run\` and \`export\` work beside it.
3. Look with \`--dry-run\`. Each line names the file and the key: \`taken\` as it is, \`changed\` on the way (and how),
   \`ignored\` (and why), \`refused\`.
4. Import, start the bots service, look at the bots and start those you want.

What it never does: turn Auto Bot on, open or adopt a position, start a bot, touch a bot or a search that is here
already. Open positions of the old program stay at the exchange as yours: no bot here touches them, and no entry is
made beside them.

Each file is taken whole or not at all: one refused value keeps its file out, and the report names every such value,
so that the file can be corrected and imported again. Everything that is taken is stored in one commit, as a further
version of the settings by "legacy import". A key that is not in a file leaves what is set here. A second import of
the same files changes nothing. The exit code is 1 when a file was refused.

Bots are kept by account (\`--account\`, the one saved last where none is named); settings hold for all accounts. The demo of
\`npm start\` opens an account of its own at every start, so imported bots are seen by \`infobot bots --account NAME\`.

## Files

| file | in | out |
|---|---|---|
| \`system_config.json\` | settings of all coins | the same |
| \`auto_bot_config.json\` | settings of all coins; \`enabled\` is ignored | the same; \`enabled\` is false |
| \`individual_coin_settings.json\` | settings of one coin each | the same |
| \`bots_state.json\` | bots of a person, paused; those of Auto Bot and all positions are not taken; its \`auto_bot_config\` where there is no file of that name | bots with their positions, and the settings of all coins |
| \`optimal_ema.json\` | pairs are kept to be seen, never used: they were chosen by what nearly always holds; every coin is searched again | pairs that proved better here, and those nothing has replaced yet |
| \`mature_coins.json\` | not taken: maturity is seen anew in the candles | coins nothing called immature at the newest close |
| \`rsi_cache.json\` | not taken: RSI is computed anew | RSI, trend and signal of the newest close |
| \`process_state.json\` | not taken | Auto Bot off |

## Units

Percentages of the stop, take-profit, trailing stop and break-even are price moves without leverage, here as in the
later versions of the old program. For some weeks in autumn 2025 it counted trailing stop and break-even in percent of
the margin, under the same names. Numbers that can be no price move give such a file away; they are divided by the
leverage the file names, and the report shows the sum. Without a leverage they are not guessed at. Numbers that fit both
are taken for price moves: a file of those weeks is to be looked over by eye. An export says \`protection_percent_of\`
\`price\`, which the import reads and the old program passes over.
`;

const text = `${INTRODUCTION}
## Keys of \`auto_bot_config.json\` and of one coin

What holds for all coins at once (\`scope\`, lists, \`max_concurrent\`, \`system_timeframe\`) is ignored for one coin.

${table(AUTO_BOT_RULES)}
## Keys of a bot in \`bots_state.json\`

Only what a bot did otherwise; what it stored of its position and its run is not read.

${table(BOT_RULES)}
## Keys of \`system_config.json\`

${table(SYSTEM_RULES)}
## Keys that are known and not taken

| key | why |
|---|---|
${Object.entries(KEYS_NOT_TAKEN)
  .map(([key, why]) => row([`\`${key}\``, why]))
  .join('\n')}

Any other key is ignored as unknown, by name.
`;

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') === text) process.exit(0);
  console.error('docs/operating/migrate.md is not up to date: node scripts/migrate-page.mjs');
  process.exit(1);
}
mkdirSync(dirname(page), { recursive: true });
writeFileSync(page, text);

function table(rules) {
  const rows = rules.map(({ names, paths, how }) => row([code(names), code(paths), how]));
  return `| key | setting | how |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function code(words) {
  return words.map((word) => `\`${word}\``).join(', ');
}

function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
