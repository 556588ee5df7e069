import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from './log-fields.ts';
import { redactText } from './redaction.ts';
import { systemTime } from './time.ts';

/**
 * From now on an error nobody caught is written to `<home>/logs/<name>.crash.log` before it ends the process. At
 * once and by hand: the log's own file is written later, and there is no later.
 */
export function noteCrashes(home: string, name: string): void {
  process.on('uncaughtExceptionMonitor', (error) => {
    const lines = String(error.stack ?? error)
      .split('\n')
      .map((line) => `${printable(redactText(line))}\n`);
    try {
      mkdirSync(join(home, 'logs'), { recursive: true, mode: 0o700 });
      appendFileSync(
        join(home, 'logs', `${name}.crash.log`),
        `${new Date(systemTime.nowMs()).toISOString()} ${lines.join('')}`,
        { mode: 0o600 },
      );
    } catch {
      // The process is ending, and its last words stand on the terminal as well.
    }
  });
}
