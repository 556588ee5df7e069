import type { Status } from '../../../src/api/status.ts';

/** Older market figures are greyed and warned about. */
export const STALE_AFTER_MS = 5000;

/**
 * How old the market figures on screen are. Two witnesses: the server's own word of its feed, and the stream
 * that brings figures here; the older one is believed, because a live server behind a stuck stream and a live
 * stream behind a stuck market both leave old figures on screen. Times are on the page's steady clock, so a
 * wrong computer clock does not matter.
 */
export class Freshness {
  #statusAtMs: number | null = null;
  #statusAgeMs: number | null = null;
  #streamAtMs: number | null = null;
  #rowsAtMs: number | null = null;

  /** The server's word, by whichever way. */
  statusSeen(status: Status, atMs: number): void {
    this.#statusAtMs = atMs;
    this.#statusAgeMs = status.market.lastMessageAgeMs;
  }

  /** A message of the stream: what is on screen is what the server has, moved or not. */
  streamSeen(atMs: number): void {
    this.#streamAtMs = atMs;
  }

  /** Rows of the market: the feed moves. */
  rowsSeen(atMs: number): void {
    this.#rowsAtMs = atMs;
    this.#streamAtMs = atMs;
  }

  /** Null before anything is known. */
  ageMs(nowMs: number): number | null {
    const byStatus = this.#ageByStatus(nowMs);
    if (this.#streamAtMs === null) return byStatus;
    const byStream = nowMs - this.#streamAtMs;
    return byStatus === null ? byStream : Math.max(byStatus, byStream);
  }

  /** Null when rows have arrived since a status that saw nothing wrong: they are the newer word. */
  #ageByStatus(nowMs: number): number | null {
    if (this.#statusAtMs === null || this.#statusAgeMs === null) return null;
    const isWell = this.#statusAgeMs <= STALE_AFTER_MS;
    if (isWell && this.#rowsAtMs !== null && this.#rowsAtMs > this.#statusAtMs) return null;
    return this.#statusAgeMs + nowMs - this.#statusAtMs;
  }
}
