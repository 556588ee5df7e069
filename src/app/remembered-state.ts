import { type EngineSnapshot, parseEngineSnapshot } from '../core/engine/snapshot.ts';
import { StoreError } from '../store/store.ts';

/**
 * The stored trading state as the engine takes it; the market is rebuilt from the exchange. Throws when it
 * cannot be read (`StoreError`, `corrupt`): a start never pretends that there is nothing.
 */
export function parseRemembered(stateJson: string): EngineSnapshot {
  const snapshot = parseEngineSnapshot(JSON.parse(stateJson));
  if (snapshot !== null) return snapshot;
  throw new StoreError(
    'corrupt',
    'The stored trading state cannot be read: it was written by another version of InfoBot or is damaged. ' +
      'Start the version that wrote it, or restore a backup; positions keep their stops at the exchange.',
  );
}
