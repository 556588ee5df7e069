/** What an interrupted proof must not leave behind: processes and mounts outlive their maker. */
const pending = new Set<() => void>();

/** Runs `undo` when the proof is interrupted (Ctrl-C, SIGTERM) from now on; gives how to call that off. */
export function onInterruption(undo: () => void): () => void {
  pending.add(undo);
  return () => pending.delete(undo);
}

/** Newest first; one that fails does not keep the others. */
function undoAll(): void {
  for (const undo of [...pending].reverse()) {
    try {
      undo();
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
    }
  }
  process.exit(INTERRUPTED);
}

const INTERRUPTED = 130;
process.once('SIGINT', undoAll);
process.once('SIGTERM', undoAll);
