import type { FastifyReply } from 'fastify';
import type { CancelTimer, Time } from '../platform/time.ts';
import type { AccessApi } from './access-api.ts';
import type { HttpLog } from './answer-error.ts';

/** An ended session loses its live streams within this time. */
const CHECK_MS = 1000;

/** Live streams by session: they end with it, by sign-out at once and by age or revocation within a second. */
export class SessionStreams {
  private readonly access: Pick<AccessApi, 'sessionLives'>;
  private readonly time: Time;
  private readonly log: HttpLog;
  private readonly open = new Map<string, Set<FastifyReply>>();
  private cancelCheck: CancelTimer | null = null;

  constructor(options: {
    readonly access: Pick<AccessApi, 'sessionLives'>;
    readonly time: Time;
    readonly log: HttpLog;
  }) {
    this.access = options.access;
    this.time = options.time;
    this.log = options.log;
  }

  /** Remembers a stream until it closes. */
  add(secret: string, reply: FastifyReply): void {
    const streams = this.open.get(secret) ?? new Set();
    this.open.set(secret, streams.add(reply));
    reply.raw.on('close', () => {
      streams.delete(reply);
      if (streams.size === 0 && this.open.get(secret) === streams) this.open.delete(secret);
    });
    if (this.cancelCheck === null) this.schedule();
  }

  /** Cuts the streams of a session that has ended. */
  end(secret: string): void {
    for (const reply of this.open.get(secret) ?? []) reply.raw.destroy();
    this.open.delete(secret);
  }

  close(): void {
    this.cancelCheck?.();
    this.cancelCheck = null;
    for (const secret of [...this.open.keys()]) this.end(secret);
  }

  private schedule(): void {
    this.cancelCheck = this.time.after(CHECK_MS, () => {
      this.cancelCheck = null;
      this.check().catch((error: unknown) => {
        this.log.error('sessions of open streams could not be checked', { error });
      });
      if (this.open.size > 0) this.schedule();
    });
  }

  private async check(): Promise<void> {
    for (const secret of [...this.open.keys()]) {
      if (!(await this.access.sessionLives(secret))) this.end(secret);
    }
  }
}
