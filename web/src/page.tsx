import { SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ActivityPanel } from './features/activity/activity-panel.tsx';
import { AutoBotCard } from './features/auto-bot/auto-bot-card.tsx';
import { DecisionDrawer } from './features/decision/decision-drawer.tsx';
import { Banner } from './features/header/banner.tsx';
import { Header } from './features/header/header.tsx';
import { PositionPanel } from './features/position/position-panel.tsx';
import { ScanPanel } from './features/scan/scan-panel.tsx';
import { useCell } from './live/cell.ts';
import { usePage } from './page-context.ts';
import { PAGE_TEXT as TEXT } from './text.ts';

interface PageProps {
  /** Coin whose decision is open; null for none. */
  readonly coin: string | null;
  readonly onCoinClosed: () => void;
}

const PANES = ['scan', 'positions', 'activity'] as const;
type Pane = (typeof PANES)[number];

/** The whole screen. On a phone one pane shows at a time; the rest is the same page. */
export function Page({ coin, onCoinClosed }: PageProps) {
  const [pane, setPane] = useState<Pane>('scan');
  const isStale = useCell(usePage().live.pulse).isStale;

  useEffect(() => {
    document.documentElement.dataset['stale'] = String(isStale);
  }, [isStale]);

  return (
    <div className="page">
      <Header />
      <Banner />
      <main className="panes" data-pane={pane}>
        <ScanPanel />
        <div className="rail">
          <AutoBotCard />
          <PositionPanel />
        </div>
        <ActivityPanel />
      </main>
      <nav className="pane-switch" aria-label={TEXT.panes}>
        <SegmentedControl
          fullWidth
          size="md"
          value={pane}
          onChange={(value) => setPane(PANES.find((one) => one === value) ?? 'scan')}
          data={PANES.map((one) => ({ value: one, label: TEXT.pane[one] }))}
        />
      </nav>
      <DecisionDrawer symbol={coin} onClose={onCoinClosed} />
    </div>
  );
}
