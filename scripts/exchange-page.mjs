// Writes the capability matrix and the list of cards into docs/exchanges/bybit.md, out of the cards that the venue is
// tested with; with --check, only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALL_CARDS } from '../test/conformance/cards/all-cards.ts';
import { PAGES_SERVED, PUSHES_SERVED } from '../test/recorded/venue-pages.ts';
import { PAGES_NOT_SERVED } from '../test/recorded/venue-pages-left-out.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs/exchanges/bybit.md');
const BEGIN =
  '<!-- Cards: made by scripts/exchange-page.mjs out of test/conformance/cards; a change here is lost. -->';
const END = '<!-- End of the cards. -->';
const CLIENTS = ['ccxt', 'ccxt pro', 'bybit-api', 'bybit-api streams', 'tardis-dev', 'wire'];

const cards = ALL_CARDS.toSorted((a, b) => a.number - b.number);
const capabilities = [...new Set(cards.map((card) => card.capability))];

function matrix() {
  const rows = capabilities.map((capability) => {
    const cells = CLIENTS.map((client) =>
      cards
        .filter((card) => card.capability === capability && card.client === client)
        .map((card) => card.number)
        .join(' '),
    );
    return `| ${[capability, ...cells].join(' | ')} |`;
  });
  return [`| capability | ${CLIENTS.join(' | ')} |`, `|${'---|'.repeat(CLIENTS.length + 1)}`, ...rows].join(
    '\n',
  );
}

function list() {
  const rows = cards.map(({ number, client, title }) => `| ${number} | ${client} | ${title} |`);
  return ['| card | client | what holds |', '|---|---|---|', ...rows].join('\n');
}

function notServed() {
  const rows = Object.entries(PAGES_NOT_SERVED).map(([page, reason]) => `| ${page} | ${reason} |`);
  return ['| page | why not |', '|---|---|', ...rows].join('\n');
}

const served = Object.keys(PAGES_SERVED).length + Object.keys(PUSHES_SERVED).length;
const section = `${BEGIN}

${cards.length} cards, each played by a client on a venue of its own. Columns are the clients, cells the cards.

${matrix()}

### Cards

${list()}

### Documented pages that are not served

The answers and pushes of ${served} documented pages have every field and JSON type of contracts
(\`test/recorded/venue-pages.test.ts\`). These are left out:

${notServed()}

${END}`;

const before = readFileSync(page, 'utf8');
const [head, rest] = before.split(BEGIN);
const tail = rest?.split(END)[1];
if (tail === undefined) throw new Error(`${page} has no place for the cards`);
const after = `${head}${section}${tail}`;
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('docs/exchanges/bybit.md is not what the cards say: run node scripts/exchange-page.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(page, after);
}
