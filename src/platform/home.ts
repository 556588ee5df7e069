import { isAbsolute, join } from 'node:path';
import { preparePrivateFolder } from './files.ts';

/** Name of the home folder beside the program when the environment names none. */
const HOME_DEFAULT = 'data';

/** The home folder as an absolute path: `INFOBOT_HOME`, relative to `workingFolder`, else `data` in it. */
export function resolveHome(
  environment: Readonly<Record<string, string | undefined>>,
  workingFolder: string,
): string {
  const wanted = environment['INFOBOT_HOME']?.trim() || HOME_DEFAULT;
  return isAbsolute(wanted) ? wanted : join(workingFolder, wanted);
}

/** Makes the home folder where it is missing and closes it to everybody but its owner. Gives `home`. */
export async function prepareHome(home: string): Promise<string> {
  await preparePrivateFolder(home);
  return home;
}
