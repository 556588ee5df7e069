// Builds the page when its sources are newer than the last build.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './install.mjs';

const folder = join(root, 'dist', 'web');
const built = join(folder, 'index.html');

/** Builds dist/web unless it is newer than every source of it. Beside it first: half a page is never served. */
export function ensurePageBuilt() {
  if (existsSync(built) && statSync(built).mtimeMs > newestSourceMs()) return;
  console.log('Building the page ...');
  const fresh = join(root, 'dist', 'web-next');
  run('vite', ['build', 'web', '--logLevel', 'warn', '--outDir', fresh, '--emptyOutDir']);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

function newestSourceMs() {
  const folders = [join(root, 'web'), join(root, 'src', 'api'), join(root, 'src', 'core')];
  let newest = statSync(join(root, 'package-lock.json')).mtimeMs;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return newest;
}
