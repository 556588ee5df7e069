import { connect, createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A name that one process of this machine holds; the system lets go of it when the process ends, however it ends. */
export interface MachineClaim {
  release(): Promise<void>;
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claim: MachineClaim }
  /** What the holder says of itself; empty: it does not answer. */
  | { readonly kind: 'held'; readonly by: string };

const ANSWER_WAIT_MS = 500;
const WORDS_MAX = 500;
/** A process that has just been killed may hold its name for a moment longer, without answering. */
const ATTEMPTS = 4;
const ATTEMPT_PAUSE_MS = 250;

/**
 * Claims a name for this process, whatever user or folder it runs in; `words` are told to whoever asks who it is. Nothing
 * is left on a disk. Systems without names of that kind (macOS) grant every claim. Rejects with the system's error.
 */
export async function claimOnMachine(name: string, words: string): Promise<ClaimOutcome> {
  const address = addressOf(name);
  if (address === null) return { kind: 'claimed', claim: { release: async () => undefined } };
  for (let attempt = 1; ; attempt += 1) {
    const server = await listen(address, words);
    if (server !== null) return { kind: 'claimed', claim: { release: () => closed(server) } };
    const by = await wordsAt(address);
    if (by !== '' || attempt === ATTEMPTS) return { kind: 'held', by };
    await pause(ATTEMPT_PAUSE_MS);
  }
}

/** What the holder of a name says of itself; empty: nobody holds it, or it does not answer. */
export async function holderOnMachine(name: string): Promise<string> {
  const address = addressOf(name);
  return address === null ? '' : wordsAt(address);
}

function addressOf(name: string): string | null {
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : null;
}

/** Null: another process has it. */
function listen(address: string, words: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(words);
    });
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

function wordsAt(address: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let words = '';
    const settle = (): void => {
      socket.destroy();
      resolve(words);
    };
    socket.setEncoding('utf8').setTimeout(ANSWER_WAIT_MS, settle);
    socket.on('data', (text: string) => {
      words = `${words}${text}`.slice(0, WORDS_MAX);
    });
    socket.on('end', settle).on('error', settle);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
