import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../../core/base/result.ts';
import { readTextFile } from '../../platform/files.ts';
import { readScenario, scenarioFaultText } from './read-scenario.ts';
import type { Scenario } from './scenario.ts';

const LIBRARY = fileURLToPath(new URL('../../../scenarios', import.meta.url));
const ENDING = '.yaml';

/** A scenario and the file it came from. */
export interface FoundScenario {
  readonly file: string;
  readonly scenario: Scenario;
}

/** Names of the scenarios that are shipped, in order. */
export async function shippedScenarios(): Promise<readonly string[]> {
  const files = await readdir(LIBRARY);
  return files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => basename(file, ENDING))
    .sort();
}

/** A shipped scenario by its name, or one in a file. The error has a line for each mistake, with its place. */
export async function findScenario(nameOrFile: string): Promise<Result<FoundScenario, string>> {
  const isName = /^[a-z0-9-]+$/.test(nameOrFile);
  const file = isName ? join(LIBRARY, `${nameOrFile}${ENDING}`) : resolve(nameOrFile);
  const text = await readTextFile(file);
  if (!text.ok) {
    const names = (await shippedScenarios()).join(', ');
    return err(isName ? `there is no scenario "${nameOrFile}": choose one of ${names}` : text.error.detail);
  }
  const read = readScenario(text.value);
  return read.ok ? ok({ file, scenario: read.value }) : err(scenarioFaultText(file, read.error));
}
