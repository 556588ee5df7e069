import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

/**
 * Five services log (bots, web, protector, venue, supervisor): 8 files of 5 MB each keep the folder under
 * 200 MB whatever happens.
 */
const FILE_SIZE = '5M';
const OLD_FILES = 7;
const CLOSE_WAIT_MS = 2_000;

/** Where finished lines go. */
export interface LineSink {
  write(line: string): void;
  close(): Promise<void>;
}

/**
 * `<home>/logs/<name>.log`, readable by the owner alone. A file that cannot be written (full disk) is given up
 * with one line on standard error: logging never stops a service that guards money.
 */
export function logFile(home: string, name: string): LineSink {
  const path = join(home, 'logs');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stream = createStream(`${name}.log`, { path, size: FILE_SIZE, rotate: OLD_FILES, mode: 0o600 });
  let failed = false;
  stream.on('error', (error) => {
    if (!failed) process.stderr.write(`The log file in ${path} cannot be written: ${error.message}\n`);
    failed = true;
  });
  return {
    write: (line) => {
      if (!failed) stream.write(line);
    },
    close: () => (failed ? Promise.resolve() : ended(stream)),
  };
}

function ended(stream: RotatingFileStream): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(resolve, CLOSE_WAIT_MS);
    stream.once('close', () => {
      clearTimeout(giveUp);
      resolve();
    });
    stream.end();
  });
}
