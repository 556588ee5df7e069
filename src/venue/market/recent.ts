/** Keeps the `capacity` values used last and makes the others anew: memory stays bounded, reads stay random. */
export class Recent<T> {
  private readonly values = new Map<number, T>();
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The value of `key`, made by `make` unless it is kept. */
  get(key: number, make: () => T): T {
    const kept = this.values.get(key);
    const value = kept ?? make();
    if (kept !== undefined) this.values.delete(key);
    this.values.set(key, value);
    if (this.values.size > this.capacity) this.forgetOldest();
    return value;
  }

  private forgetOldest(): void {
    const oldest = this.values.keys().next();
    if (oldest.done !== true) this.values.delete(oldest.value);
  }
}
