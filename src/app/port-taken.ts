import { findPortHolder, type PortHolder } from '../platform/port-holder.ts';

/** Why a service cannot listen, for a person: the port, who holds it where the system tells, and the way out. */
export function takenText(
  { service, port }: { readonly service: string; readonly port: number },
  held: PortHolder | null,
): string {
  const holder = held === null ? 'another process' : `process ${held.pid} (${held.command})`;
  return (
    `Port ${port}, which the ${service} service needs, is taken by ${holder}. ` +
    `End that process, or choose another port with INFOBOT_${service.toUpperCase()}_PORT.`
  );
}

/** An error of a port that is taken, in that sentence; any other error as it is. */
export async function sayingPort(error: unknown, service: string): Promise<unknown> {
  if (!isTaken(error)) return error;
  const { port } = error;
  return new Error(takenText({ service, port }, await findPortHolder(port)));
}

function isTaken(error: unknown): error is Error & { readonly port: number } {
  if (!(error instanceof Error) || !('code' in error) || !('port' in error)) return false;
  return error.code === 'EADDRINUSE' && typeof error.port === 'number';
}
