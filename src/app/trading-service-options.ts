import type { Rng } from '../core/base/rng.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import type { HaltLatch } from '../trading/halt-latch.ts';
import type { VersionedSettings } from './settings-history.ts';

/** What a trading service works on. */
export interface TradingServiceOptions {
  readonly exchange: Exchange;
  readonly store: Store;
  readonly time: Time;
  readonly rng: Rng;
  readonly accountId: string;
  /** Six letters and digits drawn for this process: they tell it from a copy. */
  readonly instance: string;
  /** Read before every entry leaves. */
  readonly latch: HaltLatch;
  /** Settings to use; they are already stored. */
  readonly settings: Pick<VersionedSettings, 'version' | 'settings' | 'instruments'>;
  readonly report: (message: string) => void;
  /** A broken invariant has stopped trading for good: end the process, the next start recovers. */
  readonly onBroken: (detail: string) => void;
  /** The engine knows what was remembered and has made no step of it yet. */
  readonly beforeFirstStep?: (engine: Engine) => void;
}
