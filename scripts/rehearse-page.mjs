// Writes docs/operating/rehearse.md out of the venue's faults and the shipped scenarios; with --check, only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DRIFT_PACKS } from '../src/venue/fault/drift-packs.ts';
import { FAULT_KINDS } from '../src/venue/fault/fault-kinds.ts';
import { paramsOf } from '../src/venue/fault/fault-words.ts';
import { findScenario, shippedScenarios } from '../src/venue/scenario/scenario-library.ts';

const page = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs/operating/rehearse.md');

const INTRODUCTION = `# Rehearse: faults and scenarios of the venue

<!-- Made from the venue's own lists by scripts/rehearse-page.mjs; a change here is lost. -->

The local exchange misbehaves on command. What is tried here against play money is what happens with real money one
day: lost answers, lying lists, silent streams, crashes, thieves.

\`\`\`
infobot venue --scenario flash-crash                                a shipped scenario
infobot venue --scenario ./my-own.yaml                              one of your own
infobot venue --fault reply-lost:path=/v5/order/create,rate=0.3     a fault from the start; may be repeated
\`\`\`

While the venue runs, its control takes faults on loopback. The token is in \`venue-control.json\` of the home folder;
only its owner can read it.

\`\`\`
TOKEN=$(node -p "JSON.parse(fs.readFileSync('data/venue-control.json')).token")
curl -H "Authorization: Bearer $TOKEN" -d '{"name":"wick","symbol":"BTCUSDT","pct":-30}' localhost:5003/venue/faults
curl -H "Authorization: Bearer $TOKEN" localhost:5003/venue/faults                       what is active, what it did
curl -H "Authorization: Bearer $TOKEN" -X DELETE localhost:5003/venue/faults/1           end one; without a number all
curl -H "Authorization: Bearer $TOKEN" "localhost:5003/venue/wire?limit=100"             what crossed the venue's wire
curl -H "Authorization: Bearer $TOKEN" localhost:5003/venue/ledger                       money as the venue booked it
curl -H "Authorization: Bearer $TOKEN" localhost:5003/venue/state                        orders, fills, positions
\`\`\`

An access token of an administrator may look too, but not begin or end a fault. \`/venue/wire\` pages with
\`after=SEQUENCE\`; it keeps the newest 20,000 records of requests and private streams and 1,000 of public streams.
A login frame is told without its key and signature.

A fault that names an instrument or an account the venue does not know is refused with the nearest name.

## Whose books

The demo account lasts: killed or ended, the venue comes back with money, positions, orders and stops as they were
(\`venue.db\` in the home folder), and the same market goes on. \`--fresh-demo\`, of \`infobot up\` as of \`infobot venue\`,
opens a new account and sets the old books aside. Faults end with the process; what they did to orders and money stays.
A scenario is played on books of its own that end with it, and so is a replay of \`infobot up\`. While the venue was down
nothing was traded: its first step settles by the prices of then ([decision 15](../decisions/0015-the-venue-keeps-its-books.md)).

## A scenario file

YAML 1.2. Times count from the start of the venue; a mistake is told with its line. Everything but \`name\`, \`purpose\`
and \`length\` may be left out.

\`\`\`yaml
name: bad-evening
purpose: Half of all orders lose their answer while the market falls.
length: 10m
seed: 7                       # of the faults' dice: the same seed, the same story
market:
  synthetic: { seed: 13, instruments: 40, scale: demo }
  # or: replay: { folder: ./candles, timeframe: 1m }
  # or: bars: { timeframe: 1m, candles: { AAAUSDT: ["100 101 99 100.5 5000", "100.5 102 100 101 4000"] } }
events:
  - { at: 2m, fault: reply-lost, path: /v5/order/create, rate: 0.5, for: 5m }
  - { at: 3m30s, fault: price-move, pct: -15, over: 1m }
  - { at: 8m, end: reply-lost }
\`\`\`

## Shipped scenarios

Every one is played to the whole trading stack in the tests, in virtual time, and judged by the venue's books: no stop
is lost, no order is doubled, money and positions agree within two minutes of the last fault.

| scenario | what happens |
|---|---|
`;

const text = `${INTRODUCTION}${(await scenarioRows()).join('\n')}

## Faults

Every fault also takes \`rate\` (0 to 1: how often it strikes of all the times it could), \`count\` (strikes after which it
is over) and \`for\` (how long it is active, such as \`90s\` or \`10m\`).

| fault | what it does | parameters |
|---|---|---|
${FAULT_KINDS.map(faultRow).join('\n')}

## Packs of contract drift

| pack | what changes |
|---|---|
${DRIFT_PACKS.map(({ name, purpose }) => row([`\`${name}\``, purpose])).join('\n')}
`;

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') === text) process.exit(0);
  console.error('docs/operating/rehearse.md is not up to date: node scripts/rehearse-page.mjs');
  process.exit(1);
}
writeFileSync(page, text);

async function scenarioRows() {
  const found = await Promise.all((await shippedScenarios()).map(findScenario));
  return found.map((each) => {
    if (!each.ok) throw new Error(each.error);
    return row([`\`${each.value.scenario.name}\``, each.value.scenario.purpose]);
  });
}

function faultRow({ name, purpose, params }) {
  const listed = Object.entries(paramsOf(params)).map(([param, taken]) => `\`${param}\`${wordsOf(taken)}`);
  return row([`\`${name}\``, purpose, listed.join(', ')]);
}

/** What a parameter takes, as far as a word says it. */
function wordsOf({ enum: choices, default: usual }) {
  const words = choices === undefined ? [] : [choices.join(' / ')];
  if (usual !== undefined && usual !== '') words.push(`else ${usual}`);
  return words.length === 0 ? '' : ` (${words.join('; ')})`;
}

function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
