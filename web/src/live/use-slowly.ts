import { useEffect, useState } from 'react';
import { later, steadyTimeMs } from '../browser.ts';
import type { Cell } from './cell.ts';

/** The cell's value, but renewed at most once per `intervalMs`: for what should not jump while it is read. */
export function useSlowly<T>(cell: Cell<T>, intervalMs: number): T {
  const [seen, setSeen] = useState(cell.get());
  useEffect(() => {
    let cancel: (() => void) | null = null;
    let lastMs = Number.NEGATIVE_INFINITY;
    const take = () => {
      cancel = null;
      lastMs = steadyTimeMs();
      setSeen(cell.get());
    };
    const changed = () => {
      if (cancel !== null) return;
      const waitMs = lastMs + intervalMs - steadyTimeMs();
      if (waitMs <= 0) take();
      else cancel = later(waitMs, take);
    };
    const end = cell.subscribe(changed);
    changed();
    return () => {
      end();
      cancel?.();
    };
  }, [cell, intervalMs]);
  return seen;
}
