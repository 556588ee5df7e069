import { Alert, Button, Code } from '@mantine/core';
import { Mark } from '../header/mark.tsx';
import type { SessionEnd } from './begin-session.ts';
import { SESSION_TEXT as TEXT } from './text.ts';
import './session.css';

interface SignInPageProps {
  /** Null while the session is being asked for. */
  readonly start: SessionEnd | null;
  readonly onRetry: () => void;
}

/** What stands here without a session: how to get in, or why it did not work. */
export function SignInPage({ start, onRetry }: SignInPageProps) {
  if (start === null) {
    return (
      <main className="sign-in" aria-busy="true">
        <p role="status">{TEXT.checking}</p>
      </main>
    );
  }
  return (
    <main className="sign-in">
      <section className="sign-in-card panel" aria-labelledby="sign-in-title">
        <Mark />
        <h1 id="sign-in-title">{TEXT.title}</h1>
        {start.notice !== null && (
          <Alert color="yellow" variant="outline" role="alert">
            {start.notice}
          </Alert>
        )}
        <p>{TEXT.how}</p>
        <ol>
          {TEXT.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <Code block>{TEXT.command}</Code>
        {start.kind === 'unreachable' && <Button onClick={onRetry}>{TEXT.retry}</Button>}
        <p className="dim">{TEXT.safe}</p>
      </section>
    </main>
  );
}
