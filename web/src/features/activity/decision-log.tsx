import type { ReactNode } from 'react';
import type { DecisionView } from '../../../../src/api/coin.ts';
import { browserTimeMs } from '../../browser.ts';
import { dateAndTime, rsi, timeOfDay } from '../../format.ts';
import { usePage } from '../../page-context.ts';
import { reasonWords } from '../decision/decision-words.ts';
import { DECISION_TEXT } from '../decision/text.ts';
import { CoinName } from '../scan/coin-name.tsx';
import { SCAN_TEXT } from '../scan/text.ts';
import { LogTable } from './log-table.tsx';
import { ACTIVITY_TEXT as TEXT } from './text.ts';

const { columns } = TEXT;
const HEADINGS = [columns.time, columns.coin, columns.signal, columns.rsi, columns.outcome, columns.reason];

interface DecisionLogProps {
  readonly decisions: readonly DecisionView[];
  /** Stands below the last entry. */
  readonly below: ReactNode;
}

/** The last decisions on coins with a signal, and why each came out as it did. */
export function DecisionLog({ decisions, below }: DecisionLogProps) {
  return (
    <LogTable
      label={TEXT.tabs.decisions}
      columns={HEADINGS}
      layout="log-decisions"
      entries={decisions}
      below={below}
      keyOf={(decision) => `${decision.symbol} ${decision.timeMs} ${decision.outcome}`}
      cells={(decision) => <Cells decision={decision} />}
    />
  );
}

function Cells({ decision }: { readonly decision: DecisionView }) {
  const { openCoin } = usePage();
  const { signal, outcome, symbol, timeMs } = decision;
  const reason = reasonWords(decision);
  return (
    <>
      <td title={dateAndTime(timeMs)}>{timeOfDay(timeMs, browserTimeMs())}</td>
      <td>
        <button type="button" className="link-button" onClick={() => openCoin(symbol)}>
          <CoinName symbol={symbol} />
        </button>
      </td>
      <td data-direction={signal.kind}>{SCAN_TEXT.signal[signal.kind]}</td>
      <td className="number">{rsi(signal.rsi)}</td>
      <td data-outcome={outcome}>{DECISION_TEXT.outcome[outcome]}</td>
      <td title={reason}>{reason}</td>
    </>
  );
}
