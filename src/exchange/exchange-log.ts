/** Tells the operator of something that needs attention: fixed text, what varies in `fields`. */
export type ExchangeLog = (message: string, fields?: Readonly<Record<string, unknown>>) => void;
