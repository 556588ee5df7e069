import { type KeyTerms, USUAL_KEY } from './key-terms.ts';

interface Key {
  readonly apiKey: string;
  readonly uid: string;
  /** Absent: the terms of a key nobody fixed any for. */
  readonly key?: KeyTerms;
}

/** What every key of the venue may do now; terms change while it runs. */
export class KeyRing {
  private readonly owners = new Map<string, string>();
  private readonly terms = new Map<string, KeyTerms>();

  constructor(keys: readonly Key[]) {
    for (const { apiKey, uid, key } of keys) {
      this.owners.set(apiKey, uid);
      this.terms.set(apiKey, key ?? USUAL_KEY);
    }
  }

  /** Null for a key there is none of, or that was deleted. */
  termsOf(apiKey: string): KeyTerms | null {
    return this.terms.get(apiKey) ?? null;
  }

  /** Keys of an account that still exist; of all accounts for null. */
  keysOf(uid: string | null): readonly string[] {
    return [...this.terms.keys()].filter((apiKey) => uid === null || this.owners.get(apiKey) === uid);
  }

  /** New terms of a key; null deletes it. */
  change(apiKey: string, terms: KeyTerms | null): void {
    if (terms === null) this.terms.delete(apiKey);
    else this.terms.set(apiKey, terms);
  }
}
