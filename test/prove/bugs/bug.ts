/** A piece of text in the place of another. */
interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A fault somebody once made, or could make. */
export interface Bug extends Edit {
  readonly name: string;
  /** What has to go as well where two stand in for each other. */
  readonly also?: Edit;
  /** The invariant it breaks, by number. */
  readonly breaks: string;
  /** Test files, of which one must turn red. */
  readonly caughtBy: readonly string[];
}
