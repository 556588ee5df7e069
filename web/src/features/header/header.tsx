import { ActionIcon, Badge, Tooltip, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Status } from '../../../../src/api/status.ts';
import { dateAndTime, money } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { usePage } from '../../page-context.ts';
import { HaltButton } from '../halt/halt-button.tsx';
import { MoonIcon, SignOutIcon, SunIcon } from './icons.tsx';
import { Mark } from './mark.tsx';
import { HEADER_TEXT as TEXT } from './text.ts';
import './header.css';

const MODE_COLOR = {
  starting: 'gray',
  reconciling: 'yellow',
  ready: 'teal',
  'reduce-only': 'orange',
  halted: 'red',
} as const;

/** Where we are, how it is, how old the figures are, and who is looking. */
export function Header() {
  const { live, session, signOut } = usePage();
  const status = useCell(live.status);
  return (
    <header className="header">
      <div className="header-brand">
        <Mark />
        <h1>{TEXT.product}</h1>
      </div>
      {status === null ? (
        <span className="dim" role="status">
          {TEXT.loadingStatus}
        </span>
      ) : (
        <StatusLine status={status} />
      )}
      <div className="header-end">
        <HaltButton />
        <Noted note={TEXT.session(session.name, session.role)} className="header-person">
          {session.name}
        </Noted>
        <a className="header-link" href="/api/docs" target="_blank" rel="noopener noreferrer">
          {TEXT.api}
        </a>
        <ThemeToggle />
        <Tooltip label={TEXT.signOut}>
          <ActionIcon variant="subtle" color="gray" aria-label={TEXT.signOut} onClick={signOut}>
            <SignOutIcon />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

function StatusLine({ status }: { readonly status: Status }) {
  const isReal = status.place === 'live';
  return (
    <>
      <div className="header-place">
        <Badge color={isReal ? 'red' : 'violet'} variant="filled" radius="sm" className="place-badge">
          {status.place}
        </Badge>
        {status.notice !== null && (
          <Noted note={status.notice} className="header-notice">
            {status.notice}
          </Noted>
        )}
      </div>
      <div className="header-facts">
        <Noted note={modeNote(status)} className="header-mode">
          <Badge color={MODE_COLOR[status.mode]} variant="light" radius="sm">
            {TEXT.mode[status.mode]}
          </Badge>
        </Noted>
        <span>{status.exchange}</span>
        <DataAge />
        <Equity account={status.account} />
      </div>
    </>
  );
}

function modeNote({ mode, modeReason, modeSinceMs }: Status): string {
  return `${TEXT.modeMeaning[mode]} ${modeReason} ${TEXT.modeSince(dateAndTime(modeSinceMs))}`;
}

interface NotedProps {
  readonly note: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** Something with more to say, for pointer, keyboard and touch alike. */
function Noted({ note, className, children }: NotedProps) {
  return (
    <Tooltip label={note} multiline maw={420} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={`noted ${className}`}>
        {children}
      </button>
    </Tooltip>
  );
}

function DataAge() {
  const pulse = useCell(usePage().live.pulse);
  const { ageSeconds } = pulse;
  const text = ageSeconds !== null && ageSeconds > 0 ? `${ageSeconds} s` : TEXT.ageLive;
  return (
    <span className="header-fact data-age" data-stale={pulse.isStale}>
      <span className="fact-name">{TEXT.age}</span>
      <b>{ageSeconds === null ? TEXT.ageUnknown : text}</b>
    </span>
  );
}

function Equity({ account }: { readonly account: Status['account'] }) {
  const note =
    account === null
      ? TEXT.equityUnknown
      : TEXT.equityNote(money(Number(account.available)), dateAndTime(account.asOfMs));
  return (
    <Noted note={note} className="header-fact live-figure">
      <span className="fact-name">{TEXT.equity}</span>
      <b>{money(account === null ? null : Number(account.equity))}</b>
      <span className="dim">USDT</span>
    </Noted>
  );
}

function ThemeToggle() {
  // Holding transitions back during the change would inject a style, which the page's policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const isDark = colorScheme !== 'light';
  const label = isDark ? TEXT.toLight : TEXT.toDark;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <SunIcon /> : <MoonIcon />}
      </ActionIcon>
    </Tooltip>
  );
}
