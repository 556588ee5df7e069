// `npm start`: installs if needed, builds the page if needed, starts the demo.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePageBuilt } from './build-page.mjs';
import { ensureInstalled, pinnedEnvironment, root } from './install.mjs';

const PARENT_CHECK_MS = 500;

ensureInstalled();
ensurePageBuilt();
const child = spawn('node', [join(root, 'bin', 'infobot.mjs'), 'up', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: pinnedEnvironment(),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
endWithNpm();

/** npm passes a signal of its own to its shell alone, which dies of it: without npm, nobody could end us. */
function endWithNpm() {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, PARENT_CHECK_MS).unref();
}
