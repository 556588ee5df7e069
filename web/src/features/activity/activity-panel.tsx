import { Button, Tabs } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useCell } from '../../live/cell.ts';
import type { Journal, JournalPage } from '../../live/journal.ts';
import type { Part } from '../../live/live-state.ts';
import { usePage } from '../../page-context.ts';
import { DecisionLog } from './decision-log.tsx';
import { EventLog } from './event-log.tsx';
import { ACTIVITY_TEXT as TEXT } from './text.ts';
import { TradeLog } from './trade-log.tsx';
import './activity.css';

/** What has happened: decisions with their reasons, closed trades, events. */
export function ActivityPanel() {
  const { live, client } = usePage();
  return (
    <section className="panel activity" aria-label={TEXT.title}>
      <Tabs defaultValue="decisions" keepMounted={false} className="activity-tabs">
        <Tabs.List>
          <Tabs.Tab value="decisions">{TEXT.tabs.decisions}</Tabs.Tab>
          <Tabs.Tab value="trades">{TEXT.tabs.trades}</Tabs.Tab>
          <Tabs.Tab value="events">{TEXT.tabs.events}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="decisions">
          <Filled
            journal={live.decisions}
            part="decisions"
            read={client.decisions}
            empty={TEXT.noDecisions}
            list={(decisions, below) => <DecisionLog decisions={decisions} below={below} />}
          />
        </Tabs.Panel>
        <Tabs.Panel value="trades">
          <Filled
            journal={live.trades}
            part="trades"
            read={client.trades}
            empty={TEXT.noTrades}
            list={(trades, below) => <TradeLog trades={trades} below={below} />}
          />
        </Tabs.Panel>
        <Tabs.Panel value="events">
          <Filled
            journal={live.events}
            part="events"
            read={client.events}
            empty={TEXT.noEvents}
            list={(events, below) => <EventLog events={events} below={below} />}
          />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

interface OlderProps<T> {
  readonly journal: Journal<T>;
  readonly read: (cursor: string) => Promise<JournalPage<T>>;
}

interface FilledProps<T> extends OlderProps<T> {
  readonly part: Part;
  readonly empty: string;
  /** Draws the entries, and below them the way to older ones. */
  readonly list: (entries: readonly T[], below: ReactNode) => ReactNode;
}

/** The list, or in words why there is none. */
function Filled<T>({ journal, part, read, empty, list }: FilledProps<T>) {
  const entries = useCell(journal.entries);
  const isUnread = useCell(usePage().live.faults).has(part);
  if (entries === null) {
    return (
      <p className="empty" role="status">
        {isUnread ? TEXT.unread : TEXT.loading}
      </p>
    );
  }
  if (entries.length === 0) return <p className="empty">{empty}</p>;
  return list(entries, <Older journal={journal} read={read} />);
}

function Older<T>({ journal, read }: OlderProps<T>) {
  const older = useCell(journal.older);
  const [isReading, setIsReading] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (older === 'full') return <p className="log-older dim">{TEXT.full}</p>;
  if (older !== 'more') return null;
  const load = () => {
    setIsReading(true);
    setFault(null);
    journal
      .loadOlder(read)
      .catch((error: unknown) => setFault(error instanceof Error ? error.message : String(error)))
      .finally(() => setIsReading(false));
  };
  return (
    <p className="log-older">
      <Button size="compact-sm" variant="default" loading={isReading} onClick={load}>
        {TEXT.older}
      </Button>
      {fault !== null && (
        <span className="warn" role="alert">
          {TEXT.olderFailed}
          {fault}
        </span>
      )}
    </p>
  );
}
