import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';

/** Where a key leads from row `at`; rows are named by their place in the list. */
const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + PAGE_ROWS,
  PageUp: (at) => at - PAGE_ROWS,
  Home: () => 0,
  End: (_at, last) => last,
};
const PAGE_ROWS = 12;

interface RowKeysOptions {
  readonly symbols: readonly string[];
  readonly scroll: RefObject<HTMLDivElement | null>;
  /** Brings a row into view, and with that into the document. */
  readonly show: (index: number) => void;
}

/**
 * Keyboard of a list of hundreds of rows: Tab enters and leaves it in one step, arrows move inside. `current` is
 * the row that was last in focus; null before.
 */
export function useRowKeys({ symbols, scroll, show }: RowKeysOptions) {
  const [current, setCurrent] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);

  // After every render: the row that is to have the focus may have come into the document only now.
  useEffect(() => {
    if (wanted.current === null) return;
    const row = scroll.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(wanted.current)}"]`);
    if (row === undefined || row === null) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });

  const onFocus = (event: FocusEvent) => setCurrent(rowOf(event.target));
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    const at = symbols.indexOf(rowOf(event.target) ?? '');
    if (move === undefined || at === -1) return;
    event.preventDefault();
    const last = symbols.length - 1;
    const next = Math.min(last, Math.max(0, move(at, last)));
    wanted.current = symbols[next] ?? null;
    setCurrent(wanted.current);
    show(next);
  };
  return { current, onFocus, onKeyDown };
}

function rowOf(target: EventTarget): string | null {
  return target instanceof HTMLElement ? (target.dataset['row'] ?? null) : null;
}
