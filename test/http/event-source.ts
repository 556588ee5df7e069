import { get, type IncomingMessage } from 'node:http';

export interface OpenStream {
  readonly response: IncomingMessage;
  /** Everything received so far. */
  text(): string;
  /** Resolves when the other side has ended or cut the connection. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a live stream over a real socket and collects what arrives. */
export function openStream(url: string, headers: Readonly<Record<string, string>>): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      { headers: { accept: 'text/event-stream', ...headers }, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        const ended = new Promise<void>((done) => {
          response.on('close', () => done());
          response.on('error', () => done());
        });
        resolve({ response, text: () => text, ended, close: () => request.destroy() });
      },
    );
    request.on('error', reject);
  });
}
