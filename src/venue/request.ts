/** One HTTP request as it reached the venue. */
export interface VenueRequest {
  readonly method: string;
  readonly path: string;
  /** Raw query text without `?`, byte for byte: it was signed. */
  readonly query: string;
  /** Raw body text, byte for byte: it was signed. */
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who asks: limits are counted by it. */
  readonly address: string;
}

export interface VenueResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How an answer leaves the venue. */
export type Delivery =
  | { readonly kind: 'reply'; readonly response: VenueResponse; readonly copies: 1 | 2 }
  /** Nothing ever comes; the connection stays open. */
  | { readonly kind: 'silence' }
  /** The connection breaks: in the middle of the body, or before a byte when there is no response. */
  | { readonly kind: 'reset'; readonly response: VenueResponse | null };

/** The venue's end of a message channel. */
export interface ChannelLink {
  /** Where the client is; absent: unknown. */
  readonly address?: string;
  send(text: string): void;
  /** Ends the channel from the venue's side. */
  close(detail: string): void;
}

/** What the venue does with a channel that a client opened. */
export interface ChannelSession {
  receive(text: string): void;
  /** The channel is gone; nothing is sent to it any more. */
  closed(): void;
}
