import { type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { type LogFields, plainFields, printable } from './log-fields.ts';
import { type LineSink, logFile } from './log-file.ts';
import { redactText } from './redaction.ts';
import { RepeatFilter } from './repeat-filter.ts';
import { systemTime, type Time } from './time.ts';

type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Writes lines for the operator. `message` is fixed text, what varies goes into `fields`: equal messages of a
 * minute about the same instrument, order, code and job are written once and counted. Registered secrets and
 * fields with secret names are blanked.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same destination, with `part` on every line. */
  child(part: string): Logger;
  /** Writes pending counts and waits for the file. The parent's closes its children. */
  close(): Promise<void>;
}

export interface LoggerOptions {
  /** Service name: the file's name and a field of every line. Lower-case letters and dashes. */
  readonly name: string;
  readonly level: LogLevel | 'silent';
  readonly format: 'pretty' | 'json';
  /** Folder that gets `logs/<name>.log`; null: no file. */
  readonly home: string | null;
  readonly time?: Time;
  /** Where lines for the terminal go; standard output unless given. */
  readonly terminal?: (line: string) => void;
}

/** Makes the process's logger: to the terminal, and to a size-capped file when `home` is given. */
export function createLogger(options: LoggerOptions): Logger {
  const time = options.time ?? systemTime;
  const sinks = sinksOf(options, time);
  const write = (line: string): void => {
    const safe = redactText(line);
    for (const sink of sinks) sink.write(safe);
  };
  const timestamp =
    options.time === undefined ? stdTimeFunctions.epochTime : () => `,"time":${String(time.nowMs())}`;
  const target = pino({ name: options.name, level: options.level, timestamp }, { write });
  const close = async (): Promise<void> => {
    await Promise.all(sinks.map((sink) => sink.close()));
  };
  return loggerOf({ target, part: '', time, repeats: new RepeatFilter(), close });
}

/** Fields that say whom a message is about: the same words about another are another message. */
const SUBJECT_FIELDS = ['instrumentId', 'clientOrderId', 'code', 'job'] as const;

interface Line {
  readonly target: Pino;
  readonly level: LogLevel;
  readonly text: string;
}

interface Parts {
  readonly target: Pino;
  readonly part: string;
  readonly time: Time;
  readonly repeats: RepeatFilter<Line>;
  readonly close: () => Promise<void>;
}

function loggerOf(parts: Parts): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) =>
    log(parts, { target: parts.target, level, text: printable(message) }, fields);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (name) => {
      const part = printable(name);
      return loggerOf({
        ...parts,
        part,
        target: parts.target.child({ part }),
        close: () => Promise.resolve(),
      });
    },
    close: async () => {
      for (const { message, count } of parts.repeats.flush()) writeRepeated(message, count);
      await parts.close();
    },
  };
}

function log(parts: Parts, line: Line, fields?: LogFields): void {
  if (!line.target.isLevelEnabled(line.level)) return;
  const nowMs = parts.time.monotonicMs();
  for (const { message, count } of parts.repeats.expire(nowMs)) writeRepeated(message, count);
  const subject = SUBJECT_FIELDS.map((field) => String(fields?.[field] ?? ''));
  const key = JSON.stringify([parts.part, line.level, line.text, ...subject]);
  if (!parts.repeats.admit(key, line, nowMs)) return;
  line.target[line.level](fields === undefined ? {} : ownFields(fields), line.text);
}

function writeRepeated(line: Line, count: number): void {
  const times = count === 1 ? 'time' : 'times';
  line.target[line.level](`${line.text} (repeated ${String(count)} ${times})`);
}

/** Our own line's names are not for fields: a field `level` would forge the line's. */
function ownFields(fields: LogFields): LogFields {
  const { level, time, msg, name, pid, hostname, part, ...rest } = plainFields(fields);
  const clashing = Object.entries({ level, time, msg, name, pid, hostname, part });
  const renamed = clashing
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [`${key}_`, value]);
  return { ...rest, ...Object.fromEntries(renamed) };
}

function sinksOf(options: LoggerOptions, time: Time): readonly LineSink[] {
  const terminal = terminalSink(options);
  const { home, name } = options;
  if (home === null) return [terminal];
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  return [terminal, logFile({ home, name, time, say })];
}

function terminalSink(options: LoggerOptions): LineSink {
  const out = options.terminal ?? ((line: string) => process.stdout.write(line));
  const close = (): Promise<void> => Promise.resolve();
  if (options.format === 'json') return { write: out, close };
  const colorize = options.terminal === undefined && process.stdout.isTTY === true;
  const pretty = prettyFactory({
    colorize,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    // Errors are plain fields here; its own way to print them takes many lines.
    errorLikeObjectKeys: [],
  });
  return { write: (line) => out(pretty(line)), close };
}
