import { createServer } from 'node:net';
import { findPortHolder, type PortHolder } from './port-holder.ts';

/**
 * Whether a service can listen on a port. `taken` names the process that holds it where the system tells
 * (Linux, and only processes this user may look into); else `holder` is null.
 */
export type PortCheck =
  | { readonly kind: 'free' }
  | { readonly kind: 'taken'; readonly holder: PortHolder | null }
  | { readonly kind: 'refused'; readonly detail: string };

/** Tries to listen on the port and lets go at once. Never touches the process that holds it. */
export async function checkPort(target: {
  readonly host: string;
  readonly port: number;
}): Promise<PortCheck> {
  const error = await tryListen(target);
  if (error === null) return { kind: 'free' };
  if (error.code === 'EADDRINUSE') return { kind: 'taken', holder: await findPortHolder(target.port) };
  return { kind: 'refused', detail: error.message };
}

function tryListen(target: { readonly host: string; readonly port: number }): Promise<SystemError | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: SystemError) => resolve(error));
    server.listen({ ...target, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

interface SystemError extends Error {
  readonly code?: string;
}
