/** One HTTP request, relative to the exchange's base. Signing has already happened. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Raw query text without `?`; empty for none. Sent byte for byte: it was signed. */
  readonly query: string;
  /** Raw JSON text; empty for none. Sent byte for byte: it was signed. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * What became of a request. `not-sent`: no byte can have reached the exchange. `no-answer`: it may have
 * been carried out. A response of any status is `answered`.
 */
export type HttpOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'not-sent'; readonly detail: string }
  | { readonly kind: 'no-answer'; readonly detail: string };

export interface ChannelHandlers {
  readonly onOpen: () => void;
  readonly onMessage: (text: string) => void;
  /** Called once; no message follows. */
  readonly onClose: (detail: string) => void;
}

/** An open, opening or closed message channel. */
export interface Channel {
  /** False when the channel is not open: nothing was sent. */
  send(text: string): boolean;
  close(): void;
}

/** How an adapter reaches an exchange: sockets in production, the venue in one process in tests. */
export interface Transport {
  request(request: HttpRequest): Promise<HttpOutcome>;
  /** `path` such as `/v5/public/linear`. */
  openChannel(path: string, handlers: ChannelHandlers): Channel;
}
