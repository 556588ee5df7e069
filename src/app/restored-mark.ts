import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeFileAtomic } from '../platform/files.ts';

const restoredMarkSchema = z.strictObject({
  /** When the backup was made, ms. */
  backupMs: z.number().int(),
  restoredMs: z.number().int(),
  /** Name of the backup's file. */
  backup: z.string(),
});

/** That a home was brought back from a backup. */
export type RestoredMark = z.infer<typeof restoredMarkSchema>;

function markFile(home: string): string {
  return join(home, 'restored.json');
}

/** Durable before the first byte of the home is changed: a home that is half restored is marked as well. */
export async function markRestored(home: string, mark: RestoredMark): Promise<void> {
  await writeFileAtomic(markFile(home), `${JSON.stringify(mark, null, 2)}\n`);
}

/**
 * The mark of a home that was restored and not armed for live trading since; null: it was not. While there is one, nothing
 * may trade live. One that cannot be read counts: it is said to be from the beginning of time.
 */
export async function restoredMark(home: string): Promise<RestoredMark | null> {
  const file = await readJsonFile(markFile(home));
  if (!file.ok && file.error.kind === 'missing') return null;
  const mark = file.ok ? restoredMarkSchema.safeParse(file.value).data : undefined;
  return mark ?? { backupMs: 0, restoredMs: 0, backup: 'unknown' };
}

/** What a person is told of it; null without a mark. */
export function restoredNotice(mark: RestoredMark | null): string | null {
  if (mark === null) return null;
  const at = (timeMs: number): string =>
    `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return (
    `This home was restored at ${at(mark.restoredMs)} from a backup of ${at(mark.backupMs)}: it cannot trade live until a ` +
    'person arms it. Look at the positions: what was opened after the backup is shown as foreign until it is adopted.'
  );
}
