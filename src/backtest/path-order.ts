/** Which extreme of a candle its prices reach first. */
export const PATH_ORDERS = ['adverse-first', 'favourable-first', 'seeded'] as const;
