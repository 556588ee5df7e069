/**
 * Seeded random numbers (splitmix32 + sfc32 mix). The same seed gives the same sequence on every machine.
 * Not for secrets.
 */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

/** Mixes numbers and text into one 32-bit seed; order matters. */
export function seedOf(...parts: readonly (number | string)[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) hash = typeof part === 'number' ? mixNumber(hash, part) : mixText(hash, part);
  return hash >>> 0;
}

/** A generator with its own state. */
export function rng(seed: number): Rng {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix32(state) / 4294967296;
  };
  return { next, integer: (bound) => Math.floor(next() * bound), normal: () => normalFrom(next) };
}

function normalFrom(next: () => number): number {
  const u = 1 - next();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * next());
}

function mix32(value: number): number {
  let z = value >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

function mixNumber(hash: number, value: number): number {
  const low = value | 0;
  const high = Math.floor(value / 4294967296) | 0;
  return mix32(mix32(hash ^ low) + high + 0x85ebca6b);
}

function mixText(hash: number, text: string): number {
  let mixed = hash;
  for (let i = 0; i < text.length; i += 1) mixed = mix32(mixed ^ (text.charCodeAt(i) + 0x100));
  return mixed;
}
