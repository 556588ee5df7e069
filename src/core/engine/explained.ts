import type { DecisionRecord } from './decision.ts';

/** What was said of one candle: its open time, then outcome, refusal, order and vetoes by their codes. */
export interface Explained {
  readonly candleOpenTimeMs: number;
  readonly said: readonly string[];
}

/** Before anything was said: no candle opens then, and none is said of twice. */
export const UNEXPLAINED: Explained = { candleOpenTimeMs: Number.NaN, said: [] };

/** What a record would say, as far as a difference is worth telling. */
export function explainedBy({
  signal,
  outcome,
  refusal,
  clientOrderId,
  verdicts,
}: DecisionRecord): Explained {
  const said: string[] = [outcome, refusal?.code ?? '', clientOrderId ?? ''];
  for (const { kind, code } of verdicts) if (kind === 'veto') said.push(code);
  return { candleOpenTimeMs: signal.candleOpenTimeMs, said };
}

/** True when the same is said of the same candle. */
export function isSame(a: Explained, b: Explained): boolean {
  if (a.candleOpenTimeMs !== b.candleOpenTimeMs || a.said.length !== b.said.length) return false;
  for (let place = 0; place < a.said.length; place += 1) if (a.said[place] !== b.said[place]) return false;
  return true;
}

/** As a snapshot holds it; empty before anything was said. */
export function explainedText({ candleOpenTimeMs, said }: Explained): string {
  return said.length === 0 ? '' : `${candleOpenTimeMs} ${said.join(' ')}`;
}

/** What `explainedText` made a text of. */
export function parseExplained(text: string): Explained {
  const [openTimeMs, ...said] = text.split(' ');
  return said.length === 0 ? UNEXPLAINED : { candleOpenTimeMs: Number(openTimeMs), said };
}
