import type { Harness } from './harness.ts';

const TELL_MS = 60_000;

/** Says how far a proof has come: at once on a terminal, once a minute in a log. */
export class Progress {
  private readonly name: string;
  private readonly seeds: number;
  private readonly startedMs = Date.now();
  private readonly lines = new Map<number, string>();
  private readonly timer: NodeJS.Timeout;
  private ended = 0;

  constructor({ name }: Harness, seeds: number) {
    this.name = name;
    this.seeds = seeds;
    this.timer = setInterval(() => process.stdout.write(`${this.text()}\n`), TELL_MS);
  }

  /** What a seed is at. */
  say(seed: number, line: string): void {
    this.lines.set(seed, line);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${this.text()}`);
  }

  done(seed: number): void {
    this.lines.delete(seed);
    this.ended += 1;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private text(): string {
    const at = [...this.lines].map(([seed, line]) => `seed ${seed}: ${line}`).join('; ');
    const minutes = ((Date.now() - this.startedMs) / 60_000).toFixed(1);
    return `${this.name}: ${this.ended} of ${this.seeds} seeds after ${minutes} minutes; ${at}`;
  }
}
