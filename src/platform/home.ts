import { access, constants, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { isSystemError, preparePrivateFolder } from './files.ts';
import { secureHex } from './random.ts';

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

/**
 * Makes the home folder where it is missing and closes it to everybody but its owner. Gives `home`. Rejects with
 * a sentence that names the folder and the variable it comes from.
 */
export async function prepareHome(home: string): Promise<string> {
  try {
    await preparePrivateFolder(home);
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
    await tryFile(join(home, `.probe-${secureHex(8)}`));
    return home;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The home folder ${home} cannot be used: ${reason}. Make it a folder of your own, or name another with INFOBOT_HOME.`,
      { cause: error },
    );
  }
}

/** Some folders hold no files whatever their rights say (`/proc`); a full disk is another matter, and no reason to refuse. */
async function tryFile(path: string): Promise<void> {
  try {
    await writeFile(path, '', { mode: 0o600 });
  } catch (error) {
    if (isSystemError(error, 'ENOSPC') || isSystemError(error, 'EDQUOT')) return;
    throw error;
  }
  await rm(path, { force: true });
}
