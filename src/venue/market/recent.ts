/** Keeps the `capacity` values used last and makes the others anew: memory stays bounded, reads stay random. */
export class Recent<T> {
  private readonly values = new Map<number, T>();
  private readonly capacity: number;
  /** Asked for again and again: it needs no new place in the order. */
  private latest: { readonly key: number; readonly value: T } | null = null;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The value of `key`, made by `make` unless it is kept. */
  get(key: number, make: () => T): T {
    if (this.latest?.key === key) return this.latest.value;
    const kept = this.values.get(key);
    const value = kept ?? make();
    if (kept !== undefined) this.values.delete(key);
    this.values.set(key, value);
    if (this.values.size > this.capacity) this.forgetOldest();
    this.latest = { key, value };
    return value;
  }

  private forgetOldest(): void {
    const oldest = this.values.keys().next();
    if (oldest.done !== true) this.values.delete(oldest.value);
  }
}
