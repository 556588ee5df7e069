import type { StreamTopic } from '../api/stream.ts';
import type { StreamMessage } from '../http/bots-api.ts';

type Listener = (message: StreamMessage) => void;

/** Who listens to which topic, and what each topic last said. Every message is serialised once. */
export class LiveTopics {
  private readonly listeners = new Map<Listener, ReadonlySet<StreamTopic>>();
  private readonly lastTexts = new Map<StreamTopic, string>();

  /** Sends `value` to the topic's listeners. */
  publish(topic: StreamTopic, value: unknown): void {
    if (!this.isHeard(topic)) return;
    this.send({ topic, json: JSON.stringify(value) });
  }

  /** Sends `value` when it differs from what the topic said last. */
  publishChange(topic: StreamTopic, value: unknown): void {
    const json = JSON.stringify(value);
    if (this.lastTexts.get(topic) === json) return;
    this.lastTexts.set(topic, json);
    this.send({ topic, json });
  }

  /** Whether anybody listens to the topic: what nobody hears need not be made. */
  isHeard(topic: StreamTopic): boolean {
    for (const topics of this.listeners.values()) if (topics.has(topic)) return true;
    return false;
  }

  /** Gives the way to leave. */
  subscribe(topics: readonly StreamTopic[], listener: Listener): () => void {
    this.listeners.set(listener, new Set(topics));
    return () => {
      this.listeners.delete(listener);
    };
  }

  private send(message: StreamMessage): void {
    for (const [listener, topics] of this.listeners) if (topics.has(message.topic)) listener(message);
  }
}
