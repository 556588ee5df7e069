import { systemTime } from '../../../src/platform/time.ts';
import { openStore } from '../../../src/store/sqlite/open-store.ts';

/** Opens a trading database as the product does at its start, and closes it; a sentence when it refuses. */
export async function openDatabase(file: string): Promise<string | null> {
  try {
    await openStore({ file, time: systemTime }).close();
    return null;
  } catch (error) {
    return String(error);
  }
}
