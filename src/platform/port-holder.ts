import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { printable } from './log-fields.ts';
import { redactText } from './redaction.ts';

/** A process that holds what others want. `command` is its command line, cut at 200 characters. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

const COMMAND_LENGTH_MAX = 200;
/** State "listening" in the kernel's table. */
const LISTEN = '0A';

/** The process listening on a TCP port; null where the system does not tell. */
export async function findPortHolder(port: number): Promise<PortHolder | null> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readOrNothing));
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table, port)));
  if (sockets.size === 0) return null;
  return holderOf((target) => sockets.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''));
}

/** A process that has this file open, this one included; null where the system does not tell. `path` is absolute. */
export async function findFileHolder(path: string): Promise<PortHolder | null> {
  // The system names files by where they really are.
  const real = await realpath(path).catch(() => path);
  return holderOf((target) => target === real);
}

/**
 * Socket numbers that listen on `port` in a table of the kernel.
 * @see https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function listeningSockets(table: string, port: number): readonly string[] {
  const portHex = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${portHex}`))
    .flatMap((columns) => columns[9] ?? []);
}

async function holderOf(isWanted: (target: string) => boolean): Promise<PortHolder | null> {
  for (const pid of await numericEntries('/proc')) {
    if (await holds(pid, isWanted)) return { pid, command: await commandOf(pid) };
  }
  return null;
}

async function holds(pid: number, isWanted: (target: string) => boolean): Promise<boolean> {
  const folder = `/proc/${String(pid)}/fd`;
  for (const descriptor of await numericEntries(folder)) {
    if (isWanted(await linkOrNothing(`${folder}/${String(descriptor)}`))) return true;
  }
  return false;
}

async function commandOf(pid: number): Promise<string> {
  const words = (await readOrNothing(`/proc/${String(pid)}/cmdline`))
    .split('\0')
    .filter((word) => word !== '');
  return printable(redactText(words.join(' '))).slice(0, COMMAND_LENGTH_MAX);
}

async function numericEntries(folder: string): Promise<readonly number[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    // Another user's process, one that has ended, or a system without this table: it tells nothing.
    return [];
  }
}

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // As above: a source that cannot be read tells nothing, and nothing is claimed.
    return '';
  }
}

async function linkOrNothing(path: string): Promise<string> {
  try {
    return await readlink(path);
  } catch {
    // The descriptor was closed while we looked.
    return '';
  }
}
