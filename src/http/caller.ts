/** Who asks, as authentication found out. */
export interface Actor {
  readonly name: string;
  readonly role: 'viewer' | 'trader' | 'admin';
}

/** `cursor` is what the page before gave as `nextCursor`; null for the first page. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** A page; `nextCursor` is null on the last one. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
}
