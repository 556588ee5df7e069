import { useCallback, useState } from 'react';
import { usePage } from './page-context.ts';
import { tellDone, tellFault } from './tell.ts';

interface CommandText {
  readonly done: string;
  readonly doneDetail: string;
  readonly failed: string;
}

/**
 * Runs one command at a time and tells what came of it. Afterwards everything is read again: the screen shows
 * the server's word, never what the command meant to do.
 */
export function useCommand(text: CommandText, onDone: () => void) {
  const { reload } = usePage();
  const [isRunning, setIsRunning] = useState(false);
  const run = useCallback(
    (send: () => Promise<void>) => {
      setIsRunning(true);
      send()
        .then(
          () => {
            tellDone(text.done, text.doneDetail);
            onDone();
          },
          (error: unknown) => tellFault(text.failed, error),
        )
        .finally(() => {
          setIsRunning(false);
          reload();
        });
    },
    [text, onDone, reload],
  );
  return { isRunning, run };
}
