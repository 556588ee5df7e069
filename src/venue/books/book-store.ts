/** One row of the venue's books: on which shelf it stands, its name there, and what it says, as JSON. */
export interface BookRow {
  readonly shelf: string;
  readonly key: string;
  readonly text: string;
}

/** A row as it is from now on; without a text it is taken off its shelf. */
export interface BookChange {
  readonly shelf: string;
  readonly key: string;
  readonly text: string | null;
}

/** Where a venue keeps its books. A venue without one forgets everything when it ends. */
export interface BookStore {
  /** Every row, those of a shelf in the order they were first written; none in books that were just opened. */
  load(): readonly BookRow[];
  /** Keeps all changes or none, before it comes back; throws when it cannot. */
  save(changes: readonly BookChange[]): void;
}
