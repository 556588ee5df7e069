/** The key of the account at the bench's venue: play money. */
export const VENUE_KEY = { apiKey: 'benchkey', apiSecret: 'bench-secret-of-no-value' };
