import { join } from 'node:path';
import { readTextFile, writeFileOnce } from '../platform/files.ts';
import { secureText } from '../platform/random.ts';
import { registerSecret } from '../platform/redaction.ts';
import { UsageError } from './usage-error.ts';

/** Shorter ones are guessed from a stolen backup. */
const LENGTH_MIN = 12;
const FILE_BYTES_MAX = 4_096;
const VARIABLE = 'INFOBOT_BACKUP_PASSPHRASE';

/** Where a passphrase may come from: a file, else the environment, else the home's own key. */
export interface PassphraseSource {
  readonly home: string;
  readonly file: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Passphrase {
  readonly text: string;
  /** `home`: the home's own key opens it, and a copy of that is needed elsewhere. */
  readonly from: 'file' | 'environment' | 'home';
}

/** Where a home keeps the key of backups that were made without a passphrase. */
function backupKeyFile(home: string): string {
  return join(home, 'backup.key');
}

/** What a backup is sealed with; the home's own key is made on first use. Rejects `UsageError` for one that is too short. */
export async function passphraseToSeal(source: PassphraseSource): Promise<Passphrase> {
  const given = await givenPassphrase(source);
  if (given !== null) return given;
  const path = backupKeyFile(source.home);
  const own = await readTextFile(path, FILE_BYTES_MAX);
  if (own.ok) return checked(own.value, 'home', path);
  if (own.error.kind !== 'missing') throw new Error(own.error.detail);
  await writeFileOnce(path, `${secureText(32)}\n`);
  // Another backup may have made it meanwhile: then that one stands, and opens both.
  const made = await readTextFile(path, FILE_BYTES_MAX);
  if (!made.ok) throw new Error(made.error.detail);
  return checked(made.value, 'home', path);
}

/** What a backup may be opened with. Rejects `UsageError` when there is none. */
export async function passphraseToOpen(source: PassphraseSource): Promise<Passphrase> {
  const given = await givenPassphrase(source);
  if (given !== null) return given;
  const path = backupKeyFile(source.home);
  const own = await readTextFile(path, FILE_BYTES_MAX);
  if (own.ok) return checked(own.value, 'home', path);
  throw new UsageError(
    `There is no passphrase: ${own.error.detail} Name a file that holds it with --passphrase-file ` +
      `(the backup.key of the home the backup was made in, or the passphrase it was made with), or set ${VARIABLE}.`,
  );
}

async function givenPassphrase({ file, environment }: PassphraseSource): Promise<Passphrase | null> {
  if (file !== null) {
    const text = await readTextFile(file, FILE_BYTES_MAX);
    if (!text.ok) throw new UsageError(`The passphrase: ${text.error.detail}`);
    return checked(text.value, 'file', file);
  }
  const value = environment[VARIABLE];
  return value === undefined || value === '' ? null : checked(value, 'environment', VARIABLE);
}

/** A line end belongs to the file, not to the passphrase. */
function checked(raw: string, from: Passphrase['from'], place: string): Passphrase {
  const text = raw.replace(/\r?\n$/, '');
  if (text.length < LENGTH_MIN) {
    throw new UsageError(`The passphrase in ${place} has fewer than ${LENGTH_MIN} characters.`);
  }
  registerSecret(text);
  return { text, from };
}
