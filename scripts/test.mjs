// `npm test`: installs if needed, builds the page if needed, runs the whole test suite.
import { ensurePageBuilt } from './build-page.mjs';
import { ensureInstalled, run } from './install.mjs';

ensureInstalled();
ensurePageBuilt();
run('vitest', ['run', ...process.argv.slice(2)]);
