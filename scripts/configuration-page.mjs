// Writes docs/configuration.md out of the settings' schemas and the comments beside them; with --check, only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { SETTINGS_PRESETS } from '../src/core/engine/presets.ts';
import { GLOBAL_ONLY } from '../src/core/engine/settings.ts';
import { describeSettings } from '../src/core/engine/settings-outline.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs/configuration.md');

/** Where the schema of each group stands, and what the group is about. */
const GROUPS = {
  signal: ['src/core/signal/settings.ts', 'Signals: when a coin is worth a look.'],
  filter: ['src/core/filter/settings.ts', 'Filters: reasons not to enter.'],
  risk: ['src/core/risk/settings.ts', 'Risk: how much, and whether.'],
  entry: ['src/core/risk/entry-settings.ts', 'Entries: by which orders.'],
  exit: ['src/core/position/settings.ts', 'Exits: what ends a position.'],
};

const INTRODUCTION = `# Configuration

<!-- Made from the schemas by scripts/configuration-page.mjs; a change here is lost. -->

Every setting of trading, out of the schemas the program itself reads. A value comes from the highest layer that
sets it: the bot's own settings, then the coin's, then what a search found for the coin (the two lengths of its
averages, see optimal-ema.md), then those for all coins, then the default. Lists replace, they never mix. Keys marked "all coins" cannot be set for one coin or one bot. Percentages are plain price moves without
leverage unless the key says otherwise; \`null\` switches off.

A change is a further version with its author, time and reason. It is refused whole when any value is out of range or
two contradict each other, for any coin or bot; it takes effect between two decisions. Earlier versions are
compared and brought back, never changed.

\`\`\`
infobot config show --coin BTC                 what holds, and from which layer
infobot config set filter.rsiTimeCandles 5     for all coins
infobot config set risk.leverage 2 --coin BTC  for one coin
infobot config diff 3 5                        what differs between two versions
infobot config rollback 3                      bring one back
\`\`\`
`;

const text = pageText();
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') === text) process.exit(0);
  console.error('docs/configuration.md is not up to date: node scripts/configuration-page.mjs');
  process.exit(1);
}
writeFileSync(page, text);

function pageText() {
  const keys = describeSettings();
  const top = keys.filter(({ path }) => !path.includes('.'));
  const sections = Object.entries(GROUPS).map(([group, [file, title]]) => {
    const own = keys.filter(({ path }) => path.startsWith(`${group}.`));
    return `## ${group}\n\n${title} The schema is in [${file}](../${file}).\n\n${table(own, commentsOf(file))}`;
  });
  const general = table(top, commentsOf('src/core/engine/settings.ts'));
  return `${INTRODUCTION}\n## general\n\n${general}\n${sections.join('\n')}\n${presets()}`;
}

function table(keys, comments) {
  const rows = keys.map(({ path, unit, default: value, range }) => {
    const key = path.slice(path.indexOf('.') + 1);
    const scope = GLOBAL_ONLY.has(path) ? 'All coins. ' : '';
    const cells = [
      `\`${path}\``,
      `\`${JSON.stringify(value)}\``,
      unit,
      range,
      scope + (comments.get(key) ?? ''),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `| key | default | unit | range | what it does |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** The doc comment of each property of a file, on one line. */
function commentsOf(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const comments = new Map();
  const visit = (node) => {
    if (ts.isPropertyAssignment(node)) {
      const said = ts
        .getJSDocCommentsAndTags(node)
        .map((part) => ts.getTextOfJSDocComment(part.comment) ?? '');
      if (!comments.has(node.name.getText()))
        comments.set(node.name.getText(), said.join(' ').replace(/\s+/g, ' ').trim());
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return comments;
}

function presets() {
  const parts = SETTINGS_PRESETS.map(({ name, sentence, patch }) => {
    const values = Object.entries(patch).flatMap(([group, keys]) =>
      Object.entries(keys).map(([key, value]) => `\`${group}.${key}\` ${JSON.stringify(value)}`),
    );
    return `**${name}** - ${sentence} Sets ${values.join(', ')}.\n`;
  });
  return `## presets\n\nNamed choices for all coins; what a preset does not name stays.\n\n${parts.join('\n')}`;
}
