import type { ReactNode } from 'react';
import type { EventView } from '../../../../src/api/position.ts';
import { browserTimeMs } from '../../browser.ts';
import { dateAndTime, timeOfDay } from '../../format.ts';
import { usePage } from '../../page-context.ts';
import { CoinName } from '../scan/coin-name.tsx';
import { LogTable } from './log-table.tsx';
import { ACTIVITY_TEXT as TEXT } from './text.ts';

const { columns } = TEXT;
const HEADINGS = [columns.time, columns.severity, columns.coin, columns.message];

interface EventLogProps {
  readonly events: readonly EventView[];
  /** Stands below the last entry. */
  readonly below: ReactNode;
}

/** What the bot had to say: orders, stops, faults, commands. */
export function EventLog({ events, below }: EventLogProps) {
  return (
    <LogTable
      label={TEXT.tabs.events}
      columns={HEADINGS}
      layout="log-events"
      entries={events}
      below={below}
      keyOf={(event) => event.id}
      cells={(event) => <Cells event={event} />}
    />
  );
}

function Cells({ event }: { readonly event: EventView }) {
  const { openCoin } = usePage();
  const { symbol } = event;
  return (
    <>
      <td title={dateAndTime(event.timeMs)}>{timeOfDay(event.timeMs, browserTimeMs())}</td>
      <td data-severity={event.severity}>{TEXT.severity[event.severity]}</td>
      <td>
        {symbol !== null && (
          <button type="button" className="link-button" onClick={() => openCoin(symbol)}>
            <CoinName symbol={symbol} />
          </button>
        )}
      </td>
      <td title={`${event.code} ${detailText(event.detail)}`}>{event.message}</td>
    </>
  );
}

function detailText(detail: EventView['detail']): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
