// `npm start`: installs if needed, builds the page if needed, starts the demo.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePageBuilt } from './build-page.mjs';
import { ensureInstalled, pinnedEnvironment, root } from './install.mjs';

ensureInstalled();
ensurePageBuilt();
const child = spawn('node', [join(root, 'bin', 'infobot.mjs'), 'up', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: pinnedEnvironment(),
});
// The terminal sends Ctrl-C to the whole group; other signals reach only this process.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));
