/** How a price stands to the one before it; a price that rests keeps the direction it came from. */
export type TickDirection = 'PlusTick' | 'ZeroPlusTick' | 'MinusTick' | 'ZeroMinusTick';

export function tickDirection(before: number, now: number, last: TickDirection): TickDirection {
  if (now > before) return 'PlusTick';
  if (now < before) return 'MinusTick';
  return last === 'PlusTick' || last === 'ZeroPlusTick' ? 'ZeroPlusTick' : 'ZeroMinusTick';
}
