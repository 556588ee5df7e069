import type { EventView } from '../../../../src/api/position.ts';
import { browserTimeMs } from '../../browser.ts';
import { dateAndTime, timeOfDay } from '../../format.ts';
import { CoinName } from '../scan/coin-name.tsx';
import { LogTable } from './log-table.tsx';
import { ACTIVITY_TEXT as TEXT } from './text.ts';

const { columns } = TEXT;
const HEADINGS = [columns.time, columns.severity, columns.coin, columns.message];

/** What the bot had to say: orders, stops, faults, commands. */
export function EventLog({ events }: { readonly events: readonly EventView[] }) {
  return (
    <LogTable
      label={TEXT.tabs.events}
      columns={HEADINGS}
      layout="log-events"
      entries={events}
      keyOf={(event) => event.id}
      cells={(event) => <Cells event={event} />}
    />
  );
}

function Cells({ event }: { readonly event: EventView }) {
  return (
    <>
      <td title={dateAndTime(event.timeMs)}>{timeOfDay(event.timeMs, browserTimeMs())}</td>
      <td data-severity={event.severity}>{TEXT.severity[event.severity]}</td>
      <td>{event.symbol !== null && <CoinName symbol={event.symbol} />}</td>
      <td title={`${event.code} ${detailText(event.detail)}`}>{event.message}</td>
    </>
  );
}

function detailText(detail: EventView['detail']): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
