import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { preparePrivateFolder, readTextFile, writeFileAtomic } from '../../platform/files.ts';
import type { ReportLine } from './import-report.ts';
import type { Fields } from './json-text.ts';
import { PREDECESSOR_FILES, type PredecessorFile } from './plan-import.ts';

/** The largest of them, a cache of 600 coins, has some 10 MB; more than this is something else. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** The files of a folder, and a line for each that is there and cannot be read. */
export interface FolderTexts {
  readonly texts: ReadonlyMap<PredecessorFile, string>;
  readonly lines: readonly ReportLine[];
}

/** Reads those of the files that are there. Rejects with a sentence when there is none. */
export async function readFolder(folder: string): Promise<FolderTexts> {
  const texts = new Map<PredecessorFile, string>();
  const lines: ReportLine[] = [];
  for (const file of PREDECESSOR_FILES) {
    const text = await readTextFile(join(folder, file), FILE_BYTES_MAX);
    if (text.ok) texts.set(file, text.value);
    else if (text.error.kind !== 'missing')
      lines.push({ file, place: '', kind: 'refused', detail: text.error.detail });
  }
  if (texts.size > 0 || lines.length > 0) return { texts, lines };
  throw new Error(`${folder} holds none of the files that are known: ${PREDECESSOR_FILES.join(', ')}.`);
}

/** Writes the files into a folder that holds none of them. Rejects with a sentence when it does: nothing is overwritten. */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<PredecessorFile, Fields>,
): Promise<void> {
  await preparePrivateFolderOnce(folder);
  const there = await Promise.all([...files.keys()].map((file) => exists(join(folder, file))));
  const [first] = [...files.keys()].filter((_, index) => there[index] === true);
  if (first !== undefined) {
    throw new Error(`${folder} holds ${first} already, and nothing is overwritten: name another folder.`);
  }
  for (const [file, content] of files) {
    await writeFileAtomic(join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** A folder that is there keeps its rights: it is the person's own. */
async function preparePrivateFolderOnce(folder: string): Promise<void> {
  if (!(await exists(folder))) await preparePrivateFolder(folder);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    // Not there, or in a folder that cannot be entered: writing says which.
    return false;
  }
}
