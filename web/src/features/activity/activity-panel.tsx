import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Cell } from '../../live/cell.ts';
import { useCell } from '../../live/cell.ts';
import { usePage } from '../../page-context.ts';
import { DecisionLog } from './decision-log.tsx';
import { EventLog } from './event-log.tsx';
import { ACTIVITY_TEXT as TEXT } from './text.ts';
import { TradeLog } from './trade-log.tsx';
import './activity.css';

/** What has happened lately: decisions with their reasons, closed trades, events. */
export function ActivityPanel() {
  const { live } = usePage();
  return (
    <section className="panel activity" aria-label={TEXT.title}>
      <Tabs defaultValue="decisions" keepMounted={false} className="activity-tabs">
        <Tabs.List>
          <Tabs.Tab value="decisions">{TEXT.tabs.decisions}</Tabs.Tab>
          <Tabs.Tab value="trades">{TEXT.tabs.trades}</Tabs.Tab>
          <Tabs.Tab value="events">{TEXT.tabs.events}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="decisions">
          <Filled cell={live.decisions.entries} isLoaded empty={TEXT.noDecisions}>
            {(decisions) => <DecisionLog decisions={decisions} />}
          </Filled>
        </Tabs.Panel>
        <Tabs.Panel value="trades">
          <Filled cell={live.trades.entries} empty={TEXT.noTrades}>
            {(trades) => <TradeLog trades={trades} />}
          </Filled>
        </Tabs.Panel>
        <Tabs.Panel value="events">
          <Filled cell={live.events.entries} empty={TEXT.noEvents}>
            {(events) => <EventLog events={events} />}
          </Filled>
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

interface FilledProps<T> {
  readonly cell: Cell<readonly T[] | null>;
  /** Set where nothing is loaded first, so that an empty list is not one still being read. */
  readonly isLoaded?: boolean;
  readonly empty: string;
  readonly children: (entries: readonly T[]) => ReactNode;
}

/** The list, or in words why there is none. */
function Filled<T>({ cell, isLoaded = false, empty, children }: FilledProps<T>) {
  const entries = useCell(cell);
  if (entries === null && !isLoaded) {
    return (
      <p className="empty" role="status">
        {TEXT.loading}
      </p>
    );
  }
  if (entries === null || entries.length === 0) return <p className="empty">{empty}</p>;
  return children(entries);
}
