/** What an address has sent lately, as one process leaves it to the next. */
export interface AddressUse {
  /** When requests were let go, UTC ms, and how many; those of the last window. */
  readonly sent: readonly (readonly [atMs: number, count: number])[];
  /** How many more may have been let go since without a further word. */
  readonly ahead: number;
  /** Until when the exchange shuts the address out, UTC ms, and for how long it did; null: it does not. */
  readonly ban: { readonly untilMs: number; readonly lengthMs: number } | null;
}

/** Where the use of an address outlives the process that made it. */
export interface UseMark {
  /** Null: nothing was ever noted. */
  read(): AddressUse | 'unreadable' | null;
  /** Replaces what was noted. Waits for nothing and never throws: what it costs to lose is a little caution. */
  note(use: AddressUse): void;
}
