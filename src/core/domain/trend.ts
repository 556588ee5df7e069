/** Where price has been going; null in warm-up. */
export type Trend = 'up' | 'down' | 'neutral';
