import type { FailureCode, StartFailure } from './start-failure.ts';

/** What a service tells the supervisor that started it. */
export type ChildMessage =
  | { readonly kind: 'ready'; readonly url: string }
  | ({ readonly kind: 'failed' } & StartFailure);

/** Tells the supervisor; without one (a service started by hand) it does nothing. */
export function tellSupervisor(message: ChildMessage): void {
  process.send?.(message);
}

/** Null for anything that is no message of ours. */
export function parseChildMessage(value: unknown): ChildMessage | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  if (value.kind === 'ready' && 'url' in value && typeof value.url === 'string') {
    return { kind: 'ready', url: value.url };
  }
  if (value.kind === 'failed' && 'detail' in value && typeof value.detail === 'string') {
    return { kind: 'failed', detail: value.detail, code: 'code' in value ? codeOf(value.code) : 1 };
  }
  return null;
}

function codeOf(value: unknown): FailureCode {
  return value === 2 || value === 3 ? value : 1;
}
