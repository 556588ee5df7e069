// `npm test`: installs if needed, builds the page if needed, runs the whole test suite.
import { ensureInstalled, run } from './install.mjs';

ensureInstalled();
run('vitest', ['run', ...process.argv.slice(2)]);
