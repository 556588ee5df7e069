import { seedOf } from '../core/base/rng.ts';

/** Names for orders and fills: shaped like UUIDs, the same for the same seed and order of asking, never twice. */
export class OrderIds {
  private readonly seed: number;
  private readonly purpose: string;
  private count: number;

  /** `given`: how many names it has given before. */
  constructor(seed: number, purpose: string, given = 0) {
    this.seed = seed;
    this.purpose = purpose;
    this.count = given;
  }

  get given(): number {
    return this.count;
  }

  next(): string {
    this.count += 1;
    const mix = (part: number): string => hex(seedOf(this.seed, this.purpose, part, this.count), 8);
    const noise = mix(1) + mix(2);
    const tail = hex(this.count, 12);
    return `${noise.slice(0, 8)}-${noise.slice(8, 12)}-4${noise.slice(12, 15)}-8${mix(3).slice(0, 3)}-${tail}`;
  }
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, '0');
}
