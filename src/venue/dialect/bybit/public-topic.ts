import type { InstrumentId } from '../../../core/domain/instrument.ts';
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
  /** An account of this venue has traded; told by the next messages. */
  note?(fill: MatchingFill): void;
  /** An order of this venue has come, changed or gone, and with it the book of the instrument. */
  touch?(instrumentId: InstrumentId): void;
}

/** Who listens to a topic. */
export interface Audience {
  readonly topic: PublicTopic;
  readonly listeners: Set<ChannelLink>;
}
