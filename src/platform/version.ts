import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssertionError, ensure } from '../core/base/assert.ts';

const FOLDERS_UP_MAX = 5;

/** The product's version from the `package.json` above this file: sources and compiled package differ in depth. */
export function productVersion(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < FOLDERS_UP_MAX; up += 1) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return versionOf(readFileSync(file, 'utf8'), file);
    folder = dirname(folder);
  }
  throw new AssertionError('A package.json stands above the program.');
}

function versionOf(text: string, file: string): string {
  const content: unknown = JSON.parse(text);
  const isObject = typeof content === 'object' && content !== null;
  const version = isObject && 'version' in content ? content.version : null;
  return ensure(typeof version === 'string' ? version : null, `${file} states a version.`);
}
