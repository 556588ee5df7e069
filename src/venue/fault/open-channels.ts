/** A channel some client holds open now. */
export interface OpenChannel {
  readonly channelId: number;
  readonly path: string;
  readonly close: (detail: string) => void;
}

/** Every channel that is open, so that faults can cut them. */
export class OpenChannels {
  private readonly open = new Map<number, OpenChannel>();

  add(channel: OpenChannel): void {
    this.open.set(channel.channelId, channel);
  }

  remove(channelId: number): void {
    this.open.delete(channelId);
  }

  cutOne(channelId: number, detail: string): void {
    this.open.get(channelId)?.close(detail);
  }

  /** Ends every channel under the path; gives how many. */
  cut(path: string, detail: string): number {
    const concerned = [...this.open.values()].filter((channel) => channel.path.startsWith(path));
    for (const channel of concerned) channel.close(detail);
    return concerned.length;
  }
}
