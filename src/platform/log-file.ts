import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import type { Time } from './time.ts';

/**
 * Five services log (bots, web, protector, venue, supervisor): 8 files of 5 MB each keep the folder under
 * 200 MB whatever happens.
 */
const FILE_SIZE = '5M';
const OLD_FILES = 7;
const CLOSE_WAIT_MS = 2_000;
/** How long a file that could not be written is left alone. */
const RETRY_MS = 10_000;
/** Level of a warning in pino's lines. */
const WARN = 40;

/** Where finished lines go. */
export interface LineSink {
  write(line: string): void;
  close(): Promise<void>;
}

export interface LogFileOptions {
  readonly home: string;
  /** Service name. */
  readonly name: string;
  readonly time: Time;
  /** A sentence for whoever watches the process. */
  readonly say: (text: string) => void;
}

/**
 * `<home>/logs/<name>.log`, readable by the owner alone. Logging never stops a service that guards money: a file that
 * cannot be written (full disk) is left alone for a while, said once, and goes on with a line that says how many are missing.
 */
export function logFile(options: LogFileOptions): LineSink {
  const path = join(options.home, 'logs');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return new LogFile(path, options);
}

class LogFile implements LineSink {
  private readonly path: string;
  private readonly options: LogFileOptions;
  /** Null while the file is left alone. */
  private stream: RotatingFileStream | null;
  private retryMs = 0;
  /** Lines that may not be in the file; 0 while it is whole. */
  private lost = 0;
  private isTold = false;

  constructor(path: string, options: LogFileOptions) {
    this.path = path;
    this.options = options;
    this.stream = this.opened();
  }

  write(line: string): void {
    const stream = this.stream ?? this.openedAgain();
    if (stream === null) this.lost += 1;
    else this.put(stream, line);
  }

  close(): Promise<void> {
    return this.stream === null ? Promise.resolve() : ended(this.stream);
  }

  private put(stream: RotatingFileStream, line: string): void {
    stream.write(line, (error) => {
      if (error) this.lost += 1;
    });
  }

  private opened(): RotatingFileStream {
    const { path, options } = this;
    const stream = createStream(`${options.name}.log`, {
      path,
      size: FILE_SIZE,
      rotate: OLD_FILES,
      mode: 0o600,
    });
    stream.on('error', (error) => {
      if (this.stream === stream) this.stream = null;
      this.retryMs = options.time.monotonicMs() + RETRY_MS;
      if (!this.isTold) options.say(`The log file in ${path} cannot be written: ${error.message}`);
      this.isTold = true;
    });
    return stream;
  }

  private openedAgain(): RotatingFileStream | null {
    if (this.options.time.monotonicMs() < this.retryMs) return null;
    const stream = this.opened();
    this.stream = stream;
    const missing = this.lost;
    // The line that was cut off by the fault ends here.
    stream.write(`\n${this.missingLine(missing)}`, (error) => {
      if (error) return;
      this.lost -= missing;
      this.isTold = false;
      this.options.say(`The log file in ${this.path} is written again; ${lines(missing)} missing.`);
    });
    return stream;
  }

  private missingLine(missing: number): string {
    const { name, time } = this.options;
    const msg = `Here ${lines(missing)} missing: the file could not be written.`;
    return `${JSON.stringify({ level: WARN, time: Math.round(time.nowMs()), name, msg })}\n`;
  }
}

/** At most: of lines that were written together and failed, some may stand. */
function lines(count: number): string {
  return count === 1 ? 'at most 1 line is' : `at most ${count} lines are`;
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
