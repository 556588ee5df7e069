import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Session } from '../../src/api/auth.ts';
import { Client } from './client.ts';
import { beginSession, type SessionEnd, type SessionStart } from './features/session/begin-session.ts';
import { SignInPage } from './features/session/sign-in-page.tsx';
import { SESSION_TEXT } from './features/session/text.ts';
import { LiveFeed } from './live/live-feed.ts';
import { createLiveState } from './live/live-state.ts';
import { Page } from './page.tsx';
import { PageProvider } from './page-context.ts';
import { tellFault } from './tell.ts';

/** One attempt to sign in per code: a second render must not spend it twice. */
const attempts = new Map<number, Promise<SessionStart>>();
const SIGNED_OUT: SessionEnd = { kind: 'signed-out', notice: SESSION_TEXT.signedOut };

/** The door: the page with a session, the way in without one. */
export function App({ code }: { readonly code: string | null }) {
  const [start, setStart] = useState<SessionStart | null>(null);
  const [attempt, setAttempt] = useState(0);
  const client = useMemo(() => new Client(() => setStart(SIGNED_OUT)), []);

  useEffect(() => {
    let isCurrent = true;
    const running = attempts.get(attempt) ?? beginSession(client, attempt === 0 ? code : null);
    attempts.set(attempt, running);
    running.then(
      (begun) => isCurrent && setStart(begun),
      (error: unknown) => isCurrent && setStart({ kind: 'unreachable', notice: String(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, code, attempt]);

  if (start?.kind === 'signed-in') {
    return <SignedIn client={client} session={start.session} onSignedOut={() => setStart(SIGNED_OUT)} />;
  }
  return <SignInPage start={start} onRetry={() => setAttempt((before) => before + 1)} />;
}

interface SignedInProps {
  readonly client: Client;
  readonly session: Session;
  readonly onSignedOut: () => void;
}

function SignedIn({ client, session, onSignedOut }: SignedInProps) {
  const live = useMemo(createLiveState, []);
  const feed = useRef<LiveFeed | null>(null);
  const [coin, setCoin] = useState<string | null>(null);

  useEffect(() => {
    const started = new LiveFeed(client, live);
    feed.current = started;
    started.start();
    return () => started.stop();
  }, [client, live]);

  const signOut = useCallback(() => {
    // A failed sign-out leaves the session alive: saying otherwise would be a lie.
    client.logout().then(onSignedOut, (error: unknown) => tellFault(SESSION_TEXT.signOutFailed, error));
  }, [client, onSignedOut]);
  const reload = useCallback(() => feed.current?.reload(), []);
  const page = useMemo(
    () => ({ client, live, session, reload, signOut, openCoin: setCoin }),
    [client, live, session, reload, signOut],
  );

  return (
    <PageProvider value={page}>
      <Page coin={coin} onCoinClosed={() => setCoin(null)} />
    </PageProvider>
  );
}
