// Makes sure the packages of the lock file are installed, once per lock file. Plain JavaScript for any
// Node >= 20: it runs before anything is installed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.infobot-lock');
const bin = join(root, 'node_modules', '.bin');

/** Installs unless the packages of this very lock file are there. */
export function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && hasPinnedNode()) return;
  if (isComplete()) return remember(lock);
  console.log('Installing packages (once, about half a minute) ...');
  install();
  if (!hasPinnedNode()) {
    giveUp(
      'The Node of the lock file was not installed: its install script must run (npm\'s "ignore-scripts").',
    );
  }
  remember(lock);
}

function install() {
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
  } catch (error) {
    const reason = error.code === 'ENOENT' ? 'npm is not on the PATH' : 'npm says above why';
    giveUp(`The packages could not be installed: ${reason}. Run this command again when that is mended.`);
  }
}

function giveUp(message) {
  console.error(message);
  process.exit(1);
}

/** The environment in which npm's tools run on the pinned Node. */
export function pinnedEnvironment() {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
}

/** Runs a tool of node_modules/.bin and waits; its exit code becomes ours when it fails. */
export function run(tool, args) {
  try {
    execFileSync(tool, args, { cwd: root, stdio: 'inherit', env: pinnedEnvironment() });
  } catch (error) {
    process.exit(error.status ?? 1);
  }
}

/** The newer Node that everything runs on comes as a package; half an install has everything but it. */
function hasPinnedNode() {
  return existsSync(
    join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  );
}

/** True when a plain `npm ci` or `npm install` of this lock file has already run. */
function isComplete() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !hasPinnedNode()) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || present[path]?.version === entry.version,
  );
}

function remember(lock) {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, lock);
}
