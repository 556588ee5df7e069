/** The first column to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...(rows.length === 0 ? [['(none)']] : rows)];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart((widths[column] ?? 0) + 2),
      )
      .join('')
      .trimEnd(),
  );
}

/** Minute of a moment, UTC. */
export function minuteOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** With thousands apart. */
export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** With its sign. */
export function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
}

/** Two decimals; `none` for null. */
export function money(value: number | null): string {
  return value === null ? 'none' : value.toFixed(2);
}

/** One decimal; `none` for null. */
export function percent(value: number | null): string {
  return value === null ? 'none' : `${value.toFixed(1)} %`;
}
