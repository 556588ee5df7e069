/** The one place of the page that touches the browser's clock, timers and randomness. */

/** Milliseconds UTC by this computer's clock. */
export function browserTimeMs(): number {
  return Date.now();
}

/** Milliseconds on a clock that never jumps; for ages and delays. */
export function steadyTimeMs(): number {
  return performance.now();
}

/** Calls `run` every `intervalMs`; the returned function ends it. */
export function repeat(intervalMs: number, run: () => void): () => void {
  const id = setInterval(run, intervalMs);
  return () => clearInterval(id);
}

/** Calls `run` once after `delayMs` unless the returned function is called before. */
export function later(delayMs: number, run: () => void): () => void {
  const id = setTimeout(run, delayMs);
  return () => clearTimeout(id);
}

/** Without a key or pointer for this long, the page stops asking by itself, so that an idle session can end. */
const IDLE_AFTER_MS = 10 * 60_000;
let lastInputMs = performance.now();
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const) {
  window.addEventListener(
    kind,
    () => {
      lastInputMs = performance.now();
    },
    { passive: true },
  );
}

/** Whether somebody has touched this page lately and can see it. */
export function isPersonHere(): boolean {
  return document.visibilityState === 'visible' && performance.now() - lastInputMs < IDLE_AFTER_MS;
}

/** 128 random bits as hex: names one command, so that a repeated request is not a repeated act. */
export function commandKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
