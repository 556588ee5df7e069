import type { MatchingFill } from '../../../core/matching/account-state.ts';
import type { ChannelLink } from '../../request.ts';

/** A topic of the public stream. It exists while somebody listens. */
export interface PublicTopic {
  /** The instrument whose quotes move it. */
  readonly symbol: string;
  /** What a client gets at once when it joins; null for nothing. */
  greeting(): string | null;
  /** What everybody gets now: the same text for all. `moved`: the instrument's quote changed. */
  messages(nowMs: number, moved: boolean): readonly string[];
  /** An account of this venue has traded the instrument; told by the next messages. */
  note?(fill: MatchingFill): void;
}

/** Who listens to a topic. */
export interface Audience {
  readonly topic: PublicTopic;
  readonly listeners: Set<ChannelLink>;
}
