/** Whose money stands for a position: all of the account's (`cross`, by portfolio rules `portfolio`), or its margin alone. */
export type MarginMode = 'cross' | 'isolated' | 'portfolio';
